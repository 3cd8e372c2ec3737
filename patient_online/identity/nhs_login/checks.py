"""Says before the start what is wrong with how NHS login is set up."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from patient_online.identity.nhs_login.ours import NotSetUp, ours

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@checks.register
def nhs_login_is_set_up(**kwargs: Any) -> list[checks.CheckMessage]:
    """NHS login is switched off, or its issuer, our name and our key are there and can be used."""
    try:
        known = ours()
    except NotSetUp as error:
        return [checks.Error(str(error), hint="See docs/nhs-login.md.", id="identity.E001")]
    file = Path(settings.NHS_LOGIN_KEY_FILE or ".")
    if known and file.stat().st_mode & OTHERS:
        return [checks.Warning(f"Others can read the key for NHS login: {file}", hint="chmod 600", id="identity.W001")]
    return []
