"""A node of foundry's anvil, where one is found, and how to speak to it."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coincurve import PrivateKey

from hapgang.ledger.anchor.node import Node

# The first two accounts that anvil gives 10,000 ether each, as its --help and documentation tell.
RICH = PrivateKey.from_hex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
OTHER = PrivateKey.from_hex("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")


def found_anvil() -> str:
    """The program: HAPGANG_ANVIL, else on PATH; or the test is skipped."""
    found = os.environ.get("HAPGANG_ANVIL") or shutil.which("anvil")
    if found is None or not Path(found).exists():
        pytest.skip("no anvil: npm install @foundry-rs/anvil, and name it in HAPGANG_ANVIL")
    return found


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


class Anvil:
    """One node, which may be killed and started again at its port."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.port, self.state, self.words = free_port(), folder / "anvil.json", words
        self.rpc = Node(self.send)
        self.start()

    def start(self) -> None:
        program = [found_anvil(), "--port", str(self.port), "--silent", *self.words]
        self.process = subprocess.Popen([*program, "--state", str(self.state)])
        until = time.monotonic() + 60
        while True:  # the node tells nobody when it listens
            try:
                self.rpc.ask("eth_chainId")
            except Exception:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def send(self, body: bytes) -> bytes:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("POST", "/", body, {"Content-Type": "application/json"})
            return line.getresponse().read(1 << 21)
        finally:
            line.close()

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(30)

    def mine(self, blocks: int = 1) -> None:
        self.rpc.ask("anvil_mine", hex(blocks))


@contextmanager
def anvil(folder: Path, *words: str) -> Iterator[Anvil]:
    node = Anvil(folder, *words)
    try:
        yield node
    finally:
        if node.process.poll() is None:
            node.stop(signal.SIGKILL)
