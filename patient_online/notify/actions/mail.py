"""What happens to an account's own e-mail: it is stored with a job, tried, and its words are forgotten."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from patient_online.asking import Asker, System
from patient_online.notify.models import AccountMail
from patient_online.notify.queueing import put_in_mail


def post(to: str, *, subject: str, body: str, by: Asker, at: datetime) -> AccountMail:
    """Store an e-mail in the open transaction, and the job that sends it."""
    with transaction.atomic():
        mail = AccountMail.objects.create(to=to, subject=" ".join(subject.split())[:200], body=body, made_at=at)
        put_in_mail(mail.id)
    return mail


def take_mail(mail_id: UUID, *, by: System, at: datetime) -> AccountMail | None:
    """Take the e-mail for one try, which is counted; None when it has gone or was given up.

    Where a worker is slow and another takes its job, the same e-mail may go twice; its Message-ID tells that.
    """
    with transaction.atomic():
        mail = AccountMail.objects.select_for_update().filter(id=mail_id, sent_at=None, failed_at=None).first()
        if mail:
            AccountMail.objects.filter(id=mail_id).update(tries=F("tries") + 1)
            mail.tries += 1
    return mail


def mail_sent(mail: AccountMail, *, by: System, at: datetime) -> None:
    """Note that the e-mail has gone, and forget its words."""
    AccountMail.objects.filter(id=mail.id).update(sent_at=at, body="")


def mail_failed(mail: AccountMail, *, by: System, at: datetime) -> None:
    """Note that the e-mail was given up, and forget its words."""
    AccountMail.objects.filter(id=mail.id).update(failed_at=at, body="")


def mail_later(mail_id: UUID, *, until: datetime, by: System, at: datetime) -> None:
    """Have the e-mail tried again at this instant."""
    put_in_mail(mail_id, until)


def forget_mail(*, before: datetime, by: System, at: datetime) -> int:
    """Forget the e-mails that were made before an instant, with their addresses; says how many."""
    return AccountMail.objects.filter(made_at__lt=before).delete()[0]
