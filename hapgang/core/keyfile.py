"""A secret key in a file that only the city's user can read."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from hapgang.core.errors import Unavailable

KEY_BYTES = 32


def key_at(path: Path) -> bytes:
    """Return the key in a file; it is made when absent, the same for all who ask at once."""
    if not path.exists():
        handle, beside = tempfile.mkstemp(".new", path.name, path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(secrets.token_bytes(KEY_BYTES))
                out.flush()
                os.fsync(out.fileno())
            with suppress(FileExistsError):
                os.link(beside, path)  # the first of two starting cities wins
        finally:
            Path(beside).unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Unavailable(
            f"{path} is damaged: it has {len(key)} bytes, not {KEY_BYTES}. Put back the one that"
            " belongs to this city.",
            f"{path} 파일이 손상되었습니다. 이 도시의 원래 파일을 되돌려 주세요.",
        )
    return key
