"""The PostgreSQL that Patient Online brings along, used when no DATABASE_URL is set.

One server for each project folder, shared by every program that runs there: the first starts it, the last stops it.
"""

from patient_online.storage.embedded.errors import EmbeddedError
from patient_online.storage.embedded.usage import Urls, attach, exit_on_sigterm, release

__all__ = ["EmbeddedError", "Urls", "attach", "exit_on_sigterm", "release"]
