"""Linkage keys on letters: how they look, and how they are kept and compared. Always the same work, whatever is wrong.

A key is kept as argon2id, though it has 60 random bits: who reads the table cannot try keys at any speed.
"""

import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher

from patient_online.storage.codes import as_kept, new_code

KEY_LENGTH = 12
ACCOUNT_DIGITS = 10
HASHER = Argon2PasswordHasher()
# The hash of a key that nobody was given: compared where there is none, so that both take the same time.
NOBODYS = (
    "argon2$argon2id$v=19$m=102400,t=2,p=8$S2Nra0FkSHpDUVB3aHdrQ01lbzRxVA$1Wjy/TA9uOrxhNjrhKAhcpTs0NtaDmgdBmHa9Oe5f40"
)


def new_key() -> str:
    """A linkage key, as it is kept: twelve signs, without the hyphens between them."""
    return new_code(KEY_LENGTH)


def new_account_ref() -> str:
    """An Account ID, for one letter: ten random digits."""
    return f"{secrets.randbelow(10**ACCOUNT_DIGITS):0{ACCOUNT_DIGITS}}"


def hash_of_key(key: str) -> str:
    """What is kept in place of the key."""
    return HASHER.encode(key, HASHER.salt())


def key_fits(typed: str, kept: str) -> bool:
    """Whether what was typed is the key that is kept; the work of one comparison, where none is kept too."""
    return HASHER.verify(as_kept(typed), kept or NOBODYS) and bool(kept)
