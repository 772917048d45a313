"""Files that are there whole or not at all, and stay when the power fails.

One class, so that tests can cut it off at every step.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

_OPEN_AT_ONCE = 64


class Disk:
    """Writes files beside their place and renames them; `settle` makes the names durable."""

    def __init__(self) -> None:
        """Start with nothing to settle."""
        self._folders: set[Path] = set()

    def put(self, files: Iterable[tuple[Path, bytes]]) -> None:
        """Write files whole: many are on their way to the disk before the first is awaited."""
        waiting = list(files)
        for at in range(0, len(waiting), _OPEN_AT_ONCE):
            self._put(waiting[at : at + _OPEN_AT_ONCE])

    def settle(self) -> None:
        """Wait until the names of all that was put are on disk."""
        for folder in sorted(self._folders):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                self.sync(handle)
            finally:
                os.close(handle)
        self._folders.clear()

    def remove_folder(self, folder: Path) -> None:
        """Remove what nobody needs any more; what is left of it does no harm."""
        shutil.rmtree(folder, ignore_errors=True)

    def _put(self, files: list[tuple[Path, bytes]]) -> None:
        with ExitStack() as stack:
            handles = []
            for path, data in files:
                self._make_folder(path.parent)
                beside = path.with_name(f".{path.name}.new")  # the same each time: none pile up
                handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
                stack.callback(os.close, handle)
                self.write(handle, data)
                handles.append((handle, beside, path))
            for handle, _, _ in handles:
                self.sync(handle)
            for _, beside, path in handles:
                self.rename(beside, path)
                self._folders.add(path.parent)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            self._folders.add(folder.parent)

    def write(self, handle: int, data: bytes) -> None:
        """Write all of it."""
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def sync(self, handle: int) -> None:
        """Wait until a file or folder is on disk."""
        os.fsync(handle)

    def rename(self, beside: Path, path: Path) -> None:
        """Put a file that was written beside in its place."""
        beside.replace(path)
