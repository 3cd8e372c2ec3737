"""What can go wrong with the embedded database, in words for the person at the terminal."""

import errno
from pathlib import Path

FULL = "The disk that holds {path} is full. Free some space there, then try again."
READ_ONLY = (
    "{path} cannot be written, because its disk is mounted read-only. "
    "Mount it for writing, or set DATABASE_URL to use a PostgreSQL of your own."
)
NOT_ALLOWED = (
    "{path} cannot be written by the user who runs this program. "
    "Let that user write there, or set DATABASE_URL to use a PostgreSQL of your own."
)
NOT_A_FOLDER = "{path} is in the way: a folder is needed there. Move it away, then try again."
OTHER = "The database's folder {path} cannot be used ({why}). Put that right, then try again."

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.ENOTDIR: NOT_A_FOLDER,
    errno.EEXIST: NOT_A_FOLDER,
}
_BY_WORDS = {
    "No space left on device": FULL,
    "Check free disk space": FULL,
    "Disk quota exceeded": FULL,
    "Read-only file system": READ_ONLY,
}


class EmbeddedError(Exception):
    """One clear sentence that says what is wrong with the embedded database and what to do about it."""


def from_os(error: OSError, place: Path) -> EmbeddedError:
    """The system's error in our words; the place is named when the error itself names none."""
    words = _BY_NUMBER.get(error.errno or 0, OTHER)
    return EmbeddedError(words.format(path=error.filename or place, why=error.strerror))


def from_output(what: str, output: str, place: Path) -> EmbeddedError:
    """What a program of PostgreSQL printed when it failed, in our words where we know them."""
    for words, sentence in _BY_WORDS.items():
        if words in output:
            return EmbeddedError(sentence.format(path=place))
    last = "\n".join(output.strip().splitlines()[-8:])
    return EmbeddedError(f"{what} It said:\n{last}" if last else what)
