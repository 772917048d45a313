"""A run's folder: there whole or not at all, whatever happens to whoever writes it."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hapgang.core.errors import Unavailable


@contextmanager
def kept(out: Path) -> Iterator[Path]:
    """Give a folder to fill, and rename it into its place; an older one of its name makes room."""
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    clear_remains(out.parent)
    beside = out.with_name(f".{out.name}.{os.getpid()}.{secrets.token_hex(4)}")
    older = beside.with_name(f"{beside.name}-older")
    try:
        beside.mkdir(mode=0o700)
        yield beside
        if out.exists():
            out.rename(older)
        beside.rename(out)
    except OSError as error:
        raise Unavailable(
            f"The run could not be kept in {out.parent}: {error.strerror}.",
            f"{out.parent}에 결과를 저장할 수 없습니다: {error.strerror}.",
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(older, ignore_errors=True)


def clear_remains(runs: Path) -> None:
    """Remove what processes that were killed while they kept a run have left behind."""
    for path in runs.glob(".*.*.*"):
        process = path.name.split(".")[-2]
        if process.isdecimal() and not _is_alive(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
