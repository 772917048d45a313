"""Live through a virtual day of a city, and measure it against the white paper's targets.

hapgang rehearse sejong --residents 2000
hapgang rehearse sejong --residents 2000 --seeds 5 --json
hapgang rehearse sejong --without mobility.sharing     what the service changes
hapgang rehearse sejong --scenario today               before the plan
hapgang rehearse sejong --weather rain --html report.html
"""

import argparse
import concurrent.futures
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from hapgang.app.report import html_report, print_report
from hapgang.app.settings import city_state, find_city
from hapgang.core.errors import Invalid
from hapgang.rehearsal.build import world_of
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
    parser.add_argument("--without", action="append", default=[], metavar="SERVICE")
    parser.add_argument("--scenario", default="plan", help="today, plan, or one of the city's own")
    parser.add_argument("--weather", default="clear", help="clear, rain, snow, dust, heat or drawn")
    parser.add_argument("--date", default=USUAL_DAY.isoformat(), help="YYYY-MM-DD")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page")
    parser.add_argument("--no-save", action="store_true", help="leave nothing on disk")


def run(arguments: argparse.Namespace) -> int:
    """Rehearse and print."""
    model = find_city(arguments.city)
    wishes = [_wish(arguments, str(model), number) for number in range(max(1, arguments.seeds))]
    state = city_state(read_facts(model).name)
    report = _live(wishes, None if arguments.no_save else state / "runs", state / "cache")
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    else:
        out = Console()
        print_report(report, out if out.is_terminal else Console(width=_PIPED_WIDTH))
    if arguments.html:
        Path(arguments.html).write_text(html_report(report), "utf-8")
    return 0


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
        raise Invalid(
            f"{error}; see `hapgang rehearse --help`", f"{error}; `hapgang rehearse --help` 참고"
        ) from None


def run_name(wish: Wish) -> str:
    """Return the name of a run: what was asked for, so that asking again replaces it."""
    less = "".join(f"-without-{name}" for name in wish.without)
    people = wish.residents or "all"
    return f"{wish.day}-{wish.scenario}-{wish.weather}-{people}-{wish.seed}{less}"


def _live(wishes: list[Wish], folder: Path | None, cache: Path) -> Report:
    if len(wishes) == 1:
        out = folder / run_name(wishes[0]) if folder is not None else None
        with Progress(console=Console(stderr=True), transient=True) as bar:
            show = _shown(bar, bar.add_task("", total=1.0))
            return rehearse(wishes[0], show, out, world=world_of(wishes[0], cache=cache))
    context = multiprocessing.get_context("spawn")
    reports = []
    with (
        Progress(console=Console(stderr=True), transient=True) as bar,
        concurrent.futures.ProcessPoolExecutor(mp_context=context) as pool,
    ):
        task = bar.add_task(f"{len(wishes)} seeds", total=len(wishes))
        futures = [pool.submit(_quietly, wish, folder, cache) for wish in wishes]
        try:
            for future in futures:
                reports.append(future.result())
                bar.advance(task)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return together(reports)


def _quietly(wish: Wish, folder: Path | None, cache: Path) -> Report:
    out = folder / run_name(wish) if folder is not None else None
    world = world_of(wish, cache=cache)
    return rehearse(wish, lambda _stage, _share: None, out, world=world)


def _shown(bar: Progress, task: TaskID) -> Callable[[str, float], None]:
    order = list(_STAGES)

    def show(stage: str, share: float) -> None:
        before = sum(_STAGES[name] for name in order[: order.index(stage)])
        bar.update(task, completed=before + share * _STAGES[stage], description=stage)

    return show
