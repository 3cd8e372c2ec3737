"""After a restore nothing is sent until somebody says so."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from patient_online.asking import System
from patient_online.audit.models import Entry
from patient_online.notify import actions, queries
from patient_online.notify.models import Fence, KnownDatabase, Message
from patient_online.notify.tests.people import BY_EMAIL, a_reader, again, forget_jobs, jobs_of, told, tried

pytestmark = pytest.mark.django_db
SYSTEM = System("test", why="looks")


def release(*options: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("release_messages", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def restored() -> None:
    """The database is a copy of the one that sent last."""
    KnownDatabase.objects.create(mark="another/00000001/1/1", seen_at=timezone.now())


def test_the_first_message_makes_the_database_known(mail_folder: Any) -> None:
    assert tried(told(a_reader(**BY_EMAIL))).status == "sent"
    assert KnownDatabase.objects.get().mark == queries.sending(SYSTEM).mark
    assert not Fence.objects.exists()


def test_in_a_restored_database_every_message_waits_and_its_job_comes_again(restored: None, mail_folder: Any) -> None:
    message = told(a_reader(**BY_EMAIL))
    forget_jobs(message)
    message = tried(message)
    assert (message.status, message.attempts) == ("waiting", 0)
    assert not mail_folder.exists()
    assert len(jobs_of(message)) == 1
    assert "restored" in Fence.objects.get().why
    tried(message)
    assert Fence.objects.count() == 1


def test_who_releases_is_told_first_what_waits(restored: None, mail_folder: Any) -> None:
    message = tried(told(a_reader(**BY_EMAIL)))
    with pytest.raises(CommandError, match="--yes"):
        release()
    assert tried(message).status == "waiting"
    assert "1 message waits, the oldest since" in release("--yes")
    assert tried(message).status == "sent"
    fence = Fence.objects.get()
    assert fence.lifted_by.startswith("release_messages, run by ")
    assert Entry.objects.filter(event="messages.released").exists()


def test_what_is_too_old_when_sending_begins_again_can_be_left_out(restored: None, mail_folder: Any) -> None:
    old, new = told(a_reader(**BY_EMAIL)), told(a_reader(**BY_EMAIL))
    then = timezone.now() - timedelta(hours=25)
    Message.objects.filter(id=old.id).update(made_at=then, due_at=then)
    assert "1 was too old" in release("--yes", "--drop-older-than-hours", "24")
    assert (again(old).status, again(old).trouble) == ("dropped", "too-old")
    assert (tried(old).status, tried(new).status) == ("dropped", "sent")


@pytest.mark.parametrize("hours", ["-1", "0", "nan", "inf", "1e300", "a day"])
def test_hours_that_would_drop_what_is_new_are_not_taken_and_nothing_is_dropped(
    restored: None, mail_folder: Any, hours: str
) -> None:
    message = told(a_reader(**BY_EMAIL))
    with pytest.raises(CommandError, match="no number of hours above 0"):
        release("--yes", f"--drop-older-than-hours={hours}")
    assert again(message).status == "waiting"
    assert not Entry.objects.filter(event="messages.released").exists()


def test_who_releases_is_told_first_how_many_would_never_be_sent(
    restored: None, mail_folder: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = [told(a_reader(**BY_EMAIL)) for _ in range(3)]
    then = timezone.now() - timedelta(hours=25)
    Message.objects.filter(id__in=[message.id for message in messages[:2]]).update(made_at=then, due_at=then)
    with pytest.raises(CommandError, match="--yes"):
        call_command("release_messages", "--drop-older-than-hours", "24")
    said = capsys.readouterr().out
    assert "3 messages wait, the oldest since" in said
    assert "2 of them are too old and are never sent." in said
    assert {again(message).status for message in messages} == {"waiting"}


def test_where_nothing_holds_the_messages_there_is_nothing_to_say_yes_to(mail_folder: Any) -> None:
    message = tried(told(a_reader(**BY_EMAIL)))
    then = timezone.now() - timedelta(hours=25)
    waiting = told(a_reader(**BY_EMAIL))
    Message.objects.filter(id=waiting.id).update(made_at=then, due_at=then)
    for options in ([], ["--yes", "--drop-older-than-hours", "24"]):
        assert "Nothing holds the messages." in release(*options)
    assert (again(message).status, again(waiting).status) == ("sent", "waiting")


@pytest.mark.parametrize("why", ["", " ", "\t"])
def test_who_holds_messages_says_why(why: str) -> None:
    with pytest.raises(CommandError, match="say why no message may go out"):
        call_command("hold_messages", f"--why={why}", stdout=StringIO())
    assert not Fence.objects.exists()


def test_somebody_can_hold_messages_and_staff_can_read_why(mail_folder: Any) -> None:
    message = told(a_reader(**BY_EMAIL))
    said = StringIO()
    call_command("hold_messages", "--why", "Wrong words in reminders.", stdout=said)
    call_command("hold_messages", "--why", "Wrong words in reminders.", stdout=StringIO())
    assert "1 message waits." in said.getvalue()
    assert tried(message).status == "waiting"
    assert Fence.objects.get().why == "Wrong words in reminders."
    release("--yes")
    assert tried(message).status == "sent"


def test_a_server_that_does_not_tell_what_it_is_holds_once_and_then_is_believed() -> None:
    now = timezone.now()
    assert not actions.recognise(mark="unknown", known=None, by=SYSTEM, at=now)
    actions.lift_fences(mark="unknown", who="Ada", drop_older_than=None, by=SYSTEM, at=now)
    assert actions.recognise(mark="unknown", known="unknown", by=SYSTEM, at=now)
    assert not actions.recognise(mark="unknown", known="a/1/2/3", by=SYSTEM, at=now)


def test_the_application_s_role_may_ask_which_database_this_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (False,)
    cluster, timeline, database, table = queries.sending(SYSTEM).mark.split("/")
    assert int(cluster) > 0
    assert int(timeline, 16) > 0
    assert int(database) > 0
    assert int(table) > 0
