"""Text messages by GOV.UK Notify. It knows our references, so what it may have taken is never sent twice."""

from typing import Any
from uuid import UUID

import requests
import urllib3
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from patient_online.notify.kinds import Words
from patient_online.notify.providers import NotEver, NotKnown, NotNow, Unsent


class GovukNotify:
    """GOV.UK Notify, with a template whose only field is ((body))."""

    def __init__(self, key: str, template: str, url: str, *, timeout: float) -> None:
        self.template = template
        client: Any = NotificationsAPIClient  # it has no types
        self.client = client(key, base_url=url, timeout=timeout)

    def send(self, address: str, words: Words, *, reference: UUID) -> str:
        """Hand over one text message; Notify's id of it."""
        try:
            answer: Any = self.client.send_sms_notification(
                address, self.template, personalisation={"body": words.text}, reference=str(reference)
            )
        except APIError as error:
            raise _meaning(error) from error
        return str(answer["id"])

    def found(self, reference: UUID) -> str | None:
        """Notify's id of what it took under this reference."""
        try:
            answer: Any = self.client.get_all_notifications(reference=str(reference))
        except APIError as error:
            raise NotKnown("unknown") from error
        return str(answer["notifications"][0]["id"]) if answer["notifications"] else None


def _meaning(error: APIError) -> Unsent:
    """What an error of the client says of the message."""
    if error.response is None:
        return NotNow("no-answer") if _never_reached(error.__cause__) else NotKnown("unknown")
    match error.status_code:
        case 400:
            about_the_number = "phone_number" in str(error.message)
            return NotEver("address-refused", bad_address=True) if about_the_number else NotNow("not-set-up-right")
        case 401 | 403 | 404:
            return NotNow("not-set-up-right")
        case 429:
            return NotNow("refused-for-now")
        case _:
            return NotKnown("unknown")


def _never_reached(cause: BaseException | None) -> bool:
    """Whether no connection came about, so that nothing can have been taken."""
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(cause, requests.ConnectTimeout) or isinstance(reason, urllib3.exceptions.NewConnectionError)
