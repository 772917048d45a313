"""What a backup consists of: which files, their sums, and what is said about them."""

import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

from hapgang.core.errors import Conflict
from hapgang.writer.dump import Picture

FORMAT = 1
CITY, DATABASE, KEYS = "city", "database.dump", "keys"
FORGOTTEN, MANIFEST, SUMS = "forgotten.csv", "manifest.json", "SHA256SUMS"
MASTER = "master.key"
ALIAS, TENANTS = "source-alias", "tenants"
# Feeds name tokens of their sources; the log's keys open its leaves and sign in the city's name.
SECRETS = (
    MASTER,
    "token.key",
    "operators.toml",
    "feeds",
    "log.key",
    "log-signing.key",
    "identity.key",
    "identity-former.json",
    "witness.key",
    "chain.key",
    "ballot-keys",
)
MADE_AGAIN = ("pg", "cache", "tiles", "devices", "log", "votes")  # three are in the dump
_CHUNK = 1 << 20
_MOST_MANIFEST_BYTES = 64 << 20


class Part(msgspec.Struct, frozen=True):
    """A database of the city: its own, or a tenant's."""

    picture: Picture
    master_key: str | None  # which one its personal data need; not the key itself


class Manifest(msgspec.Struct, frozen=True):
    """What is in a backup."""

    format: int
    hapgang: str
    city: str
    made_at: datetime
    with_keys: bool
    n_files: int
    n_bytes: int
    own: Part
    tenants: dict[str, Part]

    @property
    def at(self) -> datetime:
        """Of which instant the city's own database is."""
        return self.own.picture.at

    @property
    def parts(self) -> dict[str, Part]:
        """All databases, by the folder below the city's in which what belongs to one lies."""
        named = {f"{TENANTS}/{name}": part for name, part in sorted(self.tenants.items())}
        return {"": self.own, **named}


class Damaged(Conflict):
    """A backup is not as it was written."""


def damaged(what: str) -> NoReturn:
    """Say that a backup cannot be trusted."""
    raise Damaged(
        f"The backup is damaged: {what}. Take another one.",
        f"백업이 손상되었습니다: {what}. 다른 백업을 쓰세요.",
    )


def fingerprint(master: bytes) -> str:
    """Return what tells one master key from another and says nothing about it."""
    return digest(master, b"hapgang backup", "sha256").hex()


def database_file(place: str) -> str:
    """Return the name of the dump of the database that belongs to a folder below the city's."""
    return f"{place}.dump" if place else DATABASE


def kind_of(name: str) -> str:
    """Return the first part of a file's path in its city's folder, or in its tenant's."""
    parts = name.split("/")
    return parts[2] if parts[0] == TENANTS and len(parts) > 2 else parts[0]


def files_of(folder: Path) -> Iterator[str]:
    """Yield the paths of a folder's files below it, in order; what is half written is left out."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_unfinished(name))
        for name in sorted(files):
            if not _is_unfinished(name):
                yield Path(path, name).relative_to(folder).as_posix()


def _is_unfinished(name: str) -> bool:
    return name.startswith((".", "__pycache__")) or name.endswith((".part", ".new", ".tmp"))


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        found = sha256()
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def copy(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file to disk, a chunk at a time; return its SHA-256 and size."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found, n_bytes = sha256(), 0
    with source.open("rb") as file, _private(target) as out:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
            n_bytes += out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return found.hexdigest(), n_bytes


def write(path: Path, content: bytes) -> str:
    """Write a small file to disk; return its SHA-256."""
    with _private(path) as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return sha256(content).hexdigest()


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def sync_folders(folder: Path) -> None:
    """Write to disk which names the folders hold."""
    for path, _, _ in os.walk(folder, topdown=False):
        sync(Path(path))


def sync(path: Path) -> None:
    """Write to disk what a file holds, or which names a folder does."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_sums(folder: Path) -> dict[str, str]:
    """Return the sums that a backup names, checked against what lies there."""
    sums: dict[str, str] = {}
    try:
        lines = _small(folder / SUMS).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        damaged(f"{SUMS} cannot be read ({error})")
    for line in lines:
        value, _, name = line.partition("  ")
        if Path(name).is_absolute() or ".." in Path(name).parts or not name:
            damaged(f"{SUMS} names {name!r}")
        sums[name] = value
    there = {name for name in files_of(folder) if name != SUMS}
    if missing := sorted(sums.keys() - there):
        damaged(f"{missing[0]} is missing")
    if more := sorted(there - sums.keys()):
        damaged(f"{more[0]} does not belong to it")
    return sums


def check_sums(folder: Path) -> int:
    """Read every file of a backup; return how many bytes. `Damaged` where one is not as written."""
    n_bytes = 0
    for name, wanted in read_sums(folder).items():
        path = folder / name
        if path.is_symlink() or sum_of(path) != wanted:
            damaged(f"{name} is not as it was written")
        n_bytes += path.stat().st_size
    return n_bytes


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says about itself; its sums are not looked at."""
    try:
        return msgspec.json.decode(_small(folder / MANIFEST), type=Manifest)
    except FileNotFoundError:
        raise Conflict(
            f"{folder} is no backup: it has no {MANIFEST}.",
            f"{folder}은(는) 백업이 아닙니다. {MANIFEST}이 없습니다.",
        ) from None
    except (OSError, msgspec.DecodeError) as error:
        damaged(f"{folder / MANIFEST} cannot be read ({error})")


def _small(path: Path) -> bytes:
    if path.stat().st_size > _MOST_MANIFEST_BYTES:
        damaged(f"{path.name} is too large")
    return path.read_bytes()
