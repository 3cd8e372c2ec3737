"""The addresses where a practice decides what is online and how."""

from django.urls import path

from patient_online.access.views import (
    closures,
    contact,
    linking,
    needs,
    notices,
    practice,
    registering,
    services,
    way_back,
    work,
)

urlpatterns = [
    path("policies", practice.policies, name="policies"),
    path("policies/<slug:name>", practice.policy, name="policy"),
    path("services", services.services, name="services"),
    path("services/<slug:name>", services.service, name="service"),
    path("services/<slug:name>/history", services.history, name="service_history"),
    path("services/<slug:name>/<uuid:row_id>/take-back", services.take_back, name="take_back_switch"),
    path("notices", notices.notices, name="notices"),
    path("notices/<slug:kind>", notices.notice, name="notice"),
    path("notices/<slug:kind>/versions", notices.versions, name="versions"),
    path("notices/<slug:kind>/versions/<int:number>", notices.version, name="version"),
    path("closures", closures.closures, name="closures"),
    path("closures/new", closures.new_closure, name="new_closure"),
    path("closures/<uuid:closure_id>/take-back", closures.take_back, name="take_back"),
    path("details", practice.details, name="details"),
    path("details/contact", contact.contact, name="contact"),
    path("details/contact/<slug:route>", contact.change, name="contact_change"),
    path("details/contact/<slug:route>/code", contact.code, name="contact_code"),
    path("patients/<uuid:patient_id>/needs", needs.needs, name="needs"),
    path("patients/<uuid:patient_id>/online", registering.online, name="online"),
    path("patients/<uuid:patient_id>/online/check", registering.check, name="check"),
    path("patients/<uuid:patient_id>/online/check/<slug:how>", registering.check_seen, name="check_seen"),
    path(
        "patients/<uuid:patient_id>/online/letters/new/<uuid:check_id>",
        registering.linkage_letter,
        name="linkage_letter",
    ),
    path(
        "patients/<uuid:patient_id>/online/letters/<uuid:letter_id>/take-back",
        registering.take_back_letter,
        name="take_back_letter",
    ),
    path("claims/<uuid:link_id>", linking.end_claim, name="end_claim"),
    path("patients/<uuid:patient_id>/online/accounts/<uuid:link_id>/way-back", way_back.way_back, name="way_back"),
    path("vouching", registering.vouchers, name="vouchers"),
    path("tasks", work.work, name="work"),
    path("tasks/cover", work.cover, name="cover"),
    path("tasks/cover/<uuid:cover_id>/take-back", work.take_back_cover, name="take_back_cover"),
    path("tasks/<uuid:task_id>", work.task, name="task"),
]
