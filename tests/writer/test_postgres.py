"""The embedded PostgreSQL lives and dies with its users, through the faults it is made for."""

import asyncio
import fcntl
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hapgang.writer.postgres import Postgres, settle, start

pytestmark = [
    pytest.mark.slow,  # starts and kills servers
    pytest.mark.skipif(sys.platform != "linux", reason="watches processes in /proc"),
]

LONG = "/".join(["a long name"] * 12)
USE = """
import os, sys, signal
from pathlib import Path
from hapgang.writer.postgres import start
server = start(Path(sys.argv[1]))
print(server.url, flush=True)
"""
USE_AND_FORK = USE + "os.fork() or signal.pause()"


@contextmanager
def user(city: Path, then: str = USE) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server, until it is killed here or at the end."""
    command = [sys.executable, "-c", then + "\nsys.stdin.read()", str(city)]
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, text=True, stdin=pipe, stdout=pipe, stderr=null, process_group=0
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its forked child, too


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(server: Postgres, query: str) -> Any:
    async def answer() -> Any:
        connection = await asyncpg.connect(**server.connect_kwargs)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(answer())


def postmaster(city: Path) -> int:
    return int((city / "pg/data/postmaster.pid").read_text().split()[0])


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@contextmanager
def ends(*pids: int) -> Iterator[None]:
    """What happens inside must make these processes end within a few seconds."""
    watches = [os.pidfd_open(pid) for pid in pids]
    yield
    for watch in watches:
        assert select.select([watch], [], [], 10.0)[0], "still alive"
        os.close(watch)


def wait_until_nothing_lives(city: Path) -> None:
    """Every process of a server inherits server.lock."""
    lock = os.open(city / "pg/server.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.close(lock)


def initdb_runs(city: Path) -> int:
    return (city / "pg/server.log").read_text().count("creating configuration files")


def modes_of_parents(city: Path) -> list[tuple[int, int]]:
    return [(path.stat().st_mode, path.stat().st_uid) for path in city.parents]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Path]:
    """A city folder in a private folder; when the test ends nothing of it may live on."""
    folder = tmp_path / "state" / "도시 of 'many', \"odd\" signs"
    folder.parent.mkdir(mode=0o700)
    folder.mkdir(mode=0o700)
    before = modes_of_parents(folder)
    yield folder
    assert modes_of_parents(folder) == before
    for pg in folder.rglob("pg"):
        if pg.is_dir():
            wait_until_nothing_lives(pg.parent)
    shutil.rmtree(folder)


def test_serves_durably_from_private_files(city: Path) -> None:
    with start(city) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert ask(server, f"SHOW {name}") == "on"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SELECT lower('ÄÉ한') COLLATE \"default\"") == "äé한"
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (city / "pg").iterdir()]
        assert {mode & 0o077 for mode in modes} == {0}
        status = Path(f"/proc/{postmaster(city)}/status").read_text()
        assert "CapEff:\t0000000000000000" in status


def test_processes_starting_at_once_share_one_server(city: Path) -> None:
    with user(city) as one, user(city) as two, user(city) as three:
        urls = {heard(one), heard(two), heard(three)}
        pid = postmaster(city)
        one.kill()
        two.kill()
        with start(city) as server:
            assert urls == {server.url}
            assert ask(server, "SELECT 1") == 1
        assert initdb_runs(city) == 1
        with ends(pid, parent(pid)):
            three.kill()


def test_threads_starting_at_once_share_one_server(city: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(start, [city] * 4))
    assert initdb_runs(city) == 1
    with ends(postmaster(city)):
        for server in servers:
            server.close()
            server.close()


@pytest.mark.parametrize("program", [USE, USE_AND_FORK], ids=["alone", "with a forked child"])
def test_server_goes_with_its_killed_only_user(city: Path, program: str) -> None:
    with user(city, program) as only:
        heard(only)
        pid = postmaster(city)
        with ends(pid, parent(pid)):
            only.kill()
    with start(city) as server:
        assert ask(server, "SELECT 1") == 1
        assert initdb_runs(city) == 1


def test_start_while_the_server_is_being_stopped(city: Path) -> None:
    for _ in range(8):
        with start(city) as server:
            assert ask(server, "SELECT 1") == 1


@pytest.mark.parametrize("killed", ["postmaster", "guard"])
def test_killed_server_leaves_the_data_whole(city: Path, killed: str) -> None:
    with start(city) as server:
        ask(server, "CREATE TABLE kept (n int)")
        ask(server, "INSERT INTO kept SELECT generate_series(1, 1000)")
        pid = postmaster(city)
        guard = parent(pid)
        with ends(pid, guard):
            os.kill(pid if killed == "postmaster" else guard, signal.SIGKILL)
        with start(city) as again:
            assert ask(again, "SELECT sum(n) FROM kept") == 500_500


def test_everything_killed_at_once(city: Path) -> None:
    with user(city) as only:
        heard(only)
        pid = postmaster(city)
        guard = parent(pid)
        with ends(guard, pid):
            for victim in (only.pid, guard, pid):
                os.kill(victim, signal.SIGKILL)
    with start(city) as server:
        assert ask(server, "SELECT 1") == 1


def test_number_of_a_dead_postmaster_borne_by_another_process(city: Path) -> None:
    with start(city):
        kept = (city / "pg/data/postmaster.pid").read_text()
    wait_until_nothing_lives(city)
    (city / "pg/data/postmaster.pid").write_text(kept.replace(kept.split()[0], str(os.getpid()), 1))
    with start(city) as server:
        assert ask(server, "SELECT 1") == 1


def test_copy_of_a_running_city_gets_its_own_server(city: Path) -> None:
    copy = city / "copy"
    with start(city):
        shutil.copytree(city / "pg", copy / "pg", ignore=shutil.ignore_patterns(".s.*"))
        with start(copy) as other:
            assert ask(other, "SHOW data_directory") == str(copy / "pg/data")


def test_half_made_data_is_started_over(city: Path) -> None:
    (city / "pg/data.new").mkdir(parents=True)
    (city / "pg/data.new/PG_VERSION").write_text("18\n")
    with user(city) as killed:
        initdb = next(filter(None, (find_initdb(city) for _ in iter(killed.poll, 0))))
        with ends(initdb):
            os.kill(parent(initdb), signal.SIGKILL)
    wait_until_nothing_lives(city)
    assert not (city / "pg/data").exists()
    with start(city) as server:
        assert ask(server, "SELECT 1") == 1
    assert not (city / "pg/data.new").exists()


def find_initdb(city: Path) -> int | None:
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = command.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"/initdb") and f"--pgdata={city}/pg/data.new".encode() in words:
            return int(command.parent.name)
    return None


def test_long_path_has_its_socket_in_a_private_place(city: Path) -> None:
    with start(city / LONG) as server, start(city / LONG) as second:
        assert second.url == server.url
        place = Path(server.connect_kwargs["host"])
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert ask(server, "SELECT 1") == 1
        with ends(parent(postmaster(city / LONG))):
            server.close()
            second.close()
    assert not place.exists()


IN_NAMESPACES = """
import ctypes, sys
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)
print(libc.unshare(0x10000000 | 0x00020000), flush=True)  # CLONE_NEWUSER | CLONE_NEWNS
sys.stdin.readline()
FAULT
from hapgang.writer.postgres import start
try:
    server = start(Path(sys.argv[1]))
    print(server.url, flush=True)
except Exception as error:
    print(repr(str(error)), flush=True)
"""
FULL_DISK = 'libc.mount(b"x", sys.argv[1].encode(), b"tmpfs", 0, b"size=24m,mode=700")'
NO_MORE_NAMESPACES = 'Path("/proc/sys/user/max_user_namespaces").write_text("0")'


@contextmanager
def root_in_namespaces(city: Path, fault: str) -> Iterator[subprocess.Popen[str]]:
    """A user that is root in namespaces of its own, where a fault can be caused."""
    with user(city, IN_NAMESPACES.replace("FAULT", fault)) as process:
        if heard(process) != "0":
            pytest.skip("user namespaces are refused here")
        uid, gid = os.geteuid(), os.getegid()
        proc = Path(f"/proc/{process.pid}")
        (proc / "setgroups").write_text("deny" if uid else "allow")
        (proc / "uid_map").write_text(f"0 {uid} 1" if uid else "0 0 65536")
        (proc / "gid_map").write_text(f"0 {gid} 1" if uid else "0 0 65536")
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        yield process


def test_full_disk_says_to_free_space(city: Path) -> None:
    with root_in_namespaces(city, FULL_DISK) as process:
        said = heard(process)
    assert "No space left on device" in said
    assert "Free some disk space" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_root_without_namespaces_runs_it_as_nobody(city: Path) -> None:
    with root_in_namespaces(city, NO_MORE_NAMESPACES) as process:
        assert heard(process).startswith("postgresql://")
        pid = postmaster(city)
        assert Path(f"/proc/{pid}").stat().st_uid == 65534
        with ends(pid):
            os.kill(parent(pid), signal.SIGKILL)
    with start(city) as server:  # where namespaces work, the files stay nobody's
        assert ask(server, "SELECT 1") == 1
        assert Path(f"/proc/{postmaster(city)}").stat().st_uid == 65534
        assert {(city / "pg" / name).stat().st_uid for name in ("data", "server.log")} == {65534}


def test_whoever_waits_for_the_end_may_copy_the_folder(tmp_path: Path) -> None:
    settle(tmp_path)  # nothing was ever there
    first = start(tmp_path)
    second = start(tmp_path)
    first.close()
    settle(tmp_path)  # the other goes on, and nobody waits for it
    assert (tmp_path / "pg/data/postmaster.pid").exists()
    second.close()
    settle(tmp_path)
    assert not (tmp_path / "pg/data/postmaster.pid").exists()
