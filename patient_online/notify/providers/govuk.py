"""Text messages by GOV.UK Notify. It knows our references, so what it may have taken is never sent twice."""

from typing import Any
from uuid import UUID

import requests
import urllib3
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from patient_online.notify.kinds import Words
from patient_online.notify.providers import Became, NotEver, NotKnown, NotNow, Receipt, Unsent

# "sent" is the last that is known of a text abroad; "created", "sending" and "pending" are on their way.
BECAME = {
    "delivered": Became.DELIVERED,
    "sent": Became.NEVER_KNOWN,
    "permanent-failure": Became.NO_SUCH_ADDRESS,
    "temporary-failure": Became.UNDELIVERED,
    "technical-failure": Became.UNDELIVERED,
}
FAILURES = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})


class GovukNotify:
    """GOV.UK Notify, with a template whose only field is ((body))."""

    tells = True

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
        return _id_in(answer)

    def found(self, reference: UUID) -> str | None:
        """Notify's id of what it took under this reference, unless it has given that up."""
        try:
            taken = self._taken(reference)
        except APIError as error:
            raise NotKnown("unknown") from error
        return next((_id_in(each) for each in taken if each["status"] not in FAILURES), None)

    def receipt(self, reference: UUID) -> Receipt | None:
        """What became of the newest that it took under this reference."""
        try:
            taken = self._taken(reference)
        except APIError as error:
            raise _meaning(error) from error
        if not taken or taken[0]["status"] not in BECAME:
            return None
        return Receipt(BECAME[taken[0]["status"]], str(taken[0].get("phone_number") or ""))

    def _taken(self, reference: UUID) -> list[dict[str, Any]]:
        """All that Notify took under this reference, the newest first."""
        answer: Any = self.client.get_all_notifications(reference=str(reference))
        try:
            return [{**each, "status": str(each["status"])} for each in answer["notifications"]]
        except (KeyError, TypeError) as error:
            raise NotKnown("unknown") from error


def _id_in(answer: Any) -> str:
    try:
        return str(answer["id"])
    except (KeyError, TypeError) as error:
        raise NotKnown("unknown") from error


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
