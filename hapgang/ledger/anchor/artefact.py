"""The compiled contract, as it is committed."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec


class Artefact(msgspec.Struct, frozen=True):
    """What the compiler made, and with what."""

    contract: str
    compiler: str
    evm_version: str
    source_sha256: str
    methods: dict[str, str]
    slots: dict[str, int]
    bytecode: str
    runtime: str
    abi: list[dict[str, Any]]

    def selector(self, name: str) -> bytes:
        """Return the four bytes a call begins with."""
        (found,) = (code for method, code in self.methods.items() if method.startswith(f"{name}("))
        return bytes.fromhex(found[2:])


@cache
def artefact() -> Artefact:
    """Return the contract."""
    return msgspec.json.decode(Path(__file__).with_name("Anchor.json").read_bytes(), type=Artefact)
