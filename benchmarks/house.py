"""What a newcomer waits for: a fresh clone until the portal is served, the checks, all tests."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.report import Result, load_average

ROOT = Path(__file__).resolve().parent.parent
GOAL_DEMO_S, GOAL_CHECK_S, GOAL_TEST_S = 360.0, 90.0, 480.0
_PATIENCE_S = 900.0
_MOST_SHOWN = 20_000  # characters of what a failing step printed


def run() -> list[Result]:
    """Clone this checkout's last commit into an empty folder, and time what README says to do."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "hapgang"
        data = os.environ.get("HAPGANG_DATA", str(ROOT.parent / "shared/data"))
        environment = {**os.environ, "HAPGANG_DATA": data}
        environment.pop("HAPGANG_STATE", None)
        started_s = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        served_s = _demo_s(clone, {**environment, "HAPGANG_STATE": f"{folder}/state"}, started_s)
        check_s = _made_s(clone, environment, "check")
        test_s = _made_s(clone, environment, "test")
    note = f"packages from a near registry or its cache; {load_average()}"
    return [
        Result(
            name="house.clone_to_portal_s", value=served_s, unit="s", goal=GOAL_DEMO_S, note=note
        ),
        Result(name="house.check_s", value=check_s, unit="s", goal=GOAL_CHECK_S),
        Result(name="house.test_s", value=test_s, unit="s", goal=GOAL_TEST_S),
    ]


def _demo_s(clone: Path, environment: dict[str, str], started_s: float) -> float:
    """Return how long after the start `make demo` served, and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    demo = subprocess.Popen(
        ["make", "demo"], cwd=clone, env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        while not _answers(f"http://127.0.0.1:{port}/"):
            if demo.poll() is not None or time.perf_counter() - started_s > _PATIENCE_S:
                raise RuntimeError("make demo did not serve the portal")
            time.sleep(0.1)
        return round(time.perf_counter() - started_s, 1)
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _made_s(clone: Path, environment: dict[str, str], target: str) -> float:
    started_s = time.perf_counter()
    done = subprocess.run(
        ["make", target], cwd=clone, env=environment, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"make {target} failed:\n{done.stdout[-_MOST_SHOWN:]}")
    return round(time.perf_counter() - started_s, 1)
