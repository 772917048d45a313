"""Personal data at rest: one key for each person, and forgetting by destroying it.

AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D); a person's key is itself sealed under the
city's master key, which lies beside the database in a file that only the city's user can read.
"""

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hapgang.core.errors import NotFound, Unavailable
from hapgang.core.keyfile import KEY_BYTES, key_at

_NONCE = 12


class Forgotten(NotFound):
    """The person asked to be forgotten; what was sealed for them cannot be read any more."""


class KeyVault:
    """The keys of the city's people; a new one is written with the group that needs it."""

    def __init__(self, master: bytes) -> None:
        """Keep keys under a 32-byte master key."""
        self._master = AESGCM(master)
        self._keys: dict[str, AESGCM] = {}
        self._new: list[tuple[str, bytes]] = []

    @classmethod
    def at(cls, folder: Path) -> "KeyVault":
        """Return the vault whose master key lies in a city's folder; it is made when absent."""
        return cls(key_at(folder / "master.key"))

    def load(self, wrapped: dict[str, bytes]) -> None:
        """Replace what is known by the keys found on disk."""
        self._new.clear()
        self._keys = {}
        for person, sealed in wrapped.items():
            try:
                key = self._master.decrypt(sealed[:_NONCE], sealed[_NONCE:], person.encode())
            except InvalidTag:
                raise Unavailable(
                    "The city's master key does not fit its database. Put back the master.key"
                    " that belongs to it.",
                    "도시의 master.key가 데이터베이스와 맞지 않습니다. 원래 파일을 되돌려 주세요.",
                ) from None
            self._keys[person] = AESGCM(key)

    def seal(self, person: str, plain: bytes) -> bytes:
        """Encrypt under the person's key, which is made when there is none."""
        key = self._keys.get(person)
        if key is None:
            raw = secrets.token_bytes(KEY_BYTES)
            key = self._keys[person] = AESGCM(raw)
            nonce = secrets.token_bytes(_NONCE)
            self._new.append((person, nonce + self._master.encrypt(nonce, raw, person.encode())))
        nonce = secrets.token_bytes(_NONCE)
        return nonce + key.encrypt(nonce, plain, None)

    def open(self, person: str, sealed: bytes) -> bytes:
        """Decrypt what was sealed for a person; `Forgotten` when the key it needs is gone.

        Whoever comes back after being forgotten has another key.
        """
        key = self._keys.get(person)
        try:
            if key is not None:
                return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except InvalidTag:
            pass
        raise Forgotten(
            "This person asked to be forgotten.", "이 사람의 정보는 요청에 따라 삭제되었습니다."
        )

    def take_new_keys(self) -> list[tuple[str, bytes]]:
        """Return the wrapped keys made since the last call, to be written with this group."""
        fresh, self._new = self._new, []
        return fresh

    def destroy(self, person: str) -> None:
        """Forget a person's key in memory; the group that says so deletes it on disk."""
        self._keys.pop(person, None)
        self._new = [(other, wrapped) for other, wrapped in self._new if other != person]
