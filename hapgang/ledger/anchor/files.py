"""Small files that are whole or absent, whenever the machine stops."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put data into a file, mode 0600: written beside, brought to the disk, renamed into place."""
    beside = path.with_name(f"{path.name}.part")
    _write(beside, data)
    beside.replace(path)
    _settle(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Put data into a file that is not there yet; `FileExistsError` if it is."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    _write(beside, data)
    try:
        os.link(beside, path)
    finally:
        beside.unlink()
    _settle(path.parent)


def _write(beside: Path, data: bytes) -> None:
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
