"""Running strangers' queries beside the city: a few at once, each in a process that is killed."""

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

import hapgang
from hapgang.app.lake_order import WRITTEN, Order, Source
from hapgang.app.lake_words import refused
from hapgang.core.errors import Conflict, Invalid, Unavailable
from hapgang.core.text import Text

TIME_LIMIT_S = 15.0
MEMORY_MB = 512
_AT_ONCE = 2
_IN_LINE = 4  # who wait for one of these
_MOST_SHOWN_BYTES = 8_000_000
_MOST_FILE_BYTES = 64_000_000
_HEAD_BYTES = 1_000_000
_MODULE = [sys.executable, "-P", "-m", "hapgang.app.lake_cell"]
_ENVIRONMENT = {"PYTHONPATH": str(Path(hapgang.__file__).parent.parent), "LC_ALL": "C.UTF-8"}
_log = logging.getLogger(__name__)


class TooSlow(Invalid):
    """The query took too long and was stopped."""

    title = Text("It took too long", "시간이 너무 오래 걸립니다")


class Busy(Unavailable):
    """As many queries run as the city has room for."""


class OneAtATime(Conflict):
    """The caller's last query still runs."""

    status = 429


class Column(msgspec.Struct):
    """A column of an answer, with its SQL type."""

    name: str
    type: str


class Head(msgspec.Struct):
    """What is known of an answer beside its rows."""

    columns: list[Column]
    rows: int
    more: bool
    seconds: float


class Room:
    """Where queries run: so many at once, so many in line, one for each caller."""

    def __init__(self, *, at_once: int = _AT_ONCE, in_line: int = _IN_LINE) -> None:
        """Start empty."""
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + in_line
        self._callers: set[str] = set()

    @contextlib.asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """Wait for a place; `Busy` when the line is full, `OneAtATime` when the caller has one."""
        if caller in self._callers:
            raise OneAtATime(
                "Your last query still runs. Wait for it, or stop it, and try again.",
                "앞서 실행한 질의가 아직 끝나지 않았습니다. 기다리거나 멈춘 뒤 다시 시도하세요.",
            )
        if len(self._callers) >= self._most:
            raise Busy(
                f"{self._most} queries run or wait already. Try again in half a minute.",
                f"이미 질의 {self._most}개가 실행 중이거나 기다리고 있습니다."
                " 30초 뒤에 다시 시도하세요.",
            )
        self._callers.add(caller)
        try:
            async with self._places:
                yield
        finally:
            self._callers.remove(caller)


class Query:
    """One query in a process of its own."""

    def __init__(
        self, sql: str, tables: dict[str, Source], *, time_zone: str, form: str, most_rows: int,
        time_limit_s: float = TIME_LIMIT_S, memory_mb: int = MEMORY_MB,
    ) -> None:  # fmt: skip
        """Ask for the first rows of a query over some tables, as "json", "csv" or "parquet"."""
        self._order = Order(
            sql=sql,
            tables=tables,
            time_zone=time_zone,
            memory_mb=memory_mb,
            processor_s=int(time_limit_s) + 1,
            format=form,
            most_rows=most_rows,
            most_bytes=_MOST_SHOWN_BYTES if form == "json" else _MOST_FILE_BYTES,
        )
        self._time_limit_s = time_limit_s
        self._stopped = threading.Event()
        self._is_late = False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> tuple[Head, bytes]:
        """Run to the end and return what was answered; blocks, so run it in a thread."""
        with subprocess.Popen(  # noqa: S603 (our own module; the query goes in by its input)
            _MODULE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT, cwd="/",
        ) as process:  # fmt: skip
            self._process = process
            if self._stopped.is_set():
                process.kill()
            clock = threading.Timer(self._time_limit_s, self._end_late)
            clock.start()
            try:
                said = self._said(process)
            finally:
                clock.cancel()
                process.kill()
        return self._answer(said)

    def stop(self) -> None:
        """End the query now; `run` raises."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def _end_late(self) -> None:
        self._is_late = True
        self.stop()

    def _said(self, process: "subprocess.Popen[bytes]") -> bytes:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it may have been stopped
            process.stdin.write(json.dumps(self._order).encode())
        return process.stdout.read(_HEAD_BYTES + WRITTEN * self._order["most_bytes"])

    def _answer(self, said: bytes) -> tuple[Head, bytes]:
        line, end, body = said.partition(b"\n")
        if self._is_late:
            raise TooSlow(
                f"The query took longer than {self._time_limit_s:g} s and was stopped. Ask for"
                " less: fewer days, a WHERE, or an aggregate instead of rows.",
                f"질의가 {self._time_limit_s:g}초를 넘어 멈췄습니다. 날짜를 줄이거나 WHERE를 쓰고,"
                " 행 대신 집계를 물어보세요.",
            )
        if not end:
            _log.warning("a query's process ended without an answer")
            raise refused({"exception_type": "Out of Memory"}, self._order["sql"], MEMORY_MB)
        told: dict[str, Any] = json.loads(line)
        if "refused" in told or "failed" in told:
            raise refused(told, self._order["sql"], self._order["memory_mb"])
        return msgspec.convert(told, Head), body
