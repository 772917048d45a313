"""The number of the last unit that is on disk, in memory that the processes of a city share."""

import mmap
from pathlib import Path

_N_BYTES = 8  # one aligned word, which a processor reads and writes whole


class Board:
    """Where the writer says how far the disk is, before it answers who asked for the change."""

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        """Share the number in a file; `is_new` makes the file."""
        if is_new:
            path.write_bytes(bytes(_N_BYTES))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _N_BYTES)
        self._cells = memoryview(self._memory).cast("q")

    @property
    def seq(self) -> int:
        """The last unit that is on disk."""
        return self._cells[0]

    @seq.setter
    def seq(self, value: int) -> None:
        self._cells[0] = value
