"""Runs: the same twice, the same on disk, kept whole or not at all, and put together."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pyarrow.parquet as pq
import pytest

from hapgang.app.load import load
from hapgang.contract import Text
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import Conflict, NotFound, Unavailable
from hapgang.hub.lake import SCHEMAS
from hapgang.hub.privacy import KeyVault
from hapgang.rehearsal.build import chosen_services, runtime_of
from hapgang.rehearsal.disk import Disk
from hapgang.rehearsal.keeping import clear_remains
from hapgang.rehearsal.run import Measured, Report, live, rehearse, together
from hapgang.runtime.perform import Runtime
from hapgang.writer.postgres import start
from hapgang.writer.recall import Recall
from hapgang.writer.recovery import Archive
from hapgang.writer.writer import Writer
from tests.rehearsal.one_day import lived, wish, world

pytestmark = pytest.mark.slow  # rehearses whole days

DIGEST = """
from tests.rehearsal.one_day import lived
print(lived(residents=120).runtime.writer.digest)
"""


def quiet(_stage: str, _share: float) -> None:
    """Nobody watches."""


def digest_of(hash_seed: str) -> str:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_the_same_wish_is_the_same_run_in_every_process() -> None:
    digests = {digest_of("1"), digest_of("2"), lived(residents=120).runtime.writer.digest}
    assert len(digests) == 1
    assert len(digests.pop()) == 64


@pytest.mark.parametrize(
    "other", [{"seed": 8}, {"weather": "rain"}, {"without": ("mobility.sharing",)}]
)
def test_another_wish_is_another_run(other: dict[str, Any]) -> None:
    usual = lived(residents=120).runtime.writer.digest
    assert lived(**{"residents": 120, **other}).runtime.writer.digest != usual


def test_the_disk_changes_nothing_and_gives_everything_back(tmp_path: Path) -> None:
    asked = wish(residents=120)
    with Disk(tmp_path) as disk:
        on_disk = live(asked, world(), quiet, disk)
    assert on_disk.runtime.writer.digest == lived(residents=120).runtime.writer.digest
    assert on_disk.logbook.trips_by_mode == lived(residents=120).logbook.trips_by_mode
    again = asyncio.run(reloaded(tmp_path, on_disk.runtime))
    for runtime in (on_disk.runtime, again):
        assert runtime.book.total_won() == 0
    before, after = on_disk.runtime, again
    assert after.state.types() == before.state.types()
    for name in before.state.types():
        kept = {r.id: (r.view, r.extra, r.created, r.modified) for r in before.state.of_type(name)}
        found = {r.id: (r.view, r.extra, r.created, r.modified) for r in after.state.of_type(name)}
        assert found == kept, name
    assert sorted(after.book.accounts()) == sorted(before.book.accounts())


async def reloaded(folder: Path, before: Runtime) -> Runtime:
    """Return the runtime that is on disk; closed entities and transfers are compared here."""
    scene = world().scene
    clock = VirtualClock(before.clock.now(), before.clock.zone)
    after = Runtime(
        chosen_services(scene, ()), clock=clock, writer=Writer(), scene=scene, seed=7,
        settings=scene.scenario.settings,
    )  # fmt: skip
    with start(folder) as postgres:
        connect = postgres.connect_kwargs
        recall = await asyncio.to_thread(Recall, **connect)
        try:
            async with asyncpg.create_pool(min_size=1, max_size=1, **connect) as pool:
                archive = Archive(pool)
                await load(after, archive, recall, KeyVault.at(folder))
                await compare_closed(archive, before, after)
        finally:
            await asyncio.to_thread(recall.close)
    return after


async def compare_closed(archive: Archive, before: Runtime, after: Runtime) -> None:
    for closed in await archive.closed_ids():
        found, kept = after.closed.find(closed), before.closed.find(closed)
        assert found is not None
        assert kept is not None
        assert (found.view, found.closed) == (kept.view, True)
    transfers = await archive.transfer_ids()
    assert len(transfers) > 120
    assert all(after.book.find(name) == before.book.find(name) for name in transfers)


def test_a_disk_holds_one_run(tmp_path: Path) -> None:
    asked = wish(residents=20)
    rehearse(asked, quiet, world=world(), disk=tmp_path)
    with pytest.raises(Conflict, match="already"):
        rehearse(asked, quiet, world=world(), disk=tmp_path)


def test_a_run_is_kept_whole(tmp_path: Path) -> None:
    out = tmp_path / "runs" / "a"
    stages: list[tuple[str, float]] = []
    asked = wish(residents=60, days=2)
    report = rehearse(asked, lambda *told: stages.append(told), out, world=world())
    assert sorted(path.name for path in out.iterdir()) == [
        "lake", "playback", "playback.json", "report.json",
    ]  # fmt: skip
    assert [path.name for path in out.parent.iterdir()] == ["a"]
    assert msgspec.json.decode((out / "report.json").read_bytes(), type=Report) == report
    for table in SCHEMAS:
        files = sorted((out / "lake" / table).glob("*.parquet"))
        assert [file.stem for file in files] == ["a_2026-09-16", "a_2026-09-17"]
        assert all(pq.read_schema(file).equals(SCHEMAS[table]) for file in files)
    kpis = pq.read_table(out / "lake" / "kpi").to_pylist()
    assert {(k["service"], k["name"]): k["value"] for k in kpis} == {
        (k.service, k.name): k.value for k in report.kpis
    }
    told = [share for stage, share in stages if stage == "day"]
    assert told == sorted(told)
    assert (told[0], stages[-1]) == (0.0, ("report", 1.0))


def test_a_run_takes_the_place_of_an_older_one_of_its_name(tmp_path: Path) -> None:
    out = tmp_path / "a"
    rehearse(wish(residents=20), quiet, out, world=world())
    (out / "older").write_text("")
    second = rehearse(wish(residents=30), quiet, out, world=world())
    assert not (out / "older").exists()
    kept = msgspec.json.decode((out / "report.json").read_bytes(), type=Report)
    assert kept.residents == second.residents == 30
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_nothing_is_left_of_a_run_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hapgang.rehearsal.run.write_playback", full)
    with pytest.raises(Unavailable, match="No space left"):
        rehearse(wish(residents=20), quiet, tmp_path / "a", world=world())
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_day_leaves_nothing(tmp_path: Path) -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "day" and share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse(wish(residents=60), stop, tmp_path / "a", world=world())
    assert list(tmp_path.iterdir()) == []


def test_remains_of_the_dead_are_removed_and_those_of_the_living_are_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".a.{dead.pid}.0123abcd" / "lake").mkdir(parents=True)
    (tmp_path / f".a.{os.getpid()}.0123abcd").mkdir()
    (tmp_path / "a.b.c").mkdir()
    (tmp_path / ".hidden.by.somebody").mkdir()
    clear_remains(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f".a.{os.getpid()}.0123abcd", "a.b.c", ".hidden.by.somebody"]
    )


def report(seed: int, value: float | None, **trips: int) -> Report:
    kpi = Measured("city", "x", Text("x", "x"), "%", "lower", value, None, None, "")
    return Report(
        city="c", scenario="plan", without=(), residents=10, seed=seed, wall_s=1.0,
        peak_mb=float(seed), digest=f"d{seed}", kpis=[kpi], trips=trips,
    )  # fmt: skip


def test_seeds_are_put_together_with_their_spread() -> None:
    one = together([report(1, 2.0, car=4), report(2, 4.0, car=8, bus=2), report(3, None)])
    assert (one.kpis[0].value, one.kpis[0].spread) == (3.0, pytest.approx(2**0.5))
    assert one.trips == {"bus": 1, "car": 4}
    assert (one.seeds, one.wall_s, one.peak_mb, one.digest) == (3, 3.0, 3.0, "d1 d2 d3")
    nothing = together([report(1, None), report(2, None)]).kpis[0]
    assert (nothing.value, nothing.spread) == (None, None)
    assert together([report(1, 2.0)]).kpis[0].spread is None


def test_services_that_are_not_there_cannot_be_left_out() -> None:
    with pytest.raises(Exception, match=r"there is no service mobility\.flying"):
        chosen_services(world().scene, ("mobility.flying",))
    left = chosen_services(world().scene, ("mobility.sharing",))
    assert set(left) == {"mobility.maas", "platform"}


def test_a_scenario_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match="it has plan, today"):
        rehearse(wish(scenario="tomorrow"), quiet)


def test_a_rehearsal_s_runtime_has_no_disk() -> None:
    clock = VirtualClock(lived().runtime.clock.now(), lived().runtime.clock.zone)
    runtime = runtime_of(wish(), world(), clock)
    assert runtime.writer.backlog == 0
    assert runtime.writer.is_durable
