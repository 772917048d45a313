"""Small files that are whole or absent, whenever the machine stops."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put data into a file, mode 0600: written beside, brought to the disk, renamed into place."""
    beside = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
