"""Sets up and runs the stand-in: its keys, its people, and the program that Node.js runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import RSAKey

from patient_online.web.assets import Node, find_node, wheel

SCRIPT = Path(__file__).with_name("provider.mjs")
ISSUERS = "http://localhost:"
CLIENT_ID = "patient-online"
READY = b"ready\n"
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Person:
    """Somebody made-up as the stand-in knows them: how well, and what it tells of them."""

    id: str
    name: str
    level: str
    note: str = ""
    can_prove: bool = False
    claims: dict[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class StandIn:
    """Where the stand-in listens, and what a service needs to sign people in by it."""

    issuer: str
    client_id: str
    key_file: Path
    settings_file: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the settings of the service are to find."""
        return {
            "PATIENT_ONLINE_NHS_LOGIN_ISSUER": self.issuer,
            "PATIENT_ONLINE_NHS_LOGIN_CLIENT_ID": self.client_id,
            "PATIENT_ONLINE_NHS_LOGIN_KEY_FILE": str(self.key_file),
        }


def set_up(folder: Path, port: int, *, services: Iterable[str], people: Iterable[Person]) -> StandIn:
    """Write new keys and the settings of a stand-in at this port into the folder; `services` are our addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    ours, theirs = RSAKey.generate_key(2048), RSAKey.generate_key(2048, {"use": "sig", "alg": "RS512"})
    stand_in = StandIn(f"{ISSUERS}{port}", CLIENT_ID, folder / "our-key.pem", folder / "stand-in.json")
    _write(stand_in.key_file, pem_of(ours.private_key))
    client = {
        "client_id": CLIENT_ID,
        "jwks": {"keys": [{**ours.as_dict(private=False), "kid": ours.thumbprint(), "alg": "RS512", "use": "sig"}]},
        "redirect_uris": [f"{service.rstrip('/')}/nhs-login/return" for service in services],
    }
    key = {**theirs.as_dict(private=True), "kid": theirs.thumbprint()}
    known = [vars(person) for person in people]
    written = {"issuer": stand_in.issuer, "port": port, "key": key, "clients": [client], "people": known}
    _write(stand_in.settings_file, json.dumps(written, indent=1).encode())
    return stand_in


def pem_of(key: Any) -> bytes:
    """A private key as a file holds it."""
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("This is no private RSA key.")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(file: Path, content: bytes) -> None:
    """Readable by its owner alone, from its first moment on."""
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)


def node() -> Node:
    """The Node.js of this machine. Raises CannotBuild."""
    return find_node(os.environ.get("PATH", ""), wheel())


@contextmanager
def running(stand_in: StandIn) -> Iterator[StandIn]:
    """The stand-in, listening meanwhile."""
    command = [node().node, str(SCRIPT), str(stand_in.settings_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:  # noqa: S603
        try:
            if program.stdout is None or program.stdout.readline() != READY:
                program.kill()
                raise RuntimeError(f"The stand-in did not start: {program.communicate()[1].decode()}")
            yield stand_in
        finally:
            program.terminate()
            program.communicate(timeout=PATIENCE_SECONDS)


def become(settings_file: Path) -> None:
    """Turn this program into the stand-in; what it has to say goes to a file beside its settings."""
    program = node().node
    with settings_file.with_suffix(".log").open("wb") as log:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(log.fileno(), stream.fileno())
    os.execv(program, [program, str(SCRIPT), str(settings_file)])  # noqa: S606
