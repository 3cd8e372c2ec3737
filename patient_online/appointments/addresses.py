"""Where the pages of the appointment book lie: what is booked, and what the practice arranges."""

from django.urls import include, path

app_name = "appointments"

urlpatterns = [
    path("appointments/", include("patient_online.appointments.urls")),
    path("practice/", include("patient_online.appointments.urls_practice")),
    path("practice/", include("patient_online.appointments.urls_release")),
    path("practice/", include("patient_online.appointments.urls_desk")),
]
