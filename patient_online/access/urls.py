"""The addresses where a practice decides what is online and how."""

from django.urls import path

from patient_online.access.views import closures, contact, needs, notices, practice

urlpatterns = [
    path("policies", practice.policies, name="policies"),
    path("policies/<slug:name>", practice.policy, name="policy"),
    path("services", practice.services, name="services"),
    path("services/<slug:name>", practice.service, name="service"),
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
]
