"""Somebody who does what a page says, in a folder of their own, and compares what is printed."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from tests.docs.pages import ROOT, Block, Command, commands_of, fits

BIN = Path(sys.executable).parent
_MARK = "=== next command ==="
_TYPED_S = 200.0


class Reader:
    """A reader with two terminals: one to type into, one in which a city runs."""

    def __init__(self, folder: Path, *, instead: Mapping[str, str] | None = None) -> None:
        """Read in a folder; `instead` are commands that this reader types in another way."""
        self.folder = folder / "checkout"
        self.folder.mkdir()
        (self.folder / "cities").symlink_to(ROOT / "cities")
        self.installed = folder / "installed"
        self._instead = {"source .venv/bin/activate": ":", **(instead or {})}
        self._drawer = folder / "blocks"
        self._drawer.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HAPGANG_STATE": str(folder / "state"),
            "PYTHONPATH": str(self.installed),
            "PYTHONUNBUFFERED": "1",
        }

    def read(self, steps: Sequence[Block]) -> None:
        """Do all steps; after a block `server` its city runs until a block `stopped`."""
        terminal: Block | None = None
        for is_server, group in groupby(steps, key=lambda block: block.info == "server"):
            if is_server:
                (terminal,) = group
                continue
            typed = list(group)
            ends = [i for i, block in enumerate(typed) if block.info == "stopped"] or [len(typed)]
            if terminal is None:
                self.follow(typed)
                continue
            with self._running(terminal):
                self.follow(typed[: ends[0]])
            self.follow(typed[ends[0] :])

    def follow(self, steps: Sequence[Block]) -> None:
        """Write files and type commands in one shell, and compare what is printed."""
        script, wanted = ["set -eo pipefail"], []
        for block in steps:
            if block.file:
                script.append(self._write(block))
            for command in commands_of(block):
                script += [f"echo '{_MARK}'", self._typed(command.words)]
                wanted.append(command)
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)],
            cwd=self.folder, env=self._environment, capture_output=True, text=True,
            timeout=_TYPED_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        for command, out in zip(wanted, done.stdout.split(f"{_MARK}\n")[1:], strict=True):
            _compare(command, command.printed, out)

    @contextmanager
    def _running(self, block: Block) -> Iterator[None]:
        """Run a city in the other terminal; it is up when it says so."""
        (command,) = commands_of(block)
        server = subprocess.Popen(
            [*shlex.split(command.words), "--port", str(self.port)],
            cwd=self.folder, env=self._environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            if not said:
                raise AssertionError(server.communicate(timeout=60)[1])
            _compare(command, command.printed.replace(":8000", f":{self.port}"), said)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)

    def _write(self, block: Block) -> str:
        staged = self._drawer / str(len(list(self._drawer.iterdir())))
        staged.write_text(block.text, "utf-8")
        return f"mkdir -p $(dirname {block.file}) && cp {staged} {block.file}"

    def _typed(self, words: str) -> str:
        return self._instead.get(words, words).replace("localhost:8000", f"localhost:{self.port}")


def _compare(command: Command, expected: str, printed: str) -> None:
    said = f"$ {command.words}\n{printed}\nbut the page says\n{expected}"
    assert fits(expected, printed), said
