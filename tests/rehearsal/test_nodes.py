"""Runs on a cluster of two nodes of this machine: the same days, whatever happens to a node."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from hapgang.app.cli import main
from tests.app.test_rehearse_command import runs
from tests.rehearsal.one_day import CITY, lived

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(600)  # nodes start slowly where other tests run beside
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the extra hapgang[scale] is not")
FEW = ["rehearse", str(CITY), "--residents", "60", "--seed", "7", "--json"]
# Two nodes at addresses of the loopback range; it ends when nobody holds its input open any more.
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
few = {"num_cpus": 1, "object_store_memory": 100 * 2**20, "include_dashboard": False}
cluster = Cluster(initialize_head=True, head_node_args={**few, "node_ip_address": "127.0.0.2"})
cluster.add_node(**few, node_ip_address="127.0.0.3")
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HAPGANG_STATE": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "nodes"),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a cluster, and the folder of everything."""
    folder = tmp_path_factory.mktemp("cluster")
    for _ in range(2):  # a node has 30 s to start, which a busy machine may not have
        with subprocess.Popen(
            [sys.executable, "-c", CLUSTER], env=environment(folder), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stdin is not None
            address = process.stdout.readline().strip()
            if address:
                yield address, folder
            process.stdin.close()
            process.wait(60)
        if address:
            return
    pytest.skip("Ray's nodes did not start: the machine is too busy")


def rehearsing(cluster: tuple[str, Path], *words: str) -> "subprocess.Popen[str]":
    address, folder = cluster
    command = [sys.executable, "-m", "hapgang.app.cli", *FEW, "--ray", address, *words]
    return subprocess.Popen(
        command, env=environment(folder), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def digest(seed: int, **words: str) -> str:
    return lived(residents=60, seed=seed, **words).runtime.writer.digest


@needs_ray
@pytest.mark.slow
def test_two_nodes_give_the_same_days_as_this_machine(cluster: tuple[str, Path]) -> None:
    process = rehearsing(cluster, "--seeds", "2", "--scenario", "plan", "--scenario", "today")
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    found = [variant["report"] for variant in json.loads(out)["variants"]]
    assert [r["scenario"] for r in found] == ["plan", "today"]
    for report in found:
        here = [digest(seed, scenario=report["scenario"]) for seed in (7, 8)]
        assert report["digest"].split() == here
    _, folder = cluster
    kept = runs(folder / "state")
    names = sorted(path.name for path in kept.iterdir())
    assert names == [f"2026-09-16-{s}-clear-60-{n}" for s in ("plan", "today") for n in (7, 8)]
    assert (kept / names[0] / "lake" / "trip" / f"{names[0]}_2026-09-16.parquet").is_file()
    assert (kept / names[0] / "playback.json").is_file()
    assert len(list((folder / "nodes" / "hapgang" / "models").iterdir())) == 1  # sent once
    assert list((folder / "nodes" / "hapgang" / "runs").iterdir()) == []


@needs_ray
@pytest.mark.slow
def test_a_killed_worker_of_a_node_is_told_and_its_run_made_again(
    cluster: tuple[str, Path],
) -> None:
    with rehearsing(cluster, "--no-save") as process:
        os.kill(worker(cluster[1], process), signal.SIGKILL)
        out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    assert "seed 7: its node or process is gone" in err
    assert json.loads(out)["digest"] == digest(7)


@needs_ray
@pytest.mark.slow
def test_whoever_is_interrupted_stops_the_nodes_too(cluster: tuple[str, Path]) -> None:
    _, folder = cluster
    with rehearsing(cluster, "--residents", "4000", "--seed", "9") as process:
        pid = worker(folder, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, "stopped" in err) == (130, True)
    wait_until(lambda: not Path(f"/proc/{pid}").exists())
    assert not any("4000" in path.name for path in runs(folder / "state").glob("*"))


def worker(folder: Path, process: "subprocess.Popen[str]") -> int:
    """Wait until a run is made on a node, and return the process that makes it."""
    at = folder / "nodes" / "hapgang" / "runs"
    known = {path.name for path in at.glob(".run.*")} if at.is_dir() else set()

    def fresh() -> list[str]:
        assert process.poll() is None, process.communicate()
        return [path.name for path in at.glob(".run.*") if path.name not in known]

    wait_until(lambda: bool(fresh()))
    return int(fresh()[0].split(".")[2])


def wait_until(done: object, limit_s: float = 100.0) -> None:
    assert callable(done)
    end = time.monotonic() + limit_s
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


@needs_ray
def test_a_cluster_that_is_not_there_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAPGANG_STATE", str(tmp_path))
    assert main([*FEW, "--ray", "127.0.0.2:1"]) == 1
    assert "No Ray cluster answers at 127.0.0.2:1" in capsys.readouterr().err


def test_without_the_library_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAPGANG_STATE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main([*FEW, "--ray", "127.0.0.2:1"]) == 1
    assert "pip install 'hapgang[scale]'" in capsys.readouterr().err
