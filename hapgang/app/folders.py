"""Folders of files that are there whole or not at all."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def write_folder(
    folder: Path, files: Iterable[tuple[str, bytes]], *, replace: bool = False, mode: int = 0o777
) -> int:
    """Write files beside the folder, then rename; return how many bytes. What fails leaves nothing.

    Raises `OSError`, also where the folder is there already and is not to be replaced.
    """
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    beside.mkdir(mode)
    try:
        n_bytes = 0
        for name, content in files:
            with (beside / name).open("xb") as out:
                n_bytes += out.write(content)
                out.flush()
                os.fsync(out.fileno())
        if replace and folder.is_dir():
            folder.rename(old)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if old.is_dir() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    return n_bytes
