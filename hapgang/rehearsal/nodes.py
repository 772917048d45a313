"""Runs on the nodes of a Ray cluster, by its address: the same functions as on this machine.

A node has Hapgang installed, in the same edition; of the city it needs nothing. The model's files
are sent once, by the hash of their content, and kept with what was found out about them under
`$XDG_CACHE_HOME/hapgang`. A kept run's files come back to whoever asked.
"""

import contextlib
import importlib
import os
import queue
import secrets
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from hapgang.core.errors import Conflict, Unavailable
from hapgang.rehearsal.farm import Died, Done, Failed, LastWorld, News, Order, Told, tellable
from hapgang.rehearsal.keeping import clear_remains, kept
from hapgang.rehearsal.parcel import Parcel, edition, files_of, parcel_of, unpacked_wish
from hapgang.rehearsal.run import rehearse
from hapgang.rehearsal.wish import Wish

_REACH_S = 5.0
_LISTEN_S = 1.0
_END = None


class Nodes:
    """The nodes of a cluster; Ray says which of them makes which run."""

    def __init__(self, address: str) -> None:
        """Join the cluster at HOST:PORT (from a machine of it), ray://HOST:PORT or `auto`."""
        self._ray = _ray()
        _reach(address)
        self._quiet = contextlib.ExitStack()
        self._quiet.enter_context(contextlib.redirect_stdout(sys.stderr))  # Ray writes there
        try:
            self._ray.init(
                address=address, namespace="hapgang", log_to_driver=False, logging_level="ERROR"
            )
        except Exception as error:
            self._quiet.close()
            raise _unreachable(address, str(error).partition("\n")[0]) from error
        self._make = self._ray.remote(_lines).options(
            num_returns="streaming", num_cpus=1, max_retries=0, scheduling_strategy="SPREAD"
        )
        self._orders: dict[int, Order] = {}
        self._lines: dict[Any, int] = {}
        self._sent: dict[str, Any] = {}

    def give(self, number: int, order: Order) -> None:
        """Take on a run; the model's files are sent if they were not before."""
        parcel = parcel_of(order.wish)
        if parcel.digest not in self._sent:
            self._sent[parcel.digest] = self._ray.put(parcel.files)
        # In a list a reference stays one: only a node that lacks the files asks for them.
        line = self._make.remote(
            order.wish,
            order.out.name if order.out is not None else "",
            parcel.digest,
            [self._sent[parcel.digest]],
            edition(),
        )
        self._orders[number], self._lines[line] = order, number

    def news(self) -> Iterator[News]:
        """Wait for the nodes to tell something, or to die."""
        ready, _ = self._ray.wait(list(self._lines), num_returns=1, timeout=_LISTEN_S)
        for line in ready:
            number = self._lines[line]
            try:
                told = self._ray.get(next(line))
            except StopIteration:
                told = Died(number, ("its node said no more", "노드 응답 없음"))
            except self._ray.exceptions.RayError as error:
                told = Died(number, _end_of(error))
            if isinstance(told, tuple) and not isinstance(told, Died):
                told = self._taken(number, *told)
            if not isinstance(told, Told):
                del self._lines[line]
            yield told

    def stop(self) -> None:
        """End whatever is under way, and leave the cluster."""
        for line in self._lines:
            with contextlib.suppress(Exception):
                self._ray.cancel(line, force=True)
        self._lines.clear()
        self._sent.clear()
        self._ray.shutdown()
        self._quiet.close()

    def _taken(self, number: int, what: str, *words: Any) -> News:
        """Take what a node says; a run's files are kept here."""
        if what == "told":
            return Told(number, *words)
        if what == "failed":
            return Failed(number, words[0])
        report, files = words
        order = self._orders[number]
        try:
            if order.out is not None:
                with kept(order.out) as folder:
                    for name, content in files.items():
                        (folder / name).parent.mkdir(parents=True, exist_ok=True)
                        (folder / name).write_bytes(content)
        except Unavailable as error:
            return Failed(number, error)
        return Done(number, msgspec.structs.replace(report, weather=order.wish.weather))


def _ray() -> Any:
    """Return the library, which is an extra; it tells nobody that it is used."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "2")  # else it tries for many minutes
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise Unavailable(
            "Ray is not installed here. Install it with `pip install 'hapgang[scale]'`, or leave"
            " --ray and HAPGANG_RAY out.",
            "Ray가 설치되어 있지 않습니다. `pip install 'hapgang[scale]'`로 설치하거나 --ray와"
            " HAPGANG_RAY를 빼세요.",
        ) from error


def _reach(address: str) -> None:
    """Refuse early where nobody listens: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdecimal():
        return
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _REACH_S):
            pass
    except (OSError, OverflowError) as error:
        raise _unreachable(address, str(error)) from error


def _unreachable(address: str, why: str) -> Unavailable:
    return Unavailable(
        f"No Ray cluster answers at {address}: {why}. Start one with `ray start --head`, or leave"
        " --ray and HAPGANG_RAY out.",
        f"{address}에 Ray 클러스터가 없습니다: {why}. `ray start --head`로 시작하거나 --ray와"
        " HAPGANG_RAY를 빼세요.",
    )


def _end_of(error: Exception) -> tuple[str, str]:
    kind = type(error).__name__
    return (f"its node or process is gone ({kind})", f"노드 또는 프로세스 종료 ({kind})")


# What follows runs on the nodes.


def _store() -> Path:
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "hapgang"


@cache
def _last_world() -> LastWorld:
    return LastWorld()


def _lines(
    wish: Wish, name: str, digest: str, files: list[Any], wanted: str
) -> Iterator[tuple[Any, ...]]:
    """Make a run, and tell how far it has come: told, told ..., then done or failed.

    name: of the run's folder, whose files come back; empty where nobody wants them.
    """
    told: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()

    def make() -> None:
        try:
            told.put(_made(wish, name, digest, files, wanted, told))
        except Exception as error:  # noqa: BLE001 (whatever it is, whoever asked has to hear it)
            told.put(("failed", tellable(error)))
        finally:
            told.put(_END)

    threading.Thread(target=make, daemon=True).start()
    while (item := told.get()) is not _END:
        yield item


def _made(
    wish: Wish,
    name: str,
    digest: str,
    files: list[Any],
    wanted: str,
    told: "queue.SimpleQueue[tuple[Any, ...] | None]",
) -> tuple[Any, ...]:
    if edition() != wanted:
        raise Conflict(
            f"The node {socket.gethostname()} has another edition of Hapgang than this machine:"
            " install the same one on all nodes.",
            f"{socket.gethostname()} 노드의 Hapgang이 이 컴퓨터와 다릅니다. 모두 같은 판을"
            " 설치하세요.",
        )
    told.put(("told", "city", 0.0))
    model = _store() / "models" / digest
    if not model.is_dir():
        Parcel(digest, importlib.import_module("ray").get(files[0])).unpack(model)
    wish = unpacked_wish(wish, model)
    world = _last_world().of(wish, _store() / "skims")
    runs = _store() / "runs"
    runs.mkdir(parents=True, exist_ok=True, mode=0o700)
    clear_remains(runs)
    folder = runs / f".run.{os.getpid()}.{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)  # says who is at it
    out = folder / name if name else None
    try:
        report = rehearse(wish, lambda *at: told.put(("told", *at)), out, world=world)
        return "done", report, files_of(out) if out is not None else {}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
