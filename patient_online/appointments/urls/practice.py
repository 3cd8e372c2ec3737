"""The addresses where a practice arranges its book: templates of sessions, single sessions, absences."""

from django.urls import path

from patient_online.appointments.views import absences, putting_back, templates, unmet, withdraw, withdrawn

urlpatterns = [
    path("templates", templates.templates, name="templates"),
    path("templates/new", templates.new_template, name="new_template"),
    path("templates/<uuid:template_id>", templates.template, name="template"),
    path("templates/<uuid:template_id>/change", templates.change_template, name="change_template"),
    path("templates/<uuid:template_id>/stop", templates.stop_template, name="stop_template"),
    path("sessions/new", templates.new_session, name="new_session"),
    path("unmet", unmet.unmet, name="unmet"),
    path("unmet.csv", unmet.unmet_file, name="unmet_file"),
    path("absences", absences.absences, name="absences"),
    path("absences/new", absences.new_absence, name="new_absence"),
    path("absences/<uuid:absence_id>/take-back", absences.take_back_absence, name="take_back_absence"),
    path("withdraw", withdraw.withdraw, name="withdraw"),
    path("withdrawn", withdrawn.withdrawn, name="withdrawn"),
    path("sessions/<uuid:schedule_id>/move", withdraw.move_session, name="move_session"),
    path("sessions/<uuid:schedule_id>/put-back", putting_back.put_back, name="put_back"),
]
