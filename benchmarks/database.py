"""A PostgreSQL for the length of a measurement, as a city starts it."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hapgang.writer.postgres import Postgres, start


@contextmanager
def scratch_server() -> Iterator[Postgres]:
    """Serve an empty database until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        with start(Path(folder)) as server:
            yield server
        wait_until_stopped(Path(folder))


def wait_until_stopped(folder: Path) -> None:
    """Return when nothing of the server in a folder lives, so that its files can go."""
    with (folder / "pg/server.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
