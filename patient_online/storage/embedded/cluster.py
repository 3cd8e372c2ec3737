"""Making the embedded database: an empty cluster, its roles and its one database."""

import os

from patient_online.storage.embedded.errors import EmbeddedError, from_output
from patient_online.storage.embedded.passwords import APPLICATION, OWNER, SUPERUSER, Passwords
from patient_online.storage.embedded.places import Place
from patient_online.storage.embedded.programs import VERSION, Programs

DATABASE = "patient_online"

# Each statement ends with an empty line, as the server's single-user mode wants it. The schema `public` of every new
# database belongs to pg_database_owner, which is whoever owns that database, and nobody else may create in it since
# PostgreSQL 15: so the owner can migrate here and in the test databases it makes, and the application cannot.
ROLES = """\
ALTER ROLE {superuser} PASSWORD '{passwords.superuser}';

CREATE ROLE {owner} LOGIN CREATEDB PASSWORD '{passwords.owner}';

CREATE ROLE {application} LOGIN PASSWORD '{passwords.application}';

CREATE DATABASE {database} OWNER {owner};

REVOKE ALL ON DATABASE {database} FROM PUBLIC;

GRANT CONNECT ON DATABASE {database} TO {application};

"""


def make_sure_it_exists(place: Place, programs: Programs, passwords: Passwords, lock: int) -> None:
    """Initialise the database unless it is there. Call it under the start lock.

    It is made beside its place and renamed when complete. The lock is handed to the programs that make it:
    if we are killed, it stays until they have ended too.
    """
    if os.path.lexists(place.data):
        _must_be_of_this_version(place)
        return
    new = place.home / "data.new"
    place.user.remove(new)
    _must_succeed(
        place, "The database could not be initialised.", programs.path("initdb"), "-D", new, f"--username={SUPERUSER}",
        # Nobody can come in until every role has its password and pg_hba.conf is ours.
        "--auth=reject", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--data-checksums", lock=lock,
    )  # fmt: skip
    _must_succeed(
        place, "The database's roles could not be made.", programs.path("postgres"), "--single", "-j", "-D", new,
        "-c", "exit_on_error=true", "-c", "log_checkpoints=off", "postgres", typed=_roles(passwords), lock=lock,
    )  # fmt: skip
    os.rename(new, place.data)


def _must_succeed(place: Place, otherwise: str, *command: object, typed: str = "", lock: int) -> None:
    done = place.user.run(*map(str, command), typed=typed, keep=(lock,))
    if done.returncode:
        raise from_output(otherwise, done.stdout, place.home)


def _roles(passwords: Passwords) -> str:
    return ROLES.format(
        superuser=SUPERUSER, owner=OWNER, application=APPLICATION, database=DATABASE, passwords=passwords
    )


def _must_be_of_this_version(place: Place) -> None:
    try:
        version = (place.data / "PG_VERSION").read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        raise EmbeddedError(f"{place.data} does not hold a database. Move it away, then try again.") from None
    if version != VERSION:
        raise EmbeddedError(
            f"The database in {place.data} was made by PostgreSQL {version}, but this program brings {VERSION}. "
            f"Take a copy with the pg_dump of {version}, move {place.data} away, and load the copy into the new one."
        )
