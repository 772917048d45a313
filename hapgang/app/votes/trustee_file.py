"""A trustee's secrets, in one file of its own machine that nobody else can read."""

import os
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Card, Hex32

_RAW = Encoding.Raw, PublicFormat.Raw


class OnePoll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of one poll."""

    sha256: Hex32  # of the poll that was confirmed
    secret: Hex32  # the share of its key
    board: Hex32 | None = None  # the one board that was decrypted
    share: dict[str, Any] | None = None


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that the file holds."""

    name: Text
    sealing: Hex32
    signing: Hex32
    polls: dict[str, OnePoll] = {}


class Kept:
    """The file, read once and written whole."""

    def __init__(self, path: Path, held: Secrets) -> None:
        """Hold what was read."""
        self._path = path
        self._held = held

    @classmethod
    def made(cls, path: Path, name: Text) -> "Kept":
        """Make keys in a new file."""
        if path.exists():
            raise Conflict(f"{path} exists", f"{path} 파일이 이미 있습니다")
        raw = Encoding.Raw, PrivateFormat.Raw, NoEncryption()
        sealing = X25519PrivateKey.generate().private_bytes(*raw).hex()
        signing = Ed25519PrivateKey.generate().private_bytes(*raw).hex()
        made = cls(path, Secrets(name, sealing, signing))
        made._write()
        return made

    @classmethod
    def read(cls, path: Path) -> "Kept":
        """Read the file; refuse one that others can read."""
        if not path.is_file():
            raise Invalid(f"there is no {path}; `init` makes one", f"{path} 파일이 없습니다")
        if path.stat().st_mode & 0o077:
            raise Refused(f"others can read {path}; chmod 600 it", f"{path} 권한을 600으로 하세요")
        try:
            return cls(path, msgspec.json.decode(path.read_bytes(), type=Secrets))
        except msgspec.MsgspecError as error:
            raise Invalid(f"{path} is damaged: {error}", f"{path} 파일이 손상되었습니다") from None

    @property
    def signing(self) -> Ed25519PrivateKey:
        """The key that signs this trustee's words."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._held.signing))

    @property
    def sealing(self) -> X25519PrivateKey:
        """The key that opens parts."""
        return X25519PrivateKey.from_private_bytes(bytes.fromhex(self._held.sealing))

    @property
    def card(self) -> Card:
        """What others may know."""
        sealing = self.sealing.public_key().public_bytes(*_RAW).hex()
        return Card(self._held.name, sealing, self.signing.public_key().public_bytes(*_RAW).hex())

    def poll(self, name: str) -> OnePoll | None:
        """Return what is kept of a poll."""
        return self._held.polls.get(name)

    def keep(self, name: str, poll: OnePoll) -> None:
        """Keep what is to be known of a poll; it is on disk when this returns."""
        held = {**self._held.polls, name: poll}
        self._held = msgspec.structs.replace(self._held, polls=held)
        self._write()

    def _write(self) -> None:
        unfinished = self._path.with_name(f"{self._path.name}.part")
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(msgspec.json.format(msgspec.json.encode(self._held)))
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
