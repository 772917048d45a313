"""Live through a virtual day of a city, and measure it against the white paper's targets.

hapgang rehearse sejong --residents 2000
hapgang rehearse sejong --residents 2000 --seeds 5 --json
hapgang rehearse sejong --without mobility.sharing     what the service changes
hapgang rehearse sejong --scenario today               before the plan
hapgang rehearse sejong --scenario mine.toml           what the scenario studio has exported
hapgang rehearse sejong --scenario today --scenario plan --seeds 5     side by side
hapgang rehearse sejong --with-and-without mobility.sharing --seeds 5
hapgang rehearse sejong --seeds 20 --ray 10.0.0.1:6379                 on other machines
hapgang rehearse sejong --weather rain --html report.html
"""

import argparse
import itertools
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from hapgang.app.comparison import comparison_markdown, comparison_page, print_comparison
from hapgang.app.report import html_report, print_report
from hapgang.app.settings import city_state, find_city
from hapgang.core.errors import Invalid
from hapgang.rehearsal.compare import Comparison, compare
from hapgang.rehearsal.farm import Order, compute
from hapgang.rehearsal.nodes import Nodes
from hapgang.rehearsal.processes import Processes, processors
from hapgang.rehearsal.run import Report, rehearse, together
from hapgang.rehearsal.wish import USUAL_DAY, Wish
from hapgang.runtime.discover import chosen
from hapgang.twin.scenario import read_scenario
from hapgang.twin.scene import read_facts

_PIPED_WIDTH = 132  # characters, where nobody can say how wide the paper is
_STAGES = {"city": 0.05, "people": 0.05, "day": 0.85, "report": 0.05}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("city", help="a name or a folder")
    parser.add_argument("--residents", type=int, help="how many of the city's residents")
    parser.add_argument("--days", type=int, default=1, help="how many days")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same run")
    parser.add_argument("--seeds", type=int, default=1, help="run this many seeds from --seed on")
    parser.add_argument("--without", action="append", default=[], metavar="SERVICE", help="leave"
                        " out a service of the scenario; repeatable")  # fmt: skip
    parser.add_argument("--with-and-without", action="append", default=[], metavar="SERVICE",
                        help="compare: as it is, and less this service; repeatable")  # fmt: skip
    parser.add_argument("--scenario", action="append", metavar="NAME", help="plan (the default),"
                        " today, another of the city's own, or a FILE.toml; several are"
                        " compared")  # fmt: skip
    parser.add_argument("--weather", default="clear", help="clear, rain, snow, dust, heat, drawn or"
                        " a CSV file")  # fmt: skip
    parser.add_argument("--date", default=USUAL_DAY.isoformat(), help="the first day, YYYY-MM-DD")
    parser.add_argument("--workers", type=int, metavar="N", help="how many runs at once on this"
                        " machine; one for each processor if not told")  # fmt: skip
    parser.add_argument("--ray", metavar="ADDRESS", help="compute on the Ray cluster at HOST:PORT;"
                        " else HAPGANG_RAY says where")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write it as a table for a"
                        " text, with targets and sources")  # fmt: skip
    parser.add_argument("--no-save", action="store_true", help="do not keep the run")
    parser.add_argument("--disk", type=Path, metavar="FOLDER", help="keep every unit in a database"
                        " in this empty folder, as a city does; the digest stays")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Rehearse and print."""
    model = find_city(arguments.city)
    arguments.ray = arguments.ray or os.environ.get("HAPGANG_RAY") or None
    _check(arguments)
    variants = [
        [_wish(arguments, str(model), variant, number) for number in range(arguments.seeds)]
        for variant in _variants(arguments, model)
    ]
    if arguments.disk is not None and len(variants) > 1:
        raise Invalid("--disk holds one run", "--disk에는 한 번의 실행만 담깁니다")
    state = city_state(read_facts(model).name)
    places = Places(None if arguments.no_save else state / "runs", state / "cache", arguments.disk)
    reports = _live([wish for wishes in variants for wish in wishes], places, arguments)
    split = [reports[i : i + arguments.seeds] for i in range(0, len(reports), arguments.seeds)]
    _show(arguments, compare(split) if len(split) > 1 else _one(split[0]))
    if arguments.markdown:
        arguments.markdown.write_text(comparison_markdown(compare(split)), "utf-8")
    return 0


def _one(reports: list[Report]) -> Report:
    return together(reports) if len(reports) > 1 else reports[0]


def _show(arguments: argparse.Namespace, found: Report | Comparison) -> None:
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    else:
        out = Console()
        out = out if out.is_terminal else Console(width=_PIPED_WIDTH)
        if isinstance(found, Report):
            print_report(found, out)
        else:
            print_comparison(found, out)
    if arguments.html:
        page = html_report(found) if isinstance(found, Report) else comparison_page(found)
        arguments.html.write_text(page, "utf-8")


class Places(NamedTuple):
    """Where a run leaves what it finds out."""

    runs: Path | None
    cache: Path
    disk: Path | None

    def out(self, wish: Wish) -> Path | None:
        """Return the folder of a run."""
        return self.runs / wish.run_name if self.runs is not None else None


def _check(arguments: argparse.Namespace) -> None:
    """Refuse before the day what would fail after it."""
    if arguments.seeds < 1:
        raise Invalid("--seeds is 1 or more", "--seeds는 1 이상이어야 합니다")
    if arguments.workers is not None and arguments.workers < 1:
        raise Invalid("--workers is 1 or more", "--workers는 1 이상이어야 합니다")
    if arguments.disk is not None and arguments.seeds > 1:
        raise Invalid(
            "--disk holds one run: leave --seeds out", "--disk에는 --seeds를 쓸 수 없습니다"
        )
    if arguments.disk is not None and arguments.ray is not None:
        raise Invalid(
            "--disk is of this machine: leave --ray and HAPGANG_RAY out",
            "--disk에는 --ray와 HAPGANG_RAY를 쓸 수 없습니다",
        )
    if arguments.html is not None and not arguments.html.absolute().parent.is_dir():
        raise Invalid(
            f"--html: there is no folder {arguments.html.absolute().parent}",
            f"--html: {arguments.html.absolute().parent} 폴더가 없습니다",
        )


class _Variant(NamedTuple):
    """What of the scenarios is rehearsed."""

    scenario: str
    without: tuple[str, ...]


def _variants(arguments: argparse.Namespace, model: Path) -> list[_Variant]:
    """Return every scenario asked for, with and without the services to be compared."""
    chosen(arguments.with_and_without, "--with-and-without")
    found = []
    for scenario in arguments.scenario or ["plan"]:
        runs = read_scenario(model, scenario).services
        doubtful = [name for name in arguments.with_and_without if name in runs]
        for less in _subsets(doubtful):
            without = tuple(dict.fromkeys((*arguments.without, *less)))
            found.append(_Variant(scenario, without))
    found = list(dict.fromkeys(found))
    if arguments.with_and_without and not any(variant.without for variant in found):
        names = ", ".join(arguments.with_and_without)
        raise Invalid(
            f"--with-and-without: no scenario asked for runs {names}",
            f"--with-and-without: {names}을(를) 실행하는 시나리오가 없습니다",
        )
    return found


def _subsets(names: list[str]) -> list[tuple[str, ...]]:
    return [c for size in range(len(names) + 1) for c in itertools.combinations(names, size)]


def _wish(arguments: argparse.Namespace, model: str, variant: _Variant, number: int) -> Wish:
    words = {
        "model": model,
        "residents": arguments.residents,
        "days": arguments.days,
        "seed": arguments.seed + number,
        "scenario": variant.scenario,
        "without": variant.without,
        "weather": arguments.weather,
        "day": arguments.date,
    }
    try:
        return msgspec.convert(words, Wish)
    except msgspec.ValidationError as error:
        what = str(error).replace("$.day`", "$.date`")
        what = re.sub(r"(.*) - at `\$\.(\w+)`", r"--\2: \1", what)
        raise Invalid(
            f"{what}; see `hapgang rehearse --help`", f"{what}; `hapgang rehearse --help` 참고"
        ) from None


def _live(wishes: list[Wish], places: Places, arguments: argparse.Namespace) -> list[Report]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        if len(wishes) > 1 or arguments.ray is not None:
            orders = [Order(wish, places.out(wish), places.cache) for wish in wishes]
            at_once = min(arguments.workers or processors(), len(orders))
            workers = Processes(at_once) if arguments.ray is None else Nodes(arguments.ray)
            return compute(orders, workers, _Bars(bar, wishes))
        wish, show = wishes[0], _shown(bar, bar.add_task("", total=1.0))
        return [rehearse(wish, show, places.out(wish), cache=places.cache, disk=places.disk)]


class _Bars:
    """A bar for all runs, and one for each that is under way."""

    def __init__(self, bar: Progress, wishes: list[Wish]) -> None:
        self._bar, self._wishes = bar, wishes
        self._all = bar.add_task(f"{len(wishes)} runs", total=float(len(wishes)))
        self._shares = [0.0] * len(wishes)
        self._tasks: dict[int, TaskID] = {}

    def told(self, number: int, stage: str, share: float) -> None:
        if number not in self._tasks:
            self._tasks[number] = self._bar.add_task(self._name(number), total=1.0)
        self._shares[number] = _come(stage, share)
        task = self._tasks[number]
        name = f"{self._name(number)} · {stage}"
        self._bar.update(task, completed=self._shares[number], description=name)
        self._bar.update(self._all, completed=sum(self._shares))
        if self._shares[number] >= 1.0:
            self._bar.update(task, visible=False)

    def lost(self, number: int, why: str) -> None:
        self._bar.console.print(f"{self._name(number)}: {why}; it begins anew.", markup=False)

    def _name(self, number: int) -> str:
        wish = self._wishes[number]
        less = "".join(f" – {name}" for name in wish.without)
        return f"{Path(wish.scenario).stem}{less} · seed {wish.seed}"


def _shown(bar: Progress, task: TaskID) -> Callable[[str, float], None]:
    def show(stage: str, share: float) -> None:
        bar.update(task, completed=_come(stage, share), description=stage)

    return show


def _come(stage: str, share: float) -> float:
    """Return how much of a run is over."""
    order = list(_STAGES)
    return sum(_STAGES[name] for name in order[: order.index(stage)]) + share * _STAGES[stage]
