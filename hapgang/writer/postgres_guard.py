"""The parent process of one city's PostgreSQL: prepares it, starts it, keeps its log, stops it.

    python -I -S postgres_guard.py PG BIN LOCK      PG: the folder pg/ of the city, absolute
                                                    BIN: the folder of PostgreSQL's programs
                                                    LOCK: a descriptor that holds server.lock

`hapgang.writer.postgres` starts it by file name, without site packages, so that it is quick and
small; only the standard library is here. What is in pg/:

    users.lock    shared flock of every process that uses the server, exclusive while a guard
                  stops it
    server.lock   exclusive flock, inherited by the guard, the postmaster and all its children:
                  while it is free, nothing of an earlier server lives, whatever the process
                  numbers on disk say
    data/         the database; it appears by renaming data.new/, so it is never half made
    server.log    what guard, initdb and PostgreSQL say; server.log.1 is the part before it
"""

import ctypes
import fcntl
import os
import pwd
import signal
import stat
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path

USER = "hapgang"
PORT = 5432
SETTINGS = {
    "port": PORT,
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": 50,
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "replica",
    "wal_compression": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}
INITDB = (
    f"--username={USER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
LOG_BYTES = 8 << 20
STOP = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))  # signal, patience s
SOCKET_BYTES = 103  # sun_path holds 104 bytes with its final zero on macOS, 108 on Linux: unix(7)

# Linux: <sched.h>, <linux/prctl.h>, <linux/capability.h>
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522


class Guard:
    """One run of the server in `pg`, from the first look at its files to its last process."""

    def __init__(self, pg: Path, programs: Path, lock: int) -> None:
        self.pg, self.programs, self.lock = pg, programs, lock
        self.data = pg / "data"

    def run(self) -> None:
        """Serve until nobody uses the server, or until it ends by itself."""
        settle_owner(self.pg, self.programs)
        self.clear_stale_pid()
        if not self.data.exists():
            self.make_data()
        sockets = socket_folder(self.pg)
        options = SETTINGS | {
            "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"'
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        users = os.open(self.pg / "users.lock", os.O_RDWR)
        pid, output = self.spawn("postgres", "-D", str(self.data), *settings)
        threading.Thread(target=stop_when_unused, args=(users, pid), daemon=True).start()
        self.keep_log(output)
        os.waitpid(pid, 0)
        if sockets != self.pg:
            with suppress(OSError):
                sockets.rmdir()

    def make_data(self) -> None:
        """Create the database beside its place and rename it there when it is whole and on disk."""
        fresh = self.pg / "data.new"
        if fresh.exists():
            import shutil  # noqa: PLC0415 - 8 ms that only this rare case needs

            shutil.rmtree(fresh)
        pid, output = self.spawn("initdb", f"--pgdata={fresh}", *INITDB)
        self.keep_log(output)
        if os.waitpid(pid, 0)[1] != 0:
            sys.exit("guard: initdb failed")
        fresh.rename(self.data)
        folder = os.open(self.pg, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def clear_stale_pid(self) -> None:
        """Remove the postmaster.pid of a killed server.

        We hold server.lock, so it lives no more; but PostgreSQL would refuse to start if another
        process bore its number by now. A server that somebody started by hand is left alone.
        """
        file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError):
            process = Path("/proc", file.read_text().partition("\n")[0])
            if not Path("/proc/self").exists():
                return
            with suppress(OSError):
                if (process / "cwd").samefile(self.data):
                    return
            (socket_folder(self.pg) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
            file.unlink()

    def spawn(self, program: str, *arguments: str) -> tuple[int, int]:
        """Start a program as our child; return its process number and the pipe of what it says."""
        command = [str(self.programs / program), *arguments]
        guard, (output, speech) = os.getpid(), os.pipe()
        pid = os.fork()
        if pid:
            os.close(speech)
            return pid, output
        try:
            os.dup2(speech, 1)
            os.dup2(speech, 2)
            os.set_inheritable(self.lock, True)
            become_ordinary(self.pg.stat().st_uid)
            if sys.platform == "linux":
                system("prctl", PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() == guard:
                os.execv(command[0], command)  # noqa: S606 - no shell wanted
        except BaseException:  # noqa: BLE001 - the log says why, and this child ends
            traceback.print_exc()
        finally:
            os._exit(127)

    def keep_log(self, output: int) -> None:
        """Copy what a program and its children say to the log until the last of them is gone."""
        while text := os.read(output, 1 << 16):
            with suppress(OSError):  # a full disk costs log lines, not the server
                if os.fstat(1).st_size > LOG_BYTES:
                    (self.pg / "server.log").replace(self.pg / "server.log.1")
                    open_log(self.pg)
                os.write(1, text)
        os.close(output)


def open_log(pg: Path) -> None:
    """Let standard output and error go to the log, which belongs to the owner of pg/."""
    log = os.open(pg / "server.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        os.fchown(log, pg.stat().st_uid, -1)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def socket_folder(pg: Path) -> Path:
    """Where the socket is: pg/ itself, or a private temporary folder if that path is too long."""
    if len(os.fsencode(pg / f".s.PGSQL.{PORT}")) <= SOCKET_BYTES:
        return pg
    here = pg.stat()
    name = f"hapgang-{here.st_dev:x}-{here.st_ino:x}"
    folder = Path(os.environ.get("TMPDIR") or "/tmp", name)  # noqa: S108 - private, checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = found.st_uid in (os.geteuid(), here.st_uid) and stat.S_ISDIR(found.st_mode)
    if not ours or stat.S_IMODE(found.st_mode) != 0o700:
        sys.exit(f"guard: no permission to use {folder}: remove it, or set TMPDIR to another place")
    if found.st_uid != here.st_uid:
        os.chown(folder, here.st_uid, -1)
    return folder


def stop_when_unused(users: int, pid: int) -> None:
    """Wait until the kernel has dropped every user's lock, then stop the server."""
    fcntl.flock(users, fcntl.LOCK_EX)
    for number, patience_s in STOP:
        os.kill(pid, number)
        time.sleep(patience_s)


# PostgreSQL refuses to run as root, and as a user without a name.


def settle_owner(pg: Path, programs: Path) -> None:
    """Decide whom the files belong to: if root may not rename itself, nobody gets them for good."""
    if os.geteuid() != 0 or pg.stat().st_uid != 0 or namespace_works(pg, programs):
        return
    for folder, _, files in os.walk(pg, topdown=False):
        for name in (*files, "."):  # pg/ itself comes last: it says that all is handed over
            os.chown(Path(folder, name), ordinary_uid(), -1, follow_symlinks=False)


def namespace_works(pg: Path, programs: Path) -> bool:
    """Try, in a child, whether a user namespace may be made and the files be reached from it."""
    pid = os.fork()
    if pid == 0:
        try:
            enter_namespace()
            reached = os.access(pg, os.W_OK | os.X_OK) and os.access(programs, os.X_OK)
            os._exit(0 if reached else 1)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def become_ordinary(owner: int) -> None:
    """In a child about to be PostgreSQL: stop being root, or nameless, as far as it can see."""
    uid = os.geteuid()
    if uid == 0 and owner != 0:
        take_user(owner)
    elif uid == 0 or not has_name(uid):
        enter_namespace()


def has_name(uid: int) -> bool:
    """Whether initdb, which asks for the name of its user, will find one."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def ordinary_uid() -> int:
    """Return `nobody`, or else the first user with a name that is not root."""
    named = (entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0)
    return 65534 if has_name(65534) else next(named, 65534)


def enter_namespace() -> None:
    """Call our user by an ordinary number, in a user namespace where it is the only one."""
    uid, gid, ordinary = os.geteuid(), os.getegid(), ordinary_uid()
    system("unshare", CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{ordinary} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{ordinary} {gid} 1")


def take_user(uid: int) -> None:
    """Become `uid`, keeping of root's rights only the one to pass through private folders."""
    system("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):  # the first that we were given
        with suppress(OSError):
            header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
            system("capset", header, (ctypes.c_uint32 * 6)(*[1 << capability] * 3, 0, 0, 0))
            system("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return


def system(name: str, *arguments: object) -> None:
    """Call a function of the C library that Python 3.11 does not offer."""
    if ctypes.CDLL(None, use_errno=True)[name](*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


def main() -> None:
    """Leave the process that started us, then guard."""
    pg = Path(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever started us may ignore it
    os.umask(0o077)
    os.chdir(pg)
    open_log(pg)
    if os.fork():
        os._exit(0)
    os.setsid()
    Guard(pg, Path(sys.argv[2]), int(sys.argv[3])).run()


if __name__ == "__main__":
    main()
