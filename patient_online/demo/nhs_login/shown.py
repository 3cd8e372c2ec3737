"""Has the demonstration offer NHS login: the stand-in runs beside it, at the next port that is free."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from patient_online.demo.nhs_login.beside import MODULE, SETTINGS
from patient_online.demo.nhs_login.people import OWNER, the_people
from patient_online.demo.nhs_login.standin import ISSUERS, StandIn, node, set_up
from patient_online.identity.models import NhsLogin
from patient_online.web.assets import CannotBuild
from patient_online.web.beside import beside
from patient_online.web.serving import CannotServe, check_port

TRIED = 20


@contextmanager
def nhs_login_beside(port: int, service: str) -> Iterator[StandIn | None]:
    """The stand-in, running meanwhile, with its address where the serving processes read it; None without Node.js."""
    free = _free_after(port)
    if free is None or settings.NHS_LOGIN_ISSUER or not _has_node():
        yield None
        return
    stand_in = set_up(settings.VAR / "nhs-login", free, services=[service], people=the_people())
    # At another port it is another issuer, and yet the same people.
    NhsLogin.objects.using(OWNER).filter(issuer__startswith=ISSUERS).update(issuer=stand_in.issuer)
    os.environ.update({**stand_in.environment, SETTINGS: str(stand_in.settings_file)})
    with beside(MODULE):
        yield stand_in


def _free_after(port: int) -> int | None:
    for candidate in range(port + 1, min(port + 1 + TRIED, 65536)):
        try:
            check_port("127.0.0.1", candidate)
        except CannotServe:
            continue
        return candidate
    return None


def _has_node() -> bool:
    try:
        node()
    except CannotBuild:
        return False
    return True
