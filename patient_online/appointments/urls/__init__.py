"""Where the pages of the appointment book lie: what is booked, and what the practice arranges."""

from django.urls import include, path

app_name = "appointments"

urlpatterns = [
    path("appointments/", include("patient_online.appointments.urls.booking")),
    path("practice/", include("patient_online.appointments.urls.practice")),
    path("practice/", include("patient_online.appointments.urls.release")),
    path("practice/", include("patient_online.appointments.urls.desk")),
]
