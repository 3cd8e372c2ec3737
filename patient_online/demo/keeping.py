"""Keeping the made-up practice in the database: made once, by the owner of the tables; and clearing it away again."""

from collections.abc import Iterator
from datetime import date
from graphlib import TopologicalSorter

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, connections, transaction
from django.db.models import Max, Model, Q
from django.db.utils import OperationalError

from patient_online.access.models import Grant
from patient_online.appointments.models import Schedule
from patient_online.demo.logins import BY_EMAIL, PASSWORD
from patient_online.demo.nhs_login.standin import ISSUERS
from patient_online.demo.second_steps import second_steps
from patient_online.demo.surgery import ODS_CODE
from patient_online.demo.world import World
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice

OWNER = "owner"
ONE_AT_A_TIME = 2026_99999
NO_OWNER = "Set DATABASE_OWNER_URL to the role that owns the tables: made-up people are put in with it."
NO_SERVER = "The database does not answer. Check DATABASE_OWNER_URL, and that the server runs.\n{error}"
NO_TABLES = "The database has no tables yet. Run `manage.py migrate` first."
REAL_PEOPLE = (
    "This database holds patients of other practices, and the made-up practice comes with a password that everybody "
    "knows. Nothing was put in. Leave DATABASE_URL unset for a database of its own, or point it at an empty one. "
    "If you do want made-up people among these: manage.py make_demo --among-others."
)
IS_HERE = (
    "The made-up practice is in this database, and everybody knows the password of its accounts, so it cannot be "
    "served for real use. Show it with `make demo`, or take it out: .venv/bin/python manage.py make_demo --remove"
)


class CannotMake(Exception):
    """Raised when the made-up world cannot be made, with a sentence that says what to do."""


def check_database() -> None:
    """Raise CannotMake unless the owner can reach tables to fill."""
    if OWNER not in connections:
        raise CannotMake(NO_OWNER)
    try:
        tables = connections[OWNER].introspection.table_names()
    except OperationalError as error:
        raise CannotMake(NO_SERVER.format(error=error)) from error
    wanted = {model._meta.db_table for model in (Practice, Patient, Schedule, Account)}
    if not wanted <= set(tables):
        raise CannotMake(NO_TABLES)


def check_people() -> None:
    """Raise CannotMake where real people may be: the database holds patients of other practices."""
    if Patient.objects.using(OWNER).exclude(practice_id=ODS_CODE).exists():
        raise CannotMake(REAL_PEOPLE)


def demo_is_here() -> bool:
    """Whether the made-up practice is in the database of the application's role, which may have no tables yet."""
    tables = connection.introspection.table_names()
    return Practice._meta.db_table in tables and Practice.objects.filter(ods_code=ODS_CODE).exists()


def last_clinic() -> date | None:
    """The last day of the made-up practice's clinics, or None when there is no such practice yet."""
    if not Practice.objects.using(OWNER).filter(ods_code=ODS_CODE).exists():
        return None
    last = Schedule.objects.using(OWNER).filter(practice_id=ODS_CODE).aggregate(last=Max("starts_at"))["last"]
    return local_day(last) if last else date.min


def keep(world: World, *, afresh: bool = False) -> bool:
    """Put the world into the database in one transaction, unless it is there already; whether it was put in.

    `afresh` clears the made-up practice away first. A second program that does the same meanwhile waits for the first.
    """
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if afresh:
            clear()
        if last_clinic() is not None:
            return False
        password = make_password(PASSWORD)
        for account in world.access.accounts:
            account.password = password
        for rows in world.rows():
            type(rows[0])._default_manager.using(OWNER).bulk_create(rows, batch_size=1000)
        Authenticator.objects.using(OWNER).bulk_create(second_steps())
    return True


def remove() -> None:
    """Take the made-up practice out of the database, with its people and all that was done in it."""
    with transaction.atomic(using=OWNER):
        clear()


def clear() -> None:
    """Remove every row of the made-up practice, and its people's accounts with all that hangs on them."""
    accounts = list(_accounts())
    for model in _dependants_first():
        if condition := _ours(model, accounts):
            model._default_manager.using(OWNER).filter(condition).delete()


def _accounts() -> Iterator[object]:
    """The accounts of the made-up people: those that sign-in shows, and those at example.org with a grant here.

    And whoever came by the stand-in for NHS login.
    """
    granted = Grant.objects.using(OWNER).filter(practice_id=ODS_CODE).values("account_id")
    made_up = Q(email__in=BY_EMAIL) | Q(email__endswith="@example.org", id__in=granted)
    by_nhs_login = Q(nhs_logins__issuer__startswith=ISSUERS)
    yield from Account.objects.using(OWNER).filter(made_up | by_nhs_login).distinct().values_list("id", flat=True)


def _ours(model: type[Model], accounts: list[object]) -> Q | None:
    """Which rows of a table belong to the made-up practice or its accounts; None for a table that holds neither."""
    columns = {field.attname for field in model._meta.concrete_fields}
    if model is Practice:
        return Q(ods_code=ODS_CODE)
    if model is Account:
        return Q(id__in=accounts)
    if "practice_id" in columns:
        return Q(practice_id=ODS_CODE)
    owner = next((column for column in ("account_id", "user_id") if column in columns), None)
    return Q(**{f"{owner}__in": accounts}) if owner else None


def _dependants_first() -> list[type[Model]]:
    """Every table, those that refer to others before those that they refer to."""
    refers = {
        model: {field.related_model for field in model._meta.get_fields() if field.many_to_one or field.one_to_one}
        for model in apps.get_models()
    }
    graph = {
        model: {other for other in others if isinstance(other, type) and other is not model and other in refers}
        for model, others in refers.items()
    }
    return [*reversed(list(TopologicalSorter(graph).static_order()))]
