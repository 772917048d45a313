"""How long the command line takes to explain itself, and a city to answer."""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from benchmarks.report import Result, load_average

GOAL_S = 0.3
GOAL_START_S = 2.0
RUNS = 9
STARTS = 5
LIMIT_S = 120.0


def run() -> list[Result]:
    """Time `hapgang --help`, and `hapgang up` until it is asked and answers."""
    times_s = [_help_s() for _ in range(RUNS)]
    with tempfile.TemporaryDirectory() as state:
        first_s = _start_s(state)
        starts_s = [_start_s(state) for _ in range(STARTS)]
    return [
        Result(
            name="command.help_s", value=round(statistics.median(times_s), 3), unit="s",
            goal=GOAL_S, note=f"least {min(times_s):.3f} s; {load_average()}",
        ),
        Result(
            name="command.start_s", value=round(statistics.median(starts_s), 2), unit="s",
            goal=GOAL_START_S, note=f"`hapgang up sejong` until /health is 200; least"
            f" {min(starts_s):.2f} s; the very first, with its database: {first_s:.2f} s;"
            f" {load_average()}",
        ),
    ]  # fmt: skip


def _help_s() -> float:
    started_s = time.perf_counter()
    command = [sys.executable, "-m", "hapgang.app.cli", "--help"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started_s


def _start_s(state: str) -> float:
    """Start a city, wait until it answers, and stop it again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started_s = time.perf_counter()
    city = subprocess.Popen(
        [sys.executable, "-m", "hapgang.app.cli", "up", "sejong", "--port", str(port)],
        env={**os.environ, "HAPGANG_STATE": state},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not _answers(port):
            if city.poll() is not None or time.perf_counter() - started_s > LIMIT_S:
                raise RuntimeError("the city did not start")
            time.sleep(0.01)
        return time.perf_counter() - started_s
    finally:
        city.send_signal(signal.SIGINT)
        city.wait(LIMIT_S)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
