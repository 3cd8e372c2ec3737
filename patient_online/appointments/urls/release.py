"""The addresses where a practice says who may book what, and tries it: rules, groups of patients, the preview."""

from django.urls import path

from patient_online.appointments.views import groups, preview, release

urlpatterns = [
    path("slot-types/<uuid:type_id>/rules", release.rules, name="rules"),
    path("slot-types/<uuid:type_id>/rules/add", release.add_rule, name="add_rule"),
    path("slot-types/<uuid:type_id>/rules/<uuid:rule_id>", release.change_rule, name="change_rule"),
    path("slot-types/<uuid:type_id>/rules/<uuid:rule_id>/remove", release.remove_rule, name="remove_rule"),
    path("groups", groups.groups, name="groups"),
    path("groups/add", groups.add_group, name="add_group"),
    path("groups/<uuid:group_id>", groups.group, name="group"),
    path("groups/<uuid:group_id>/rename", groups.rename_group, name="rename_group"),
    path("groups/<uuid:group_id>/add-patients", groups.join_group, name="join_group"),
    path("groups/<uuid:group_id>/members/<uuid:member_id>/remove", groups.leave_group, name="leave_group"),
    path("preview", preview.preview, name="preview"),
    path("preview/policies/<slug:name>", preview.preview_policy, name="preview_policy"),
]
