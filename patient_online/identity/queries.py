"""What may be seen of accounts by who is not signed in yet, and by the account's own holder."""

from uuid import UUID

from django.db.models import Q

from patient_online.asking import AccountHolder, Anyone, Asker
from patient_online.identity.guarding import device_hash
from patient_online.identity.models import Account, KnownDevice, NhsLogin
from patient_online.identity.nhs_login.rules import Known
from patient_online.storage.codes import as_kept


def account_named(asker: Asker, name: str) -> Account | None:
    """The account with this e-mail address or sign-in name, closed ones too; the caller tells nobody that there is one.

    One statement, whatever was typed.
    """
    typed = name.strip()[:254]
    return Account.objects.filter(Q(email=typed.lower()) | Q(sign_in_name=as_kept(typed)[:12] or "-")).first()


def own_account(holder: AccountHolder) -> Account:
    """The account of who is signed in."""
    return Account.objects.get(id=holder.account_id)


def device_known(asker: Asker, account_id: UUID, token: str) -> UUID | None:
    """The id of this browser among those in which somebody has signed in to the account, or None."""
    known = KnownDevice.objects.filter(account_id=account_id, token_hash=device_hash(token, account_id))
    return known.values_list("id", flat=True).first()


def browsers_of(asker: Asker, account_id: UUID, token: str) -> tuple[KnownDevice | None, list[KnownDevice]]:
    """This browser, if the account knows it, and the others that the account knows."""
    mine = device_hash(token, account_id)
    known = list(KnownDevice.objects.filter(account_id=account_id).order_by("first_seen_at"))
    others = [each for each in known if each.token_hash != mine]
    return next((each for each in known if each.token_hash == mine), None), others


def account_let_in(anyone: Anyone, account_id: UUID) -> Account:
    """The account of who has shown a code for it in this session and is about to choose a password."""
    return Account.objects.get(id=account_id)


def is_theirs(anyone: Anyone, known: Known, account_id: UUID) -> bool:
    """Whether the NHS login that somebody came back with is the one of this account."""
    rows = NhsLogin.objects.filter(issuer=known.issuer, subject=known.subject)
    return rows.filter(account_id=account_id).exists()


def has_nhs_login(holder: AccountHolder) -> bool:
    """Whether the account of who is signed in can be signed in to with NHS login."""
    return NhsLogin.objects.filter(account_id=holder.account_id).exists()
