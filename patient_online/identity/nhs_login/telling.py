"""What NHS login tells of somebody (userinfo), checked and in our words."""

import re
from datetime import date
from typing import Any

from patient_online.identity.nhs_login.fetching import Untrue
from patient_online.identity.nhs_login.rules import Known
from patient_online.nhs.identity import Identity
from patient_online.nhs.numbers import is_valid

NAME_LENGTH = 70  # two of them fit an account
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
ODS_CODE = re.compile(r"[A-Z0-9]{3,10}", re.ASCII)


def known_from(issuer: str, claims: dict[str, Any], told: dict[str, Any]) -> Known:
    """Who it is: the ID token's subject and vector, with what userinfo says of the same person. Raises Untrue."""
    if told.get("sub") != claims["sub"]:
        raise Untrue("other-person-told")
    known = Known(issuer, claims["sub"], claims["vot"])
    if told.get("identity_proofing_level", known.identity.name) != known.identity.name:
        raise Untrue("level-told")
    given, family = _name(told, "given_name"), _name(told, "family_name")
    name = " ".join(part for part in (given, family) if part)
    if known.identity is Identity.P0:  # nobody has checked who they say they are
        return Known(issuer, known.subject, known.vot, name)
    number, born = _nhs_number(told), _birth_date(told)
    return Known(issuer, known.subject, known.vot, name, family, number, born, _ods_code(told))


def _name(told: dict[str, Any], claim: str) -> str:
    name = told.get(claim, "")
    if not isinstance(name, str) or len(name) > NAME_LENGTH or not (name.isprintable() or not name):
        raise Untrue("name-told")
    return name.strip()


def _nhs_number(told: dict[str, Any]) -> str:
    number = told.get("nhs_number")
    if not isinstance(number, str) or not number.isdecimal() or not is_valid(number):
        raise Untrue("nhs-number-told")
    return number


def _birth_date(told: dict[str, Any]) -> date:
    born = told.get("birthdate")
    if not isinstance(born, str) or not DAY.fullmatch(born):
        raise Untrue("birth-date-told")
    try:
        return date.fromisoformat(born)
    except ValueError as error:
        raise Untrue("birth-date-told") from error


def _ods_code(told: dict[str, Any]) -> str:
    """Where the person is registered with a GP, as far as NHS login knows."""
    code = told.get("gp_ods_code") or ""
    if isinstance(code, str) and (not code or ODS_CODE.fullmatch(code)):
        return code
    raise Untrue("practice-told")
