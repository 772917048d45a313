"""Several runs at once: one that is lost begins anew, a mistake ends all, nothing is left over."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from hapgang.core.errors import Invalid, NotFound
from hapgang.rehearsal.compare import compare
from hapgang.rehearsal.farm import (
    Died,
    Done,
    Failed,
    News,
    Order,
    Told,
    WorkerLost,
    compute,
    tellable,
)
from hapgang.rehearsal.parcel import Parcel, parcel_of, unpacked_wish
from hapgang.rehearsal.processes import Processes
from tests.rehearsal.one_day import CITY, lived, wish
from tests.rehearsal.test_run import report

WHY = ("gone", "사라짐")


class Script:
    """Workers that say what is written, run by run and try by try."""

    def __init__(self, *tries: list[News]) -> None:
        self.tries, self.said = deque(tries), deque[News]()
        self.given: list[int] = []
        self.stopped = 0

    def give(self, number: int, order: Order) -> None:
        self.given.append(number)
        self.said.extend(self.tries.popleft())

    def news(self) -> Iterator[News]:
        yield self.said.popleft()

    def stop(self) -> None:
        self.stopped += 1


class Notes:
    def __init__(self) -> None:
        self.stages: list[tuple[int, str, float]] = []
        self.losses: list[tuple[int, str]] = []

    def told(self, number: int, stage: str, share: float) -> None:
        self.stages.append((number, stage, share))

    def lost(self, number: int, why: str) -> None:
        self.losses.append((number, why))


def orders(*seeds: int) -> list[Order]:
    return [Order(wish(seed=seed, residents=60)) for seed in seeds]


def test_reports_come_in_the_order_of_what_was_asked() -> None:
    notes = Notes()
    script = Script([], [Done(1, report(2, 2.0)), Told(0, "day", 0.5), Done(0, report(1, 1.0))])
    assert [r.seed for r in compute(orders(1, 2), script, notes)] == [1, 2]
    assert (0, "day", 0.5) in notes.stages
    assert script.stopped == 1


def test_a_run_whose_worker_dies_begins_anew_once() -> None:
    notes = Notes()
    script = Script([Died(0, WHY)], [Done(0, report(1, 1.0))])
    assert len(compute(orders(1), script, notes)) == 1
    assert (notes.losses, script.given) == ([(0, "gone")], [0, 0])


def test_a_run_whose_workers_die_again_and_again_is_given_up() -> None:
    script = Script([Died(0, WHY)], [Died(0, WHY)])
    with pytest.raises(WorkerLost, match="given up: gone, for the second time"):
        compute(orders(1), script, Notes())
    assert script.stopped == 1


def test_what_is_wrong_is_wrong_the_second_time_too() -> None:
    script = Script([Failed(0, Invalid("no"))], [])
    with pytest.raises(Invalid, match="no"):
        compute(orders(1, 2), script, Notes())
    assert (script.given, script.stopped) == ([0, 1], 1)


def test_errors_can_go_to_another_process() -> None:
    class Odd(Exception):
        def __reduce__(self) -> str:
            raise TypeError

    known = NotFound("not there", "없음")
    assert tellable(known) is known
    assert not hasattr(known, "__notes__")
    told = tellable(Odd("x"))
    assert type(told) is RuntimeError
    assert "Odd: x" in str(told)
    assert "ValueError: y" in tellable(ValueError("y")).__notes__[0]


@pytest.mark.slow
def test_processes_give_the_same_days_as_this_one() -> None:
    today = Order(wish(seed=7, residents=60, scenario="today"))
    wanted = [*orders(7, 8), today, *orders(9)]  # the last one in a world that a process knows
    notes = Notes()
    found = compute(wanted, Processes(2), notes)
    for order, told in zip(wanted, found, strict=True):
        words = {"seed": order.wish.seed, "residents": 60, "scenario": order.wish.scenario}
        assert told.digest == lived(**words).runtime.writer.digest
    for number in range(4):
        shares = [share for n, stage, share in notes.stages if (n, stage) == (number, "day")]
        assert shares == sorted(shares)
        assert shares
    compared = compare([found[:1], found[2:3]])
    assert [v.report.scenario for v in compared.variants] == ["plan", "today"]


@pytest.mark.slow
def test_a_killed_process_is_told_and_its_run_is_the_same_in_the_end(tmp_path: Path) -> None:
    workers, notes = Processes(1), Notes()
    victims: list[int] = []

    def told(number: int, stage: str, share: float) -> None:
        if stage == "day" and share > 0 and not victims:
            victims.append(workers.pids()[0])
            os.kill(victims[0], signal.SIGKILL)

    notes.told = told  # type: ignore[method-assign]
    order = Order(wish(residents=60), tmp_path / "runs" / "a")
    found = compute([order], workers, notes)
    assert found[0].digest == lived(residents=60).runtime.writer.digest
    assert notes.losses == [(0, "its process was ended from outside (SIGKILL)")]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["a"]
    assert workers.pids() == []


@pytest.mark.slow
def test_whoever_is_interrupted_leaves_no_process_behind(tmp_path: Path) -> None:
    workers = Processes(2)
    seen: list[int] = []

    class Impatient(Notes):
        def told(self, number: int, stage: str, share: float) -> None:
            seen.extend(workers.pids())
            raise KeyboardInterrupt

    wanted = [Order(wish(seed=seed, residents=60), tmp_path / str(seed)) for seed in (7, 8, 9)]
    with pytest.raises(KeyboardInterrupt):
        compute(wanted, workers, Impatient())
    assert len(seen) == 2
    assert not any(is_alive(pid) for pid in seen)
    assert list(tmp_path.iterdir()) == []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_wrong_wish_is_refused_by_the_process_too() -> None:
    wanted = [Order(wish(scenario="tomorrow")), *orders(7)]
    with pytest.raises(NotFound, match="it has plan, today"):
        compute(wanted, Processes(1), Notes())


def test_a_parcel_holds_the_model_and_nothing_else(tmp_path: Path) -> None:
    rain, own = tmp_path / "rain.csv", tmp_path / "mine.toml"
    rain.write_text("hour,rain_mm_h\n", "utf-8")
    own.write_text((CITY / "scenarios" / "today.toml").read_text("utf-8"), "utf-8")
    asked = wish(weather=str(rain), scenario=str(own))
    parcel = parcel_of(asked)
    assert {"city.toml", "choice.toml", "ground.npz", "transit/stops.txt"} < parcel.files.keys()
    assert not any(n.startswith("generate") or n.endswith((".py", ".md")) for n in parcel.files)
    there = unpacked(parcel, tmp_path / "far" / parcel.digest)
    moved = unpacked_wish(asked, there)
    assert moved.folder == there
    assert Path(moved.weather).read_text("utf-8") == rain.read_text("utf-8")
    assert (Path(moved.scenario).parent.parent.parent, Path(moved.scenario).stem) == (there, "mine")
    assert moved.read().title == asked.read().title
    assert parcel_of(wish()).digest != parcel.digest
    assert parcel_of(wish(seed=8, scenario="today")).digest == parcel_of(wish()).digest
    assert parcel_of(wish(model=str(there))).files == parcel_of(wish()).files


def unpacked(parcel: Parcel, folder: Path) -> Path:
    parcel.unpack(folder)
    return folder


def test_a_parcel_that_several_unpack_is_there_once(tmp_path: Path) -> None:
    parcel = Parcel.of({"a/b": b"1" * 100_000, "c": b"2"})
    together = [threading.Thread(target=parcel.unpack, args=(tmp_path / "m",)) for _ in range(4)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    assert (tmp_path / "m" / "a" / "b").read_bytes() == parcel.files["a/b"]


def test_a_parcel_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Parcel.of({"c": b"2"}).unpack(tmp_path / "file" / "m")


def test_differences_are_taken_seed_by_seed() -> None:
    before = [report(1, 10.0), report(2, 20.0)]
    after = [report(1, 11.0), report(2, 22.0)]
    found = compare([before, after])
    assert found.variants[0].differences == []
    (change,) = found.variants[1].differences
    assert (change.name, change.value) == ("x", 1.5)
    assert change.spread == pytest.approx(0.5**0.5)
    nothing = compare([[report(1, None)], [report(1, 2.0)]])
    assert nothing.variants[1].differences == []


def test_processes_that_have_nothing_to_do_end_at_once() -> None:
    started_s = time.monotonic()
    assert compute([], Processes(2), Notes()) == []
    assert time.monotonic() - started_s < 5.0
