"""An OpenID provider of the loopback that can tell the truth, and every lie that a test asks it for."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey

from patient_online.nhs.numbers import SYNTHETIC_COUNT, synthetic

OURS, OTHERS = (RSAKey.generate_key(2048, {"kid": "theirs"}) for _ in range(2))
JSON = "application/json"
Answer = tuple[int, str, Any, dict[str, str]]


@dataclass
class Liar:
    """What it answers. A test changes what it likes; `honest` makes all of it true again."""

    address: str = ""
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: OURS)
    token: Any = None  # an ID token as it stands, in place of one that is made
    tokens: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] | None = None
    instead: dict[str, Answer] = field(default_factory=dict)  # whole answers, by path
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def honest(self) -> None:
        """Tell the truth from now on."""
        fresh = Liar(self.address, self.nonce)
        vars(self).update(vars(fresh))

    def id_token(self, **more: Any) -> str:
        """An ID token as it ought to be, but for what a test changed; a claim that is None is left out."""
        now = int(time.time())
        truth = {
            "iss": self.address,
            "sub": "somebody",
            "aud": "patient-online",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 3600,
            "jti": str(uuid4()),
            "vot": "P9.Cp.Cd",
            "vtm": f"{self.address}/trustmark",
        }
        said = {name: value for name, value in {**truth, **self.claims, **more}.items() if value is not None}
        header = {"alg": "RS512", "kid": "theirs", **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(header, said, self.key, algorithms=[header["alg"]])

    def answer(self, path: str, form: dict[str, Any]) -> Answer:
        """What stands at a path."""
        self.seen.append((path, form))
        if path in self.instead:
            return self.instead[path]
        return (
            200,
            JSON,
            {"/token": self._tokens, "/userinfo": self._told, "/jwks": self._keys}.get(path, self._published)(),
            {},
        )

    def _published(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        ends = {name: f"{self.address}/{end}" for name, end in {**names, "jwks_uri": "jwks"}.items()}
        return {"issuer": self.address, **ends, **self.discovery}

    def _tokens(self) -> dict[str, Any]:
        token = self.id_token() if self.token is None else self.token
        given = {"access_token": "an-access-token", "token_type": "Bearer", "id_token": token, **self.tokens}
        return {name: value for name, value in given.items() if value is not None}

    def _told(self) -> dict[str, Any]:
        who = {"nhs_number": synthetic(SYNTHETIC_COUNT - 99), "birthdate": "1984-02-29", "gp_ods_code": "X98765"}
        told = {"sub": "somebody", "family_name": "Honest", "identity_proofing_level": "P9", **who, **self.told}
        return {name: value for name, value in told.items() if value is not None}

    def _keys(self) -> dict[str, Any]:
        return {"keys": [{**OURS.as_dict(private=False), "alg": "RS512"}] if self.keys is None else self.keys}


@contextmanager
def a_liar() -> Iterator[Liar]:
    """The provider, listening meanwhile."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*liar.answer(urlsplit(self.path).path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*liar.answer(self.path, {name: values[0] for name, values in parse_qs(body).items()}))

        def _say(self, status: int, kind: str, content: Any, headers: dict[str, str]) -> None:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        liar.address = f"http://localhost:{server.server_address[1]}"
        yield liar
        server.shutdown()
