"""A telephone in software: a passkey's authenticator that knows its owner, plugged into Chromium."""

from typing import Any

from tests.journeys.visitors import Visitor

TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    """What makes and shows passkeys for one browser; its owner's finger is on it, until it `is_lent`."""

    def __init__(self, visitor: Visitor) -> None:
        self.wire = visitor.page.context.new_cdp_session(visitor.page)
        self.wire.send("WebAuthn.enable")
        self.id: str = self.wire.send(
            "WebAuthn.addVirtualAuthenticator", {"options": {**TELEPHONE, "isUserVerified": True}}
        )["authenticatorId"]

    @property
    def passkeys(self) -> list[dict[str, Any]]:
        """What it holds."""
        found: list[dict[str, Any]] = self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def is_lent(self) -> None:
        """Somebody else holds it, whose finger it does not know."""
        self.wire.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})
