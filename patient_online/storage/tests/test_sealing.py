"""What is sealed is read by us alone, for its purpose alone, and under a new secret key while the old is known."""

from typing import Any

import pytest

from patient_online.storage.sealing import CannotUnseal, seal, unseal

SECRET = "JBSWY3DPEHPK3PXP"


def test_what_is_sealed_opens_again_and_never_looks_the_same() -> None:
    first, second = seal(SECRET, purpose="app"), seal(SECRET, purpose="app")
    assert unseal(first, purpose="app") == unseal(second, purpose="app") == SECRET
    assert first != second
    assert SECRET not in first


def test_what_was_sealed_for_one_purpose_does_not_open_for_another() -> None:
    with pytest.raises(CannotUnseal):
        unseal(seal(SECRET, purpose="app"), purpose="codes")


@pytest.mark.parametrize("broken", ["", "nothing", "0a1b2c3d4e5f.AAAA", SECRET])
def test_what_we_never_sealed_does_not_open(broken: str) -> None:
    with pytest.raises(CannotUnseal):
        unseal(broken, purpose="app")


def test_what_was_changed_by_one_letter_does_not_open() -> None:
    sealed = seal(SECRET, purpose="app")
    name, _, rest = sealed.partition(".")
    other = "A" if rest[20] != "A" else "B"
    with pytest.raises(CannotUnseal):
        unseal(f"{name}.{rest[:20]}{other}{rest[21:]}", purpose="app")
    with pytest.raises(CannotUnseal):
        unseal(f"{name}.{rest[:9]}", purpose="app")


def test_a_new_secret_key_opens_what_the_old_one_sealed_while_the_old_one_is_known(settings: Any) -> None:
    settings.SECRET_KEY = "the first of two made-up keys"
    sealed = seal(SECRET, purpose="app")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second of them", ["the first of two made-up keys"]
    assert unseal(sealed, purpose="app") == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotUnseal):
        unseal(sealed, purpose="app")
