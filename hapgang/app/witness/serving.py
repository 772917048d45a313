"""The process of one witness: its keys, the logs it watches, its web server."""

import asyncio
import fcntl
import os
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hapgang.app.listening import listening
from hapgang.app.log.anchors import key_in
from hapgang.app.serving import server_of
from hapgang.app.witness.door import Door
from hapgang.app.witness.watch import NOWHERE, Watch
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.ledger.anchor.message import address_of
from hapgang.ledger.log.note import Signer, VerifierKey

KEY, COSIGNING = "witness.key", "cosigning.key"
_LOG = re.compile(r"(.{1,400}?)(?:@([1-9][0-9]{0,15}):(0x[0-9a-fA-F]{40}))?")


class Keys:
    """Who a witness is: two keys in a folder of mode 0700, drawn when they are absent."""

    def __init__(self, folder: Path, name: str) -> None:
        """Read or draw them."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077:
            raise Refused(
                f"Others may read {folder}; set its mode to 0700",
                f"{folder} 폴더를 다른 사용자가 읽을 수 있습니다. 권한을 0700으로 바꿔 주세요.",
            )
        self.folder = folder
        self.private = key_in(folder / KEY)
        self.signer = Signer.at(name, folder / COSIGNING)

    @property
    def address(self) -> str:
        """What the contract has to name."""
        return address_of(self.private.public_key)

    @property
    def key(self) -> VerifierKey:
        """What checks the cosignatures."""
        return self.signer.witness_key()

    def watch(self, log: str) -> Watch:
        """Return what watches a log: its key, or KEY@CHAIN:CONTRACT where it is on a chain."""
        found = _LOG.fullmatch(log)
        if found is None:
            raise Invalid(
                "a log is KEY, or KEY@CHAIN:CONTRACT", "로그는 KEY 또는 KEY@체인:계약 형식입니다"
            )
        key, chain, contract = found.groups()
        return Watch(
            self.folder, VerifierKey.parse(key), self.private, self.signer,
            chain=int(chain or 0), contract=contract or NOWHERE,
        )  # fmt: skip


async def serve(keys: Keys, logs: Sequence[str], host: str, port: int) -> None:
    """Watch these logs until the process is told to end."""
    with _alone(keys.folder), listening(host, port) as door:
        watches = [keys.watch(log) for log in logs]
        if len({watch.key.name for watch in watches}) != len(watches) or not watches:
            raise Invalid(
                "name each log once: --log KEY", "로그마다 한 번씩 --log KEY를 지정하세요"
            )
        server = server_of(Door(keys.key, watches))
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, setattr, server, "should_exit", True)
        where = door.getsockname()
        print(f"Witness {keys.key.name} listens at http://{where[0]}:{where[1]}", flush=True)
        await server.serve(sockets=[door])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no second process sign from the same memory."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Conflict(
            f"another witness uses {folder}", f"다른 증인이 {folder}을(를) 쓰고 있습니다"
        ) from None
    finally:
        os.close(handle)
