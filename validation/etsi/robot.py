"""Runs Robot, by the Python that has it, over a copy of the suite beside a city of its own."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from validation.etsi.mqtt import mqtt_broker
from validation.etsi.places import city, contexts, core_context_of, free_ports
from validation.etsi.results import Outcome, read_results
from validation.etsi.suite import SEVERAL, Places, chosen, copy_suite

_HTTPCTRL = "libraries/robotframework-httpctrl/src"  # the suite's own, newer than the published
_EMPTIED = Path(__file__).with_name("emptied.py")
_BROKERS = 5  # as many as the tests of several brokers name: b1_url to b5_url


class Wanted(msgspec.Struct, frozen=True):
    """What to run, and how."""

    suite: Path
    robot: Path
    only: list[str]
    limit_s: int = 60
    several: bool = False
    mosquitto: Path | None = None


def run(wanted: Wanted, work: Path, processes: int) -> list[Outcome]:
    """Run what is wanted, shared among processes that have nothing in common, not even a city.

    Tests of one city are never run at once: they listen on ports that are given once, and purge.
    """
    work.mkdir(parents=True, exist_ok=True)
    mqtt_port = free_ports(1)[0]
    parts = shared(wanted, processes) if processes > 1 else [wanted]
    with mqtt_broker(wanted.mosquitto, work, mqtt_port), ThreadPoolExecutor(len(parts)) as pool:
        runs = [
            pool.submit(_run_some, part, work / str(number), mqtt_port)
            for number, part in enumerate(parts)
        ]
    tests = [test for done in runs for test in done.result()]
    return sorted(tests, key=lambda test: (test.folder, test.name))


def shared(wanted: Wanted, processes: int) -> list[Wanted]:
    """Return what each process is to run: whole folders, none without."""
    paths, tags = chosen(wanted.suite, wanted.only, several=wanted.several)
    found = {file.parent for path in paths for file in _files(wanted.suite / path)}
    found = {folder for folder in found if not found & set(folder.parents)}  # those run theirs
    folders = sorted(found, key=lambda folder: (-len(list(folder.glob("*.robot"))), folder))
    names = [str(folder.relative_to(wanted.suite)) for folder in folders]
    return [
        msgspec.structs.replace(wanted, only=[*names[i::processes], *tags])
        for i in range(min(processes, len(names)))
    ]


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else list(path.rglob("*.robot"))


def _run_some(wanted: Wanted, work: Path, mqtt_port: int) -> list[Outcome]:
    work.mkdir()
    copy = work / "suite"
    with contexts(copy) as served, _cities(work, wanted) as urls:
        ports = [*free_ports(3), mqtt_port]
        places = Places(urls[0], served, core_context_of(urls[0]), *ports)
        copy_suite(wanted.suite, copy, places, limit_s=wanted.limit_s)
        _call_robot(wanted, copy, work, urls)
    return read_results(work / "output.xml", copy)


@contextlib.contextmanager
def _cities(work: Path, wanted: Wanted) -> Iterator[list[str]]:
    paths, _ = chosen(wanted.suite, wanted.only, several=wanted.several)
    count = _BROKERS if any(path.startswith(str(SEVERAL)) for path in paths) else 1
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(city(work / f"city{i}")) for i in range(count)]


def _call_robot(wanted: Wanted, copy: Path, work: Path, urls: list[str]) -> None:
    paths, tags = chosen(copy, wanted.only, several=wanted.several)
    command = [str(wanted.robot), "-m", "robot", "--output", str(work / "output.xml")]
    command += ["--log", "NONE", "--report", "NONE"]
    command += ["--consolecolors", "off", "--console", "dotted", "--runemptysuite"]
    roots = [f"{url}/ngsi-ld/v1" for url in urls]
    command += ["--listener", ";".join([str(_EMPTIED), *roots])]
    for number, root in enumerate(roots, 1):
        command += ["--variable", f"b{number}_url:{root}"]
    for tag in tags:
        command += ["--include", tag]
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy / _HTTPCTRL),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
    with (work / "robot.txt").open("wb") as said:
        done = subprocess.run(  # noqa: S603
            [*command, *paths], cwd=copy, env=environment, stdout=said, stderr=said, check=False
        )
    if done.returncode > 250 or not (work / "output.xml").exists():  # up to 250: tests that failed
        raise RuntimeError((work / "robot.txt").read_text("utf-8", "replace")[-2000:])
