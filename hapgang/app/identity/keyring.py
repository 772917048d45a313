"""The keys of an issuer: one that signs, and those of before, by which its word is still checked.

The secret of a key of before is not kept: what it signed is checked by its public half. A key that
may be in other hands is dropped, and then nothing that it signed is believed.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hapgang.core.errors import Conflict, NotFound, Unavailable
from hapgang.core.keyfile import KEY_BYTES, key_at
from hapgang.ledger.identity.credentials import KINDS
from hapgang.ledger.identity.jose import Json, b64, public, thumbprint

KEY, FORMER = "identity.key", "identity-former.json"
LONGEST = timedelta(days=1 + max(kind.days for kind in KINDS.values()))
"""After that all that a key of before signed is over."""
MOST_FORMER = 32  # others read 64 keys of a document; a key a quarter for eight years
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class FormerKey(msgspec.Struct, frozen=True):
    """A key that signs no more: its public half, and until when it checks what it signed."""

    name: str
    key: dict[str, Any]
    retired_at: datetime
    until: datetime


class Keyring(msgspec.Struct, frozen=True):
    """What a city issues by; `former` with the newest first."""

    secret: bytes
    former: tuple[FormerKey, ...]


_former = msgspec.json.Decoder(tuple[FormerKey, ...])


def keyring_at(folder: Path) -> Keyring:
    """Return the keys in a city's folder; the first is made when there is none."""
    secret = key_at(folder / KEY)
    name = name_of(signing_key(secret))
    return Keyring(secret, tuple(one for one in _read(folder) if one.name != name))


def stamp_of(folder: Path) -> tuple[object, ...]:
    """Return what is another thing whenever the keys in a folder are."""
    return tuple(_stamp(folder / name) for name in (KEY, FORMER))


def rotate(folder: Path, now: datetime) -> Keyring:
    """Make a new key; the one of before signs nothing from now on, and its secret is gone.

    Its public half is kept first, so that whoever reads in between has both.
    """
    with _alone(folder):
        before = keyring_at(folder)
        kept = [one for one in before.former if now < one.until]
        if len(kept) >= MOST_FORMER:
            raise Conflict(
                f"{MOST_FORMER} keys of before still check credentials: drop the oldest first.",
                f"이전 열쇠가 {MOST_FORMER}개입니다. 가장 오래된 것을 먼저 빼세요.",
            )
        old = signing_key(before.secret)
        _write(folder, (FormerKey(name_of(old), public(old), now, now + LONGEST), *kept))
        _replace(folder / KEY, secrets.token_bytes(KEY_BYTES))
        return keyring_at(folder)


def drop(folder: Path, name: str) -> Keyring:
    """Stop believing a key of before: what it signed has to be issued anew."""
    with _alone(folder):
        ring = keyring_at(folder)
        if name == name_of(signing_key(ring.secret)):
            raise Conflict(
                "This key signs now: make another one first (`hapgang identity rotate`).",
                "지금 서명에 쓰는 열쇠입니다. 먼저 `hapgang identity rotate`로 바꾸세요.",
            )
        kept = tuple(one for one in ring.former if one.name != name)
        if len(kept) == len(ring.former):
            raise NotFound("there is no such key of before", "그런 이전 열쇠가 없습니다")
        _write(folder, kept)
        return Keyring(ring.secret, kept)


def derived(secret: bytes, purpose: str, length: int) -> bytes:
    """Return what a secret is used as for a purpose."""
    info = f"hapgang/identity/{purpose}".encode()
    return HKDF(hashes.SHA256(), length, None, info).derive(secret)


def signing_key(secret: bytes) -> Json:
    """Return the key of 384 random bits, more than it has: none is likelier (FIPS 186-5, A.2.1)."""
    scalar = int.from_bytes(derived(secret, "issuer", 48), "big") % (_P256_ORDER - 1) + 1
    point = ec.derive_private_key(scalar, ec.SECP256R1()).public_key().public_numbers()
    x, y, d = (b64(each.to_bytes(32, "big")) for each in (point.x, point.y, scalar))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d}


def name_of(key: Json) -> str:
    """Return how a key is called in the city's DID document."""
    return thumbprint(key)[:16]


def _read(folder: Path) -> tuple[FormerKey, ...]:
    try:
        return _former.decode((folder / FORMER).read_bytes())
    except FileNotFoundError:
        return ()
    except msgspec.DecodeError as wrong:
        raise Unavailable(
            f"{folder / FORMER} is damaged. Put back the one of a backup.",
            f"{folder / FORMER} 파일이 손상되었습니다. 백업에서 되돌려 주세요.",
        ) from wrong


def _write(folder: Path, former: tuple[FormerKey, ...]) -> None:
    _replace(folder / FORMER, msgspec.json.encode(former))


def _replace(path: Path, content: bytes) -> None:
    """Put a file in another's place: whole, on disk, and only for the city's user."""
    beside = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        beside.unlink()
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)
    _to_disk(path.parent)


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else change the keys meanwhile; the kernel ends it with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino
