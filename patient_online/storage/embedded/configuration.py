"""What the embedded server is told: its settings and who may come in. Written anew at every start."""

import os
from pathlib import Path

ACCESS = """\
# Written at every start. Everybody needs a password, also on this machine.
local  all  all                scram-sha-256
host   all  all  127.0.0.1/32  scram-sha-256
"""

# The log must hold no patient's data: PostgreSQL quotes values in errors and their details, so both stay with the
# program that asked, and only what the server says of itself is written.
SETTINGS = """\
# Written at every start. Your own settings go into local.conf beside this file.
listen_addresses = {addresses}
port = {port}
unix_socket_directories = {sockets}
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
superuser_reserved_connections = 3

shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
random_page_cost = 1.1
fsync = on
synchronous_commit = on
full_page_writes = on

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, dmy'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.english'

logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_statement = 'none'
log_min_duration_statement = -1
log_min_messages = 'log'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
cluster_name = 'patient-online'
"""

LOOPBACK = "127.0.0.1"
SOCKET_PORT = 5432
LONGEST_SOCKET = 100


def fits_a_socket(home: Path) -> bool:
    """Whether the server's folder has a path that a socket's address can hold and that libpq reads as one folder."""
    return len(os.fsencode(home / f".s.PGSQL.{SOCKET_PORT}")) <= LONGEST_SOCKET and "," not in str(home)


def settings(home: Path, data: Path, port: int | None) -> str:
    """The server's settings: on a socket in its folder, or on that port of the loopback."""
    ours = SETTINGS.format(
        addresses=_quoted(LOOPBACK if port else ""),
        port=port or SOCKET_PORT,
        sockets=_quoted("" if port else str(home)),
    )
    return ours + ("include 'local.conf'\n" if (data / "local.conf").exists() else "")


def _quoted(text: str) -> str:
    doubled = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
