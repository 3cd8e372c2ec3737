"""Every lie that an identity provider, or somebody between it and us, may tell; each by name, with what is found."""

import base64
import hmac
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey

from patient_online.identity.tests.lying_provider import JSON, OTHERS, OURS, Liar


def part(content: Any) -> str:
    """A part of a token."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


with warnings.catch_warnings(action="ignore"):  # the library says that it is too small, as we do
    SMALL = RSAKey.import_key(rsa.generate_private_key(65537, 1024), {"kid": "theirs"})
ELSEWHERE = "http://localhost:9/elsewhere"


@dataclass(frozen=True)
class Lie:
    """One thing that is wrong; `why` is what the trail says of it."""

    name: str
    why: str
    tell: Callable[[Liar], None]

    def __str__(self) -> str:
        return self.name


def says(name: str, why: str, **changed: Any) -> Lie:
    """A claim of the ID token is another, or missing (None)."""
    return Lie(name, why, lambda liar: liar.claims.update(changed))


def puts(name: str, why: str, **changed: Any) -> Lie:
    """Another part of what it answers is set."""
    return Lie(name, why, lambda liar: vars(liar).update(changed))


def tells(name: str, why: str, **changed: Any) -> Lie:
    """Userinfo says otherwise."""
    return Lie(name, why, lambda liar: liar.told.update(changed))


def answers(name: str, why: str, path: str, *answer: Any) -> Lie:
    """The whole answer at a path is another."""
    return Lie(name, why, lambda liar: liar.instead.update({path: (*answer, {})}))


def in_place(name: str, why: str, make: Callable[[Liar], Any]) -> Lie:
    """The ID token is replaced by something else, made when it is asked for."""

    def tell(liar: Liar) -> None:
        liar.token = make(liar)

    return Lie(name, why, tell)


def unsigned(liar: Liar) -> str:
    return f"{part({'alg': 'none', 'kid': 'theirs'})}.{liar.id_token().split('.')[1]}."


def by_the_public_key(algorithm: str) -> Callable[[Liar], str]:
    """The classic: the public key, which everybody has, taken for a shared secret."""

    def make(liar: Liar) -> str:
        content = f"{part({'alg': algorithm, 'kid': 'theirs'})}.{liar.id_token().split('.')[1]}"
        digest = {"HS256": "sha256", "HS512": "sha512"}[algorithm]
        return f"{content}.{part(hmac.digest(OURS.as_pem(private=False), content.encode(), digest))}"

    return make


def altered(liar: Liar) -> str:
    head, _, signature = liar.id_token().split(".")
    return f"{head}.{liar.id_token(sub='admin').split('.')[1]}.{signature}"


def signed(content: bytes) -> str:
    """Something that is no set of claims, with a good signature."""
    from joserfc import jws

    return jws.serialize_compact({"alg": "RS512", "kid": "theirs"}, content, OURS, algorithms=["RS512"])


NOW = int(time.time())
DAY = 24 * 60 * 60
OF_CLAIMS = [
    says("another issuer", "issuer", iss="https://evil.example"),
    says("no issuer", "issuer", iss=None),
    says("for another service", "audience", aud="another"),
    says("for nobody", "audience", aud=None),
    says("for us and another", "audience", aud=["patient-online", "another"]),
    says("authorised party is another", "authorised-party", azp="another"),
    says("another nonce", "nonce", nonce="another"),
    says("no nonce", "nonce", nonce=None),
    says("nonce is no text", "nonce", nonce=[1]),
    says("has expired", "expired", exp=NOW - DAY, iat=NOW - DAY),
    says("no end", "no-times", exp=None),
    says("end is a text", "no-times", exp="tomorrow"),
    says("lasts for days", "lasts-too-long", exp=NOW + 5 * DAY),
    says("issued tomorrow", "issued-at", iat=NOW + DAY, exp=NOW + DAY + 60),
    says("issued long ago", "issued-at", iat=NOW - 1800, exp=NOW + 1200),
    says("no time of issue", "no-times", iat=None),
    says("time of issue is true", "no-times", iat=True),
    says("holds from tomorrow", "not-before", nbf=NOW + DAY),
    says("a vector not asked for", "vot", vot="P9.Cp"),
    says("a vector nobody knows", "vot", vot="P99.Cp.Cd"),
    says("no vector", "vot", vot=None),
    says("vector is a list", "vot", vot=["P9.Cp.Cd"]),
    says("no trustmark", "vtm", vtm=None),
    says("trustmark is no address", "vtm", vtm="trust me"),
    says("no subject", "subject", sub=None),
    says("empty subject", "subject", sub=""),
    says("subject is a number", "subject", sub=7),
    says("subject without end", "subject", sub="x" * 300),
    says("no id of its own", "jti", jti=None),
    says("level contradicts the vector", "level", identity_proofing_level="P5"),
    says("hash of another access token", "access-token-hash", at_hash="AAAA"),
]
OF_SIGNATURES = [
    in_place("algorithm none", "algorithm", unsigned),
    in_place("HS256 with the public key", "algorithm", by_the_public_key("HS256")),
    in_place("HS512 with the public key", "algorithm", by_the_public_key("HS512")),
    puts("RS256", "algorithm", header={"alg": "RS256"}),
    puts("PS512", "algorithm", header={"alg": "PS512"}),
    puts("another key under the same id", "signature", key=OTHERS),
    puts("a key that nobody published", "unknown-key", header={"kid": "new"}),
    puts("no key named", "header", header={"kid": None}),
    puts("brings its own key", "header", key=OTHERS, header={"jwk": OTHERS.as_dict(private=False)}),
    puts("says where its key is", "header", key=OTHERS, header={"jku": ELSEWHERE}),
    puts("another kind of token", "header", header={"typ": "at+jwt"}),
    in_place("signature cut off", "signature", lambda liar: liar.id_token().rsplit(".", 1)[0] + "."),
    in_place("content altered", "signature", altered),
    in_place("five parts", "no-token", lambda liar: f"{part({'alg': 'dir', 'enc': 'A256GCM'})}....{part(b'x')}"),
    in_place("header is no JSON", "header", lambda liar: f"{part(b'{{{')}.{part({})}.x"),
    in_place("header nested without end", "header", lambda liar: f"{part(b'[' * 9000)}.{part({})}.x"),
    in_place("content is a list", "signature", lambda liar: signed(b"[]")),
    in_place("content is no JSON", "signature", lambda liar: signed(b"{{")),
    in_place("a token in a token", "signature", lambda liar: signed(liar.id_token().encode())),
    in_place("far too long", "no-token", lambda liar: liar.id_token(padding="x" * 20_000)),
    in_place("no text", "no-token", lambda liar: {"sub": "somebody"}),
    puts("no ID token", "no-token", tokens={"id_token": None}),
]
OF_ANSWERS = [
    puts("access token of another type", "token-type", tokens={"token_type": "mac"}),
    puts("no access token", "access-token", tokens={"access_token": None}),
    puts("access token with a new line", "access-token", tokens={"access_token": "a\r\nX-Evil: 1"}),
    answers("tokens are not JSON", "not-json", "/token", 200, "text/html", b"<p>Welcome"),
    answers("tokens are a list", "no-object", "/token", 200, JSON, []),
    answers("tokens are refused", "status-400", "/token", 400, JSON, {"error": "invalid_grant"}),
    answers("tokens are far too long", "too-large", "/token", 200, JSON, b" " * 100_000),
    Lie(
        "tokens lie elsewhere",
        "status-302",
        lambda liar: liar.instead.update({"/token": (302, JSON, {}, {"Location": ELSEWHERE})}),
    ),
    tells("userinfo of another person", "other-person-told", sub="another"),
    tells("userinfo of nobody", "other-person-told", sub=None),
    tells("a number that is no NHS number", "nhs-number-told", nhs_number="9990000000"),
    tells("an NHS number in parts", "nhs-number-told", nhs_number=["999"]),
    tells("a birth date that there is not", "birth-date-told", birthdate="1984-02-30"),
    tells("no birth date", "birth-date-told", birthdate=None),
    tells("a practice in SQL", "practice-told", gp_ods_code="X' OR 1=1"),
    tells("a name without end", "name-told", family_name="x" * 3000),
    tells("another level", "level-told", identity_proofing_level="P5"),
    answers("userinfo is signed by nobody we know", "not-json", "/userinfo", 200, "application/jwt", b"a.b.c"),
    puts("discovery of another issuer", "discovery-issuer", discovery={"issuer": "https://evil.example"}),
    puts("tokens at another host", "discovery-host", discovery={"token_endpoint": ELSEWHERE}),
    puts("keys at another host", "discovery-host", discovery={"jwks_uri": ELSEWHERE}),
    puts("keys in a file", "discovery-host", discovery={"jwks_uri": "file:///etc/passwd"}),
    puts("keys at the cloud's own address", "discovery-host", discovery={"jwks_uri": "http://169.254.169.254/"}),
    puts("keys exchanged", "signature", keys=[{**OTHERS.as_dict(private=False), "kid": "theirs"}]),
    puts("no keys", "unknown-key", keys=[]),
    puts("a secret for a key", "unknown-key", keys=[{"kty": "oct", "k": "c2VjcmV0", "kid": "theirs"}]),
    puts("a small key", "unknown-key", key=SMALL, keys=[SMALL.as_dict(private=False)]),
    puts("a key for something else", "unknown-key", keys=[{**OURS.as_dict(private=False), "use": "enc"}]),
    puts("keys are a text", "no-keys", keys="all of them"),
]
LIES = OF_CLAIMS + OF_SIGNATURES + OF_ANSWERS
