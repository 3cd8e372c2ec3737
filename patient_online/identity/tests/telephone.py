"""A telephone that makes and shows passkeys, as a browser would send them: for tests without a browser."""

import json
from hashlib import sha256
from os import urandom
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from patient_online.web.tests.pages import read

SITE = "testserver"
FLAG = AuthenticatorData.FLAG


class Telephone:
    """Holds one passkey; `knows_finger` tells whether it has seen who holds it."""

    def __init__(self, *, knows_finger: bool = True, site: str = SITE) -> None:
        self.key, self.id, self.handle = ec.generate_private_key(ec.SECP256R1()), urandom(32), b""
        self.knows_finger, self.site = knows_finger, site

    def makes(self, options: dict[str, Any]) -> str:
        """A new passkey, as the browser's script sends it."""
        self.handle = websafe_decode(options["publicKey"]["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        data = self._data(FLAG.AT, AttestedCredentialData.create(Aaguid.NONE, self.id, public))
        said = self._said(CollectedClientData.TYPE.CREATE, options)
        made = AttestationObject.create("none", data, {})
        return self._sent({"clientDataJSON": said, "attestationObject": bytes(made)})

    def shows(self, options: dict[str, Any]) -> str:
        """The passkey, shown for this challenge."""
        said, data = self._said(CollectedClientData.TYPE.GET, options), bytes(self._data(FLAG(0)))
        signature = self.key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._sent({**parts, "userHandle": self.handle})

    def _data(self, flags: Any, made: AttestedCredentialData | None = None) -> AuthenticatorData:
        known = FLAG.UP | (FLAG.UV if self.knows_finger else FLAG(0)) | flags
        site = sha256(self.site.encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(site, known, 0, made or b"")
        return data

    def _said(self, kind: Any, options: dict[str, Any]) -> bytes:
        challenge = websafe_decode(options["publicKey"]["challenge"])
        return bytes(CollectedClientData.create(kind, challenge, f"https://{self.site}"))

    def _sent(self, parts: dict[str, bytes]) -> str:
        known = websafe_encode(self.id)
        response = {name: websafe_encode(value) for name, value in parts.items()}
        row = {"id": known, "rawId": known, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(row)


def options_of(page: Any) -> dict[str, Any]:
    """What a page asks of the browser."""
    [form] = [one for one in read(page).all("form") if "data-passkey" in one.attributes]
    options: dict[str, Any] = json.loads(form.attributes["data-options"])
    return options


def options_to_sign_in(client: Client) -> dict[str, Any]:
    """What the script of the sign-in page asks for."""
    answer = client.get("/sign-in/passkey", headers={"Accept": "application/json"})
    options: dict[str, Any] = answer.json()["request_options"]
    return options
