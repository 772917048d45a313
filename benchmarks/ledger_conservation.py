"""A million random operations with money while the writer and PostgreSQL are killed in between.

python -m benchmarks.ledger_conservation --operations 20000 --kills 4 --seed 7

Connections do at random what can be done: transfers, holds, posts, voids, linked batches, refunds,
freezes, repeats, overspending from two sides, rubbish. Then something is killed with no time to say
goodbye while all of them wait for answers. When the city is back, its tables are read and held
against an independent model: what was answered is there to the letter, what was not is wholly there
or wholly not, nothing else is there, every account has what its transfers sum to, all of them sum
to zero, and each transfer has its leaf in the log.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import uvloop

from benchmarks.city import CLIENTS, ServedCity
from benchmarks.database import wait_until_stopped
from benchmarks.ledger_customers import Crowd, Line, Purse, plain
from benchmarks.ledger_model import Model, Row
from benchmarks.report import Result, load_average
from benchmarks.town import counter_id
from hapgang.contract import Role
from hapgang.writer.postgres import start

OPERATIONS, KILLS, SEED = 1_000_000, 24, 7
FEWEST_KILLS = 10  # of each
PURSES = CLIENTS // 2  # two connections use each, so that both may spend the last won
WHAT = ("writer", "postmaster", "writer and postmaster")
_BACK_S, _OVER_S = 120.0, 60.0
_ROWS = (
    "SELECT id, debit, credit, amount_won, step, of, seq FROM transfer WHERE seq > $1 ORDER BY seq"
)
_UNLOGGED = (
    "SELECT id FROM transfer WHERE seq > $1 AND NOT EXISTS"
    " (SELECT FROM leaf WHERE fact = transfer.id AND leaf.kind = 'transfer')"
)
_LEAVES = "SELECT count(*) FROM leaf WHERE seq > $1 AND kind = 'transfer'"


class City:
    """The process that is killed, and its database."""

    def __init__(self, state: Path) -> None:
        """Start it."""
        self._state = state
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "benchmarks.served", str(self._state)]
        with (self._state.parent / "city.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        with self._process.stdout as told:
            self.door = ServedCity(self._state, int(told.readline()), 0)

    def kill(self, what: str) -> None:
        """Kill the writer, the database, or both, at once."""
        if "postmaster" in what:
            pid = (self._state / "pg/data/postmaster.pid").read_text().split()[0]
            os.kill(int(pid), signal.SIGKILL)
        if "writer" in what:
            self._process.kill()
            self._process.wait()

    def back(self) -> None:
        """Return when something can be kept again."""
        if self._process.poll() is not None:
            self._start()
        until_s = time.monotonic() + _BACK_S
        while True:
            try:
                token = self.door.token("keeper", Role.OPERATOR)
                self.door.post("/api/bench/town/bump", token, {"counter": counter_id(0)})
            except (OSError, RuntimeError):
                if time.monotonic() > until_s or self._process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def end(self) -> None:
        """Let it end."""
        self._process.terminate()
        self._process.wait()
        wait_until_stopped(self._state)


class Siege:
    """A city, its people, what kills it, and what was found wrong."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Start the city and open everybody's account."""
        state = folder / "state"
        state.mkdir(mode=0o700)
        self.state, self.city = state, City(state)
        door = self.city.door
        purses = [Purse(f"p{number}", door.token(f"p{number}")) for number in range(PURSES)]
        for purse in purses:
            door.get("/api/me/account", purse.token)
        self.crowd = Crowd(purses, door.token("op", Role.OPERATOR), seed)
        self.model = Model()
        self.kills: list[str] = []
        self.away_s: list[float] = []
        self.wrong: list[str] = []

    async def live(self, operations: int, kills: int) -> None:
        """Do so many operations with so many kills between them, and check after each."""
        for number in range(kills):
            await self._storm(operations * (number + 1) // (kills + 1), WHAT[number % 3])
            await self._check()
        await self._storm(operations, None)
        await self._check()

    async def _storm(self, until: int, what: str | None) -> None:
        """Go on until so many operations were asked for; then kill something amid the others."""
        is_over = False

        def may_go_on() -> bool:
            nonlocal is_over
            if not is_over and self.crowd.asked >= until:
                is_over = True
                if what is not None:
                    self.city.kill(what)
                    self.kills.append(what)
            return not is_over

        lines = [
            Line(self.crowd, self.crowd.purses[number % PURSES], may_go_on)
            for number in range(CLIENTS)
        ]
        port = self.city.door.port
        loop = asyncio.get_running_loop()
        for line in lines:
            await loop.create_connection(lambda line=line: line, "127.0.0.1", port)  # type: ignore[misc]  # bound at once
        while not is_over:
            if any(line.over.is_set() for line in lines):
                raise RuntimeError("a connection ended by itself")
            await asyncio.sleep(0.01)
        since_s = time.monotonic()
        async with asyncio.timeout(_OVER_S):
            await asyncio.gather(*(line.over.wait() for line in lines))
        await asyncio.to_thread(self.city.back)
        if what is not None:
            self.away_s.append(time.monotonic() - since_s)

    async def _check(self) -> None:
        """Hold the tables against what people were told, and against the model."""
        with await asyncio.to_thread(start, self.state) as server:
            connection = await asyncpg.connect(**server.connect_kwargs)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                seq = self.model.seq
                found = await connection.fetch(_ROWS, seq)
                accounts = await connection.fetch("SELECT * FROM account")
                unlogged = await connection.fetch(_UNLOGGED, seq)
                leaves = await connection.fetchval(_LEAVES, seq)
            await connection.close()
        rows = [Row(*record[:6]) for record in found]
        wrong, there = self.crowd.told.compare(rows)
        self.crowd.found(there)
        wrong += [fault for row in rows if (fault := self.model.take(row)) is not None]
        wrong += self.model.differences(accounts)
        wrong += [f"{record[0]} has no leaf in the log" for record in unlogged]
        if leaves != len(rows):
            wrong.append(f"{leaves} leaves for {len(rows)} transfers")
        if found:
            self.model.seq = found[-1]["seq"]
        self.wrong += wrong + self.crowd.wrong
        self.crowd.wrong = []


def besieged(operations: int, kills: int, seed: int = SEED) -> Siege:
    """Return what came of so many operations and kills; the city has ended."""
    with tempfile.TemporaryDirectory() as folder:
        siege = Siege(Path(folder), seed)
        try:
            uvloop.run(siege.live(operations, kills))
        finally:
            siege.city.end()
    return siege


def run(operations: int = OPERATIONS, kills: int = KILLS, seed: int = SEED) -> list[Result]:
    """Return how much was done, killed, and found wrong; raise where too little was killed."""
    began_s = time.monotonic()
    siege = besieged(operations, kills, seed)
    counts = {word: sum(word in what for what in siege.kills) for word in ("writer", "postmaster")}
    if operations >= OPERATIONS and min(counts.values()) < FEWEST_KILLS:
        raise RuntimeError(f"too few were killed: {counts}")
    for line in siege.wrong[:20]:
        print(line, file=sys.stderr)
    took = f"{time.monotonic() - began_s:,.0f} s in all, seed {seed}; {load_average()}"
    return [
        Result(
            name="ledger.conservation_operations", value=siege.crowd.asked, unit="",
            goal=OPERATIONS, note=f"{siege.model.rows:,} transfers; {plain(siege.crowd.counts)}",
        ),
        Result(
            name="ledger.conservation_kills", value=len(siege.kills), unit="", goal=KILLS,
            note=f"SIGKILL: writer {counts['writer']} times, PostgreSQL {counts['postmaster']}"
            f" times; away {max(siege.away_s, default=0):.1f} s at most; {took}",
        ),
        Result(
            name="ledger.conservation_differences", value=len(siege.wrong), unit="", goal=0,
            note="at most; from the tables, against an independent model, after each return",
        ),
    ]  # fmt: skip


def main() -> int:
    """Run with fewer operations, kills, or another seed; the exit status is 1 where they differ."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ledger_conservation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--operations", type=int, default=OPERATIONS)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    results = run(chosen.operations, chosen.kills, chosen.seed)
    for result in results:
        print(f"{result.name}  {result.value:,.0f}  {result.note}")
    return int(results[-1].value > 0)


if __name__ == "__main__":
    sys.exit(main())
