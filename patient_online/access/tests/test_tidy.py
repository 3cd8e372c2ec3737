"""What has run out is forgotten every night, and nothing else."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from patient_online.storage.ids import uuid7
from patient_online.storage.models import IdempotentRequest


@pytest.mark.django_db
def test_old_keys_and_counts_are_forgotten_and_new_ones_kept(capsys: pytest.CaptureFixture[str]) -> None:
    now = timezone.now()
    for age in (timedelta(hours=1), timedelta(hours=49)):
        IdempotentRequest.objects.create(
            practice_id="X90001", account_id=uuid7(), key=uuid7(), action="a", digest="d", asked_at=now - age
        )
    cache.set("old", 1, timeout=60)
    cache.set("new", 1, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_guesses SET expires = %s WHERE cache_key LIKE %s", [now - timedelta(1), "%old"])
    call_command("tidy")
    assert capsys.readouterr().out == (
        "Forgot 0 ended sessions, 1 keys of repeated requests, 1 counts of guesses, 0 checks of addresses,"
        " 0 emails of accounts, 0 used codes of NHS login.\n"
    )
    assert IdempotentRequest.objects.count() == 1
    assert cache.get("new") == 1
