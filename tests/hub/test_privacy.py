"""Keys of persons: sealed, wrapped, destroyed."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Unavailable
from hapgang.hub.privacy import Forgotten, KeyVault

ANNE, BERT = "urn:p:anne", "urn:p:bert"


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_for_the_same_person_only(plain: bytes) -> None:
    vault = KeyVault(bytes(32))
    sealed = vault.seal(ANNE, plain)
    assert vault.open(ANNE, sealed) == plain
    assert len(plain) < 8 or plain not in sealed
    assert vault.seal(ANNE, plain) != sealed
    vault.seal(BERT, b"")
    with pytest.raises(Forgotten):
        vault.open(BERT, sealed)


def test_keys_are_written_once_and_come_back() -> None:
    vault = KeyVault(bytes(32))
    sealed = vault.seal(ANNE, b"hello")
    vault.seal(ANNE, b"again")
    keys = vault.take_new_keys()
    assert [person for person, _ in keys] == [ANNE]
    assert vault.take_new_keys() == []
    again = KeyVault(bytes(32))
    again.load(dict(keys))
    assert again.open(ANNE, sealed) == b"hello"


def test_a_destroyed_key_is_gone() -> None:
    vault = KeyVault(bytes(32))
    sealed = vault.seal(ANNE, b"hello")
    vault.destroy(ANNE)
    assert vault.take_new_keys() == []
    with pytest.raises(Forgotten):
        vault.open(ANNE, sealed)
    again = vault.seal(ANNE, b"back again")
    with pytest.raises(Forgotten):
        vault.open(ANNE, sealed)
    assert vault.open(ANNE, again) == b"back again"
    with pytest.raises(Forgotten):
        vault.open(ANNE, again[:-1] + bytes([again[-1] ^ 1]))


def test_a_wrong_master_key_is_named(tmp_path: Path) -> None:
    vault = KeyVault(bytes(32))
    vault.seal(ANNE, b"hello")
    keys = dict(vault.take_new_keys())
    with pytest.raises(Unavailable, match=r"master\.key"):
        KeyVault(b"x" * 32).load(keys)
    with pytest.raises(Unavailable, match=r"master\.key"):
        KeyVault(bytes(32)).load({BERT: keys[ANNE]})
    (tmp_path / "master.key").write_bytes(b"short")
    with pytest.raises(Unavailable, match=r"master\.key"):
        KeyVault.at(tmp_path)


def test_the_master_key_is_made_once_and_private(tmp_path: Path) -> None:
    vaults: list[KeyVault] = []
    threads = [
        threading.Thread(target=lambda: vaults.append(KeyVault.at(tmp_path))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = vaults[0].seal(ANNE, b"hello")
    keys = dict(vaults[0].take_new_keys())
    assert len(vaults) == 8
    for vault in vaults:
        vault.load(keys)
        assert vault.open(ANNE, sealed) == b"hello"
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "master.key"]
