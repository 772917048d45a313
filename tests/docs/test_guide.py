"""The guide "Write a service in an hour", followed word by word."""

import os
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Block, Command, blocks, commands_of, fits
from tests.small_city import write_small_city

GUIDE = ROOT / "docs" / "guides" / "write-a-service-in-an-hour.md"
BIN = ROOT / ".venv" / "bin"
INSTALL = "pip install --quiet --editable ./snow"
ACTIVATE = "source .venv/bin/activate"
_MARK = "=== next command ==="


class Reader:
    """Somebody who follows the guide in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.folder.mkdir()
        (self.folder / "cities").symlink_to(ROOT / "cities")
        self.installed = folder / "installed"
        self.drawer = folder / "blocks"
        self.drawer.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HAPGANG_STATE": str(folder / "state"),
            "PYTHONPATH": str(self.installed),
            "PYTHONUNBUFFERED": "1",
        }

    def follow(self, steps: Sequence[Block]) -> None:
        """Write files and type commands in one shell, and compare what is printed."""
        script, wanted = ["set -eo pipefail"], []
        for number, block in enumerate(steps):
            if block.file:
                script.append(self._write(number, block))
            for command in commands_of(block):
                script += [f"echo '{_MARK}'", self._typed(command.words)]
                wanted.append(command)
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=200,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        for command, out in zip(wanted, done.stdout.split(f"{_MARK}\n")[1:], strict=True):
            compare(command, command.printed, out)

    @contextmanager
    def serving(self, block: Block) -> Iterator[None]:
        """Run the guide's second terminal; the city is up when it says so."""
        (command,) = commands_of(block)
        server = subprocess.Popen(
            [*shlex.split(command.words), "--port", str(self.port)],
            cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            if not said:
                raise AssertionError(server.communicate(timeout=60)[1])
            compare(command, command.printed.replace(":8000", f":{self.port}"), said)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)

    def _write(self, number: int, block: Block) -> str:
        staged = self.drawer / str(number)
        staged.write_text(block.text, "utf-8")
        return f"mkdir -p $(dirname {block.file}) && cp {staged} {block.file}"

    def _typed(self, words: str) -> str:
        """What is run: the guide's words, except that nothing outside of the folder is touched."""
        if words == ACTIVATE:
            return ":"
        if words == INSTALL:
            quiet = "--quiet --offline --no-deps --no-build-isolation"
            return f"uv pip install {quiet} --target {self.installed} ./snow"
        return words.replace("localhost:8000", f"localhost:{self.port}")


def compare(command: Command, expected: str, printed: str) -> None:
    said = f"$ {command.words}\n{printed}\nbut the guide says\n{expected}"
    assert fits(expected, printed), said


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_the_files_make_a_service_that_passes_its_own_test(reader: Reader) -> None:
    write_small_city(reader.folder / "practice")
    wanted = ("pip ", "hapgang services", "pytest ")
    steps = [
        block
        for block in blocks(GUIDE)
        if block.file or any(c.words.startswith(wanted) for c in commands_of(block))
    ]
    reader.follow(steps)


@pytest.mark.slow
def test_every_word_of_the_guide(reader: Reader) -> None:
    steps = list(blocks(GUIDE))
    (terminal,) = (i for i, block in enumerate(steps) if block.info == "server")
    reader.follow(steps[:terminal])
    with reader.serving(steps[terminal]):
        reader.follow(steps[terminal + 1 :])
