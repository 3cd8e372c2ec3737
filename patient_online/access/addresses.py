"""Where access's pages lie: what a practice decides, what became of its messages, and a patient's inbox."""

from django.urls import include, path

from patient_online.access.views import inbox, outgoing, setup

app_name = "access"

urlpatterns = [
    path("practice/set-up", setup.setup, name="setup"),
    path("practice/", include("patient_online.access.urls")),
    path("practice/messages", outgoing.messages, name="messages"),
    path("practice/messages/<uuid:message_id>/try-again", outgoing.try_again, name="try_again"),
    path("practice/messages/<uuid:message_id>/do-not-send", outgoing.stop, name="stop_message"),
    path("practice/messages/<uuid:message_id>/print", outgoing.print_instead, name="print_instead"),
    path("practice/letters", outgoing.letters, name="letters"),
    path("practice/letters/print", outgoing.print_letters, name="print_letters"),
    path("practice/letters/printed", outgoing.printed, name="printed"),
    path("practice/letters/not-printed", outgoing.not_printed, name="not_printed"),
    path("messages", inbox.inbox, name="inbox"),
    path("messages/<uuid:message_id>", inbox.message, name="message"),
]
