"""A city whose contract asks for outside witnesses, each in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.log.anchors import CHAIN, CONTRACT, SENDER, URL, key_in
from hapgang.app.log.asking import exchanged
from hapgang.app.log.deploying import deploy
from hapgang.app.log.witnesses import THRESHOLD, WITNESSES
from hapgang.app.witness.serving import Keys
from hapgang.core.errors import Invalid
from hapgang.ledger.anchor.message import address_of
from tests.ledger.anchor.nodes import anvil
from tests.living import Town, run
from tests.village import move_in, person

ANNE, BERT = person("anne"), person("bert")
OPERATORS = 10**20
START = "import sys; from hapgang.app.cli import main; sys.exit(main(sys.argv[1:]))"


class Process:
    """One witness, which may be killed and started again with its folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.keys = Keys(folder / name, f"{name}.example.org")
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, log: str) -> None:
        words = ["witness", str(self.keys.folder), "--name", self.keys.key.name]
        words += ["--log", log, "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *words], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        self.port = int(said.rsplit(":", 1)[1])

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.communicate(timeout=30)
            self.process = None


@contextmanager
def witnesses(folder: Path, count: int) -> Iterator[list[Process]]:
    made = [Process(folder, f"w{number}") for number in range(count)]
    try:
        yield made
    finally:
        for each in made:
            each.kill()


async def grow(town: Town, name: str) -> None:
    """Write a fact more, sign the log and bring it to the chain."""
    for someone in (ANNE, BERT):
        move_in(town.runtime, someone, 2_000)
    body = {"transfer": name, "payee": BERT.id, "amount_won": 5}
    assert (await town.call("POST", "/api/me/transfers", body, caller=ANNE)).status == 200
    await town.live.log.publish(town.live.reads)
    await town.live.log.anchor()


async def log_of(town: Town) -> Any:
    return (await town.call("GET", "/api/log")).json()


async def anchored(town: Town, name: str) -> Any:
    """Grow until the chain has all; the pauses after a failure are not waited for."""
    await grow(town, name)
    said = await log_of(town)
    size, _ = await town.live.log.covering(said["signed"]) or (0, None)
    assert size == said["signed"], said
    return said


def states(said: Any) -> list[str]:
    return [each["state"] for each in said["witnesses"]]


def show_fork(process: Process, town: Town, old: int) -> None:
    """Show a witness another log that the city signed, of one leaf more."""
    log = town.live.log
    fork = log.signer.checkpoint(old, b"f" * 32).whole().encode()
    told = exchanged(f"{process.url}/add-checkpoint", b"old %d\n\n" % old + fork, "text/plain")
    assert told.status == 409, told


def skip_pauses(town: Town) -> None:
    anchors = town.live.log._anchors
    assert anchors is not None
    anchors._anchoring._again_at_s = 0.0


def set_up(people: Sequence[Process], urls: Sequence[str], log: str, how_many: int) -> None:
    for each in people:
        each.start(log)
    os.environ[WITNESSES] = " ".join([*(each.url for each in people), *urls])
    os.environ[THRESHOLD] = str(how_many)


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (WITNESSES, THRESHOLD, URL, CHAIN, CONTRACT):
        monkeypatch.setenv(name, "")


def test_settings_that_cannot_be_are_told(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(town: Town) -> None:
        monkeypatch.setenv(WITNESSES, "ftp://witness")
        with pytest.raises(Invalid, match=WITNESSES):
            await grow(town, "t1")
        monkeypatch.setenv(WITNESSES, "http://127.0.0.1:1")
        monkeypatch.setenv(THRESHOLD, "many")
        await town.live.log.anchor()
        said = await log_of(town)
        assert said["chain"] == "away"
        assert "does not say who it is" in said["chain_why"]

    run(then, database, small_city, tmp_path / "state")


@pytest.mark.slow
def test_three_of_five_sign_in_process(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    told: dict[str, Any] = {}

    async def begin(town: Town) -> None:
        told.update(await anchored(town, "t0"))

    async def go_on(town: Town) -> None:
        said = await anchored(town, "t1")  # the city's own, and the first two who answer
        assert states(said)[3] in ("not asked", "away")  # the slow one; nobody waited for it
        people[1].kill()
        said = await anchored(town, "t2")
        assert said["chain"] == "anchored"
        people[1].start(told["log"])
        show_fork(people[2], town, said["signed"])
        people[2].kill()
        await grow(town, "t3")
        skip_pauses(town)
        said = await anchored(town, "t4")
        people[0].kill()
        await grow(town, "t5")
        said = await log_of(town)
        assert said["chain"] == "away"
        assert "2 of 3 witnesses" in said["chain_why"]
        people[0].start(told["log"])
        skip_pauses(town)
        await anchored(town, "t6")
        numbers = (await town.call("GET", "/metrics")).body.decode()
        assert "hapgang_witnesses_away 2" in numbers  # the killed and the slow one

    run(begin, database, small_city, tmp_path / "state")
    with witnesses(tmp_path, 3) as people, socket.create_server(("127.0.0.1", 0)) as slow:
        told["log"] = f"{told['key']}@{told['chain_id']}:{told['contract']}"
        set_up(people, [], told["log"], 3)
        naming = Process(tmp_path, "w3")
        naming.start(told["log"])  # to be appointed it has to say who it is; then it is slow
        os.environ[WITNESSES] += f" {naming.url}"

        async def appoint(town: Town) -> None:
            await anchored(town, "t1a")

        run(appoint, database, small_city, tmp_path / "state")
        naming.kill()
        os.environ[WITNESSES] = os.environ[WITNESSES].replace(
            naming.url, f"http://127.0.0.1:{slow.getsockname()[1]}"
        )
        run(go_on, database, small_city, tmp_path / "state")


@pytest.mark.slow
def test_a_log_that_forks_is_refused_and_alarmed(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    told: dict[str, Any] = {}

    async def begin(town: Town) -> None:
        told.update(await anchored(town, "t0"))

    async def go_on(town: Town) -> None:
        size = told["signed"]
        fork = town.live.log.signer.checkpoint(size, b"f" * 32).whole().encode()
        other = exchanged(f"{people[1].url}/add-checkpoint", b"old 0\n\n" + fork, "text/plain")
        assert other.status == 200  # it was never shown the right one
        said = await anchored(town, "t1")  # two of three are enough
        while states(said)[1] == "not asked":
            said = await log_of(town)
        assert states(said) == ["signed", "forked"]
        assert "another log" in said["witnesses"][1]["why"]
        numbers = (await town.call("GET", "/metrics")).body.decode()
        assert "hapgang_witnesses_refusing 1" in numbers
        people[0].kill()
        await grow(town, "t2")
        assert (await log_of(town))["chain"] == "away"

    run(begin, database, small_city, tmp_path / "state")
    with witnesses(tmp_path, 2) as people:
        set_up(people, [], f"{told['key']}@{told['chain_id']}:{told['contract']}", 2)
        run(go_on, database, small_city, tmp_path / "state")


@pytest.mark.slow
def test_a_contract_of_two_at_a_node(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    told: dict[str, Any] = {}

    async def look(town: Town) -> None:
        told["key"] = (await town.call("GET", "/api/log/key")).body.decode()

    async def go_on(town: Town) -> None:
        for name in ("t1", "t2"):
            await grow(town, name)
            node.mine(3)
            await town.live.log.anchor()
            said = await log_of(town)
            size, _ = await town.live.log.covering(said["signed"]) or (0, None)
            assert size == said["signed"], said
            people[1].kill()  # two of three are enough
        people[0].kill()
        await grow(town, "t3")
        assert "1 of 2 witnesses" in (await log_of(town))["chain_why"]
        people[1].start(told["log"])
        skip_pauses(town)
        await town.live.log.anchor()
        node.mine(3)
        await town.live.log.anchor()
        size, _ = await town.live.log.covering(town.live.log.signed.size) or (0, None)
        assert size == town.live.log.signed.size

    run(look, database, small_city, state)
    with anvil(tmp_path) as node, witnesses(tmp_path, 2) as people:
        monkeypatch.setenv(URL, f"http://127.0.0.1:{node.port}")
        monkeypatch.setenv(CHAIN, str(int(node.rpc.ask("eth_chainId"), 16)))
        sender = address_of(key_in(state / SENDER).public_key)
        node.rpc.ask("anvil_setBalance", sender, hex(OPERATORS))
        put = deploy(state, [each.keys.address for each in people], 2)
        monkeypatch.setenv(CONTRACT, put.contract)
        told["log"] = f"{told['key']}@{os.environ[CHAIN]}:{put.contract}"
        set_up(people, [], told["log"], 1)  # the contract's number holds
        run(go_on, database, small_city, state)
