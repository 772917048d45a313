"""A secp256k1 key in a file that only its owner may read."""

import os
import stat
from pathlib import Path

from coincurve import PrivateKey

from hapgang.core.errors import Invalid, Refused
from hapgang.ledger.anchor.files import write_new


def made_key(path: Path) -> PrivateKey:
    """Draw a key and keep it in a new file, mode 0600; `FileExistsError` if there is one."""
    if path.exists():  # it is there at each start but the first
        raise FileExistsError(path)
    key = PrivateKey()
    write_new(path, key.to_hex().encode() + b"\n")
    return key


def load_key(path: Path) -> PrivateKey:
    """Read a key: 64 hexadecimal digits, in a file of mode 0600 or less."""
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise Refused(
                f"Others may read {path}; set its mode to 0600",
                f"{path} 파일을 다른 사용자가 읽을 수 있습니다. 권한을 0600으로 바꿔 주세요.",
            )
        text = file.read(200).strip().removeprefix(b"0x")
    try:
        if len(text) != 64:
            raise ValueError("too short or too long")
        return PrivateKey(bytes.fromhex(text.decode("ascii")))
    except ValueError:
        raise Invalid(
            f"{path} holds no key: 64 hexadecimal digits",
            f"{path} 파일에 키가 없습니다. 16진수 64자여야 합니다.",
        ) from None
