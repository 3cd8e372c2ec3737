"""What a program needs before its settings: a database to talk to and a secret key of this place's own."""

import os
import secrets
import sys
from pathlib import Path

from patient_online.storage.embedded import EmbeddedError, attach, exit_on_sigterm


def start(root: Path) -> None:
    """Fill in what the environment leaves out, the embedded PostgreSQL and the secret key, or end with a sentence."""
    var = Path(os.environ.get("PATIENT_ONLINE_VAR", root / "var"))
    exit_on_sigterm()
    try:
        if not os.environ.get("DATABASE_URL"):
            urls = attach(var)
            os.environ.update(DATABASE_URL=urls.application, DATABASE_OWNER_URL=urls.owner)
        if not os.environ.get("PATIENT_ONLINE_SECRET_KEY"):
            os.environ["PATIENT_ONLINE_SECRET_KEY"] = _secret_key(var)
    except (EmbeddedError, OSError) as error:
        sys.exit(f"Patient Online cannot start: {error}")


def _secret_key(var: Path) -> str:
    """The key that signs this place's forms and links; made once, readable by its owner alone."""
    kept = var / "secret-key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
