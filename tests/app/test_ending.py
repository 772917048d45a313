"""A city that is told to end lets go of what it held before it does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from validation.etsi.places import free_ports


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_whoever_stops_a_city_finds_its_database_stopped(
    small_city: Path, tmp_path: Path, sign: signal.Signals, status: int
) -> None:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "hapgang.app.cli", "up", str(small_city), "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if k != "HAPGANG_DATABASE"}
    city = subprocess.Popen(
        command, env={**environment, "HAPGANG_STATE": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert city.stdout is not None
    assert f":{port}/" in city.stdout.readline()
    (lock,) = tmp_path.rglob("postmaster.pid")
    city.send_signal(sign)
    _, told = city.communicate(timeout=60)
    assert (city.returncode, "Traceback" in told) == (status, False), told
    assert not lock.exists()
