"""Long work outside the writer: pure functions on a snapshot, whose result comes back as an action.

In a rehearsal a job is done at once. In a real city each runs in a process of its own, one at a
time for each service, and can be cancelled; what a killed city was working on is marked as failed
on the next start.
"""

import asyncio
import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

import msgspec

from hapgang.core.errors import Conflict, Unavailable
from hapgang.core.vocabulary.platform import Job
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf, StartedJob
from hapgang.runtime.perform import PLATFORM, Runtime

_MOST_WAITING = 100
_log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")


def mark_job(city: CityOf, *, job: str, changes: dict[str, Any]) -> None:
    """Write how a job is doing."""
    found = city.hub.get(Job, job)
    city.hub.save(msgspec.structs.replace(found, **changes))


class Jobs:
    """The jobs of one city process."""

    def __init__(self, runtime: Runtime) -> None:
        """Take up what the runtime's actions start."""
        self._runtime = runtime
        self._processes: dict[str, Any] = {}
        self._waiting: deque[StartedJob] = deque()
        self._busy: set[str] = set()  # services that have a job running
        self._wake = asyncio.Event()

    def run_started(self) -> None:
        """Do every started job now, to its end: for rehearsals."""
        while self._runtime.started:
            started = self._runtime.started.popleft()
            try:
                result = started.compute(_no_report, **started.snapshot)
                self._finish(started, result)
            except Exception as error:  # noqa: BLE001 (a job may fail in any way; it is written down)
                self._fail(started.id, error)

    def mark_interrupted(self) -> None:
        """Say of the jobs that a killed city left behind that they failed."""
        for state in ("waiting", "running"):
            for record in self._runtime.state.with_value("Job", "state", state) or ():
                self._mark(record.id, state="failed", error="the city was stopped; start it again")

    async def run(self) -> None:
        """Run jobs as they come until cancelled."""
        try:
            async with asyncio.TaskGroup() as lanes:
                while True:
                    await self._wake.wait()
                    self._wake.clear()
                    for started in [one for one in self._waiting if self._takes(one)]:
                        self._waiting.remove(started)
                        lanes.create_task(self._in_lane(started))
        finally:
            for process in self._processes.values():
                process.terminate()

    def _takes(self, started: StartedJob) -> bool:
        """Give a job its service's lane, where that is free: none waits for another service's."""
        is_free = started.service not in self._busy
        self._busy.add(started.service)
        return is_free

    async def _in_lane(self, started: StartedJob) -> None:
        await self._run_one(started)
        self._busy.discard(started.service)
        self._wake.set()

    def take_started(self) -> None:
        """Queue what actions have started; refuse what does not fit."""
        while self._runtime.started:
            started = self._runtime.started.popleft()
            if len(self._waiting) >= _MOST_WAITING:
                self._fail(started.id, Unavailable("too many jobs are waiting; try again later"))
            else:
                self._waiting.append(started)
                self._wake.set()

    def cancel(self, job_id: str) -> None:
        """Stop a job that waits or runs."""
        process = self._processes.get(job_id)
        if process is not None:
            process.terminate()
        elif any(started.id == job_id for started in self._waiting):
            self._waiting = deque(s for s in self._waiting if s.id != job_id)
        else:
            raise Conflict("this job is not waiting or running", "진행 중인 작업이 아닙니다")
        self._mark(job_id, state="cancelled", ended_at=self._runtime.clock.now())

    async def _run_one(self, started: StartedJob) -> None:
        self._mark(started.id, state="running")
        here, there = _spawn.Pipe(duplex=False)
        process = _spawn.Process(
            target=_work, args=(there, started.compute, started.snapshot), daemon=True
        )
        try:
            await asyncio.to_thread(process.start)  # waits until the child has read the snapshot
            there.close()
            self._processes[started.id] = process
            await self._follow(started, here)
        except Exception as error:  # noqa: BLE001 (a job may fail in any way; it is written down)
            if not self._is_cancelled(started.id):
                self._fail(started.id, error)
        finally:
            self._processes.pop(started.id, None)
            if process.pid is not None:
                process.terminate()
                await asyncio.to_thread(process.join)
            here.close()

    async def _follow(self, started: StartedJob, pipe: Connection) -> None:
        told_pct = 0
        while True:
            try:
                word, value = await asyncio.to_thread(pipe.recv)
            except (EOFError, OSError):
                raise RuntimeError("the job's process died") from None
            if self._is_cancelled(started.id):
                return
            if word == "done":
                self._finish(started, value)
                return
            if word == "failed":
                raise RuntimeError(value)
            percent = int(100 * min(max(value, 0.0), 1.0))
            if percent != told_pct:
                told_pct = percent
                self._mark(started.id, progress_pct=float(percent))

    def _is_cancelled(self, job_id: str) -> bool:
        job = self._runtime.state.get(job_id)
        return job is None or job.value("state") == "cancelled"

    def _finish(self, started: StartedJob, result: Any) -> None:
        self._runtime.perform(started.then, PLATFORM, result=result)
        self._mark(started.id, state="done", progress_pct=100.0, ended_at=self._runtime.clock.now())

    def _fail(self, job_id: str, error: Exception) -> None:
        _log.error("job %s failed: %s", job_id, error)
        self._mark(job_id, state="failed", error=str(error), ended_at=self._runtime.clock.now())

    def _mark(self, job_id: str, **changes: Any) -> None:
        self._runtime.perform(mark_job, PLATFORM, job=job_id, changes=changes)


def _no_report(_: float) -> None:
    pass


def _work(pipe: Connection, compute: Callable[..., Any], snapshot: dict[str, Any]) -> None:
    """Run in the job's own process, which does not outlive the city's."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        result = compute(lambda share: pipe.send(("progress", share)), **snapshot)
        pipe.send(("done", result))
    except Exception as error:  # noqa: BLE001 (it is sent to the city, which writes it down)
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
    finally:
        pipe.close()


def _end_with_parent() -> None:
    city = multiprocessing.parent_process()
    assert city is not None
    wait([city.sentinel])
    os._exit(1)


__all__ = ["Jobs", "mark_job", "where"]
