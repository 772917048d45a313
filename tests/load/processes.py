"""Two processes of one city, and ways to kill them, their database and its guard."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hapgang.app.tokens import Tokens
from hapgang.contract import Caller

ROOT = Path(__file__).resolve().parents[2]


class CityProcesses:
    """The processes of a city, by their ports; whatever is killed is started again."""

    def __init__(
        self,
        model: Path,
        state: Path,
        count: int = 2,
        *,
        is_demo: bool = False,
        n_workers: int = 0,
        at: datetime | None = None,
    ) -> None:
        """Choose ports; nothing runs yet. The city's clock begins at an instant that is over."""
        state.mkdir(mode=0o700, exist_ok=True)
        self.model, self.state = model, state
        self._words = ["demo"] * is_demo + ["worker"] * n_workers
        self.ports = [free_port() for _ in range(count)]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._log = (state.parent / "city.log").open("ab")
        self._tokens = Tokens.at(state)
        self._behind = datetime.now(UTC) - at if at is not None else timedelta()

    def token(self, caller: Caller) -> str:
        """Return a bearer token of the city."""
        return self._tokens.issue(caller, datetime.now(UTC) - self._behind)

    def start(self, port: int, *, standby: bool = True) -> None:
        """Start the process of a port."""
        command = [sys.executable, "-m", "tests.load.city_process", str(self.model)]
        command += [str(self.state), str(port), str(self._behind.total_seconds())]
        command += ["standby"] if standby else []
        command += self._words
        self._running[port] = subprocess.Popen(
            command, cwd=ROOT, stdout=self._log, stderr=self._log, start_new_session=True
        )

    def pid(self, port: int) -> int:
        """Return the number of a port's process."""
        return self._running[port].pid

    def kill(self, port: int) -> None:
        """Kill a process with no time to say goodbye."""
        process = self._running.pop(port)
        process.kill()
        process.wait()

    def workers(self, port: int) -> list[int]:
        """Return the numbers of the workers of a port's process."""
        tasks = Path(f"/proc/{self.pid(port)}/task").glob("*/children")
        children = [pid for task in tasks for pid in task.read_text().split()]
        lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
        return [int(pid) for pid, line in lines.items() if b"hapgang.app.workers" in line]

    def kill_database(self, what: str) -> None:
        """Kill the `postmaster` or its `guard`."""
        pid = int((self.state / "pg/data/postmaster.pid").read_text().split()[0])
        stat = Path(f"/proc/{pid}/stat").read_text()
        parent = int(stat.rpartition(")")[2].split()[1])
        os.kill(parent if what == "guard" else pid, signal.SIGKILL)

    def ended(self) -> list[int]:
        """Return the ports whose process has ended by itself, which it must not."""
        return [port for port, process in self._running.items() if process.poll() is not None]

    def close(self) -> None:
        """Kill all that is left."""
        for port in list(self._running):
            self.kill(port)
        self._log.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def wait_for_lock(path: Path, limit_s: float = 30.0) -> None:
    """Return when no process of a database server holds its lock any more."""
    import fcntl  # noqa: PLC0415 (not on every system)

    end_s = time.monotonic() + limit_s
    with path.open() as lock:
        while time.monotonic() < end_s:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.01)
            else:
                return
    raise AssertionError("the database did not end")
