"""Somebody with every kind of second step, and somebody at the practice with one."""

from allauth.mfa.models import Authenticator

from patient_online.identity.models import Account
from patient_online.identity.tests.steps import a_passkey_of, an_app_of, printed_codes_of


def keeps_every_kind(account: Account) -> int:
    """Give the account an app, a passkey and printed codes that were shown; the passkey's number."""
    an_app_of(account), printed_codes_of(account)
    paper = Authenticator.objects.get(user_id=account.id, type=Authenticator.Type.RECOVERY_CODES)
    paper.wrap().mark_as_viewed()
    return a_passkey_of(account)
