"""Live through a virtual day of a city, and measure it against the white paper's targets.

hapgang rehearse sejong --residents 2000
hapgang rehearse sejong --residents 2000 --seeds 5 --json
hapgang rehearse sejong --without mobility.sharing     what the service changes
hapgang rehearse sejong --scenario today               before the plan
hapgang rehearse sejong --scenario mine.toml           what the scenario studio has exported
hapgang rehearse sejong --weather rain --html report.html
"""

import argparse
import concurrent.futures
import multiprocessing
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from hapgang.app.report import html_report, print_report
from hapgang.app.settings import city_state, find_city
from hapgang.core.errors import Invalid
from hapgang.rehearsal.run import Report, rehearse, together
from hapgang.rehearsal.wish import USUAL_DAY, Wish
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
    parser.add_argument("--scenario", default="plan", help="today, plan, another of the city's"
                        " own, or a FILE.toml")  # fmt: skip
    parser.add_argument("--weather", default="clear", help="clear, rain, snow, dust, heat, drawn or"
                        " a CSV file")  # fmt: skip
    parser.add_argument("--date", default=USUAL_DAY.isoformat(), help="the first day, YYYY-MM-DD")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page")
    parser.add_argument("--no-save", action="store_true", help="do not keep the run")
    parser.add_argument("--disk", type=Path, metavar="FOLDER", help="keep every unit in a database"
                        " in this empty folder, as a city does; the digest stays")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Rehearse and print."""
    model = find_city(arguments.city)
    _check(arguments)
    wishes = [_wish(arguments, str(model), number) for number in range(arguments.seeds)]
    state = city_state(read_facts(model).name)
    places = Places(None if arguments.no_save else state / "runs", state / "cache", arguments.disk)
    report = _live(wishes, places)
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    else:
        out = Console()
        print_report(report, out if out.is_terminal else Console(width=_PIPED_WIDTH))
    if arguments.html:
        arguments.html.write_text(html_report(report), "utf-8")
    return 0


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
    if arguments.disk is not None and arguments.seeds > 1:
        raise Invalid(
            "--disk holds one run: leave --seeds out", "--disk에는 --seeds를 쓸 수 없습니다"
        )
    if arguments.html is not None and not arguments.html.absolute().parent.is_dir():
        raise Invalid(
            f"--html: there is no folder {arguments.html.absolute().parent}",
            f"--html: {arguments.html.absolute().parent} 폴더가 없습니다",
        )


def _wish(arguments: argparse.Namespace, model: str, number: int) -> Wish:
    words = {
        "model": model,
        "residents": arguments.residents,
        "days": arguments.days,
        "seed": arguments.seed + number,
        "scenario": arguments.scenario,
        "without": arguments.without,
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


def _live(wishes: list[Wish], places: Places) -> Report:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        if len(wishes) > 1:
            return together(_side_by_side(wishes, places, bar))
        wish, show = wishes[0], _shown(bar, bar.add_task("", total=1.0))
        return rehearse(wish, show, places.out(wish), cache=places.cache, disk=places.disk)


def _side_by_side(wishes: list[Wish], places: Places, bar: Progress) -> list[Report]:
    """Run each seed in a process of its own, as many at once as there are processors."""
    task = bar.add_task(f"{len(wishes)} seeds", total=len(wishes))
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(mp_context=context) as pool:
        futures = [pool.submit(_quietly, wish, places) for wish in wishes]
        for future in futures:
            future.add_done_callback(lambda _: bar.advance(task))
        try:
            return [future.result() for future in futures]
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _quietly(wish: Wish, places: Places) -> Report:
    return rehearse(wish, lambda _stage, _share: None, places.out(wish), cache=places.cache)


def _shown(bar: Progress, task: TaskID) -> Callable[[str, float], None]:
    order = list(_STAGES)

    def show(stage: str, share: float) -> None:
        before = sum(_STAGES[name] for name in order[: order.index(stage)])
        bar.update(task, completed=before + share * _STAGES[stage], description=stage)

    return show
