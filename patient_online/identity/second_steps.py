"""What follows when second steps change or are shown: the trail, a word to the owner, and who must keep one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.audit.actions import record_account
from patient_online.identity.models import Account
from patient_online.identity.notices import Mail
from patient_online.identity.owners import tell_owner
from patient_online.identity.rules import NEW_HERE, SECOND_STEP, counts_here
from patient_online.refusals import N_, Owner, Refusal, Refused

FEW_CODES = 3
USED_FOR = 120  # seconds: longer than any code of an app is good for, with the clocks that we allow for
NAMES = {
    Authenticator.Type.TOTP: N_("an authenticator app"),
    Authenticator.Type.WEBAUTHN: N_("a passkey"),
    Authenticator.Type.RECOVERY_CODES: N_("printed codes"),
}
NOT_YOU = N_(
    "If this was not you, sign in, choose a new password and sign out everywhere else. Or telephone your GP practice."
)


class NotSetUpHere(Refusal):
    """Why no second step is set up."""

    NOT_AFTER_A_PASSWORD = (
        N_("You work with patients' details. You cannot set up a second step with a password alone."),
        N_("Ask your manager for a code to sign in with. Then you can set up a second step."),
        Owner.LAW,
    )


_must_keep: list[Callable[[UUID], bool]] = []


def who_must_keep_one(ask: Callable[[UUID], bool]) -> None:
    """Let an app above say whose account may never be without a second step."""
    if ask not in _must_keep:
        _must_keep.append(ask)


def must_keep_one(account_id: UUID) -> bool:
    """Whether the account may never be without a second step."""
    return any(ask(account_id) for ask in _must_keep)


def shown_in(request: Any, kind: str) -> None:
    """Note in the session that this second step was set up; its key turns after that (access.sessions).

    After a password alone it counts from the next sign-in on.
    """
    new = {} if counts_here(request.session, request.user.pk) else {NEW_HERE: True}
    record_authentication(request, request.user, SECOND_STEP, type=kind, reauthenticated=True, **new)


def let_set_up(request: Any) -> None:
    """Raise Refused where staff would set up a second step, or connect one, after a password alone."""
    if must_keep_one(request.user.pk) and not counts_here(request.session, request.user.pk):
        raise Refused(NotSetUpHere.NOT_AFTER_A_PASSWORD)


def codes_left(account_id: UUID) -> int:
    """How many printed codes the account has that were not used."""
    paper = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(paper.wrap().get_unused_codes()) if paper else 0


def first_use(account_id: UUID, code: str) -> bool:
    """Whether the code of an app is used for the first time; from now on it is used."""
    return cache.add(_mark(account_id, code), "used", USED_FOR)


def was_used(account_id: UUID, code: str) -> bool:
    """Whether the code of an app has been used."""
    return cache.get(_mark(account_id, code)) is not None


def _mark(account_id: UUID, code: str) -> str:
    return f"second-step-used:{account_id}:{normalize_user_code(code)}"


def note_failed(request: Any, account_id: UUID | None, kind: str) -> None:
    """Leave a trail of a second step that was wrong; never with what was typed."""
    _note(request, account_id, "account.second_step_failed", kind)


def _note(request: Any, account_id: UUID | None, event: str, kind: str, **more: Any) -> None:
    known = getattr(request, "id", None)
    record_account(event, account_id=account_id, at=timezone.now(), request_id=known, kind=str(kind), **more)


def _tell(account: Account, subject: str, words: str, kind: str) -> None:
    what = _(NAMES[Authenticator.Type(kind)])
    tell_owner(account, Mail(_(subject), f"{_(words) % {'what': what}}\n\n{_(NOT_YOU)}\n"))


def _added(sender: Any, request: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    _note(request, user.id, "account.second_step_added", authenticator.type)
    words = N_("%(what)s can now be used as the second step when you sign in to Patient Online.")
    _tell(user, N_("A second step was added to your account"), words, authenticator.type)


def _removed(sender: Any, request: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    _note(request, user.id, "account.second_step_removed", authenticator.type)
    words = N_("%(what)s can no longer be used when you sign in to Patient Online.")
    _tell(user, N_("A second step was removed from your account"), words, authenticator.type)


def _made_anew(sender: Any, request: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    _note(request, user.id, "account.second_step_made_anew", authenticator.type)
    words = N_("%(what)s were made for your account. Any that you had before can no longer be used.")
    _tell(user, N_("New printed codes were made for your account"), words, authenticator.type)


def _used(sender: Any, request: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    again = bool(more.get("reauthenticated"))
    _note(request, user.id, "account.second_step_shown", authenticator.type, again=again)


def _failed(sender: Any, request: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    note_failed(request, user.id, authenticator.type)


def listen() -> None:
    """Hear of each second step that is added, removed, made anew, shown or wrong."""
    signals.authenticator_added.connect(_added, dispatch_uid="identity.second_step_added")
    signals.authenticator_removed.connect(_removed, dispatch_uid="identity.second_step_removed")
    signals.authenticator_reset.connect(_made_anew, dispatch_uid="identity.second_step_made_anew")
    signals.authenticator_used.connect(_used, dispatch_uid="identity.second_step_used")
    signals.authentication_failed.connect(_failed, dispatch_uid="identity.second_step_failed")
