"""Long work: progress, results, failures of every kind, and cancelling."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role, Route, Service, Text
from hapgang.core.errors import CityError, Conflict
from hapgang.core.vocabulary.platform import Job
from hapgang.runtime.jobs import Jobs
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.writer.unit import Unit
from tests.village import NAME, Diary, Well, dig, person, runtime_of, village, well_id

pytestmark = pytest.mark.slow  # starts processes

OPERATOR = person("op", Role.OPERATOR)


def add_up(report: Callable[[float], None], *, numbers: list[int]) -> int:
    for done in range(1000):
        report(done / 1000)
    return sum(numbers)


def fail(report: Callable[[float], None], *, numbers: list[int]) -> int:
    raise ValueError("these numbers do not add up")


def die(report: Callable[[float], None], *, numbers: list[int]) -> int:
    report(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def never_end(report: Callable[[float], None], *, numbers: list[int]) -> int:
    report(0.5)
    signal.pause()
    return 0


def return_a_secret(report: Callable[[float], None], *, numbers: list[int]) -> Any:
    return lambda: numbers  # cannot leave the process


COMPUTES = {f.__name__: f for f in (add_up, fail, die, never_end, return_a_secret)}


def work(city: Any, *, how: str) -> str:
    """Start a job."""
    compute = COMPUTES.get(how, lambda report, numbers: 0)  # the lambda cannot be sent
    title = Text("Adding", "더하기")
    return str(city.start(title, compute, take, numbers=[1, 2, 3]))


def work_and_fail(city: Any) -> None:
    """Start a job in a unit that fails."""
    work(city, how="add_up")
    raise Conflict("no", None)


def take(city: Any, *, result: int) -> None:
    """Keep the result where it is still wanted."""
    well = city.hub.get(Well, well_id("a"))
    if well.state != "free":
        raise Conflict("nobody wants it any more", None)
    city.hub.save(msgspec.structs.replace(well, count=result))


worker = Service(
    title=village.title,
    level=village.level,
    owns=(Well, Diary),
    routes=(
        Route.post("/work", work, allow=(Role.OPERATOR,)),
        Route.post("/fail", work_and_fail, allow=(Role.OPERATOR,)),
        Route.post("/wells", dig, allow=(Role.OPERATOR,)),
    ),
)


@pytest.fixture
def runtime() -> Runtime:
    runtime = runtime_of({NAME: worker, "platform": platform})
    runtime.perform(dig, OPERATOR, well="a")
    return runtime


def job_of(runtime: Runtime, job: str) -> Job:
    record = runtime.state.get(job)
    assert record is not None
    assert isinstance(record.view, Job)
    return record.view


def live(runtime: Runtime, how: str, then: Callable[[Jobs, Job], None] = lambda *_: None) -> Job:
    """Start a job, let it run until it has ended, and look at it at each of its steps."""

    async def run() -> Job:
        jobs = Jobs(runtime)
        running = asyncio.create_task(jobs.run())
        changed = asyncio.Event()
        runtime.writer.listeners.append(lambda _: changed.set())
        job = runtime.perform(work, OPERATOR, how=how)
        jobs.take_started()
        try:
            async with asyncio.timeout(60):
                while (found := job_of(runtime, job)).state in ("waiting", "running"):
                    then(jobs, found)
                    await changed.wait()
                    changed.clear()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return found

    return asyncio.run(run())


def test_a_job_tells_its_progress_and_brings_its_result(runtime: Runtime) -> None:
    seen: list[float] = []
    job = live(runtime, "add_up", lambda _, found: seen.append(found.progress_pct))
    assert (job.state, job.progress_pct, job.error) == ("done", 100.0, None)
    assert job.ended_at is not None
    well = runtime.state.get(well_id("a"))
    assert well is not None
    assert well.value("value") == 6
    assert seen == sorted(seen)
    assert len(set(seen)) <= 100


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("fail", "ValueError: these numbers do not add up"),
        ("return_a_secret", "pickle"),
        ("a lambda", "pickle"),
    ],
)
def test_a_job_that_fails_says_why(runtime: Runtime, how: str, said: str) -> None:
    job = live(runtime, how)
    assert job.state == "failed"
    assert said in (job.error or "")


def test_the_next_job_runs_after_one_that_failed(runtime: Runtime) -> None:
    async def run() -> None:
        jobs = Jobs(runtime)
        running = asyncio.create_task(jobs.run())
        first, second = (runtime.perform(work, OPERATOR, how=how) for how in ("die", "add_up"))
        jobs.take_started()
        async with asyncio.timeout(60):
            while job_of(runtime, second).state != "done":
                await asyncio.sleep(0.01)
        assert job_of(runtime, first).state == "failed"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())


def test_a_long_job_keeps_no_other_service_waiting(runtime: Runtime) -> None:
    async def run() -> None:
        jobs = Jobs(runtime)
        running = asyncio.create_task(jobs.run())
        first, second, other = (
            runtime.perform(work, OPERATOR, how=how) for how in ("never_end", "add_up", "add_up")
        )
        runtime.started[2] = runtime.started[2]._replace(service="another")
        jobs.take_started()
        async with asyncio.timeout(60):
            while job_of(runtime, other).state != "done":
                await asyncio.sleep(0.01)
            assert job_of(runtime, second).state == "waiting"
            jobs.cancel(first)
            while job_of(runtime, second).state != "done":
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())


def test_a_result_that_is_not_wanted_any_more(runtime: Runtime) -> None:
    def lose_interest(_: Jobs, job: Job) -> None:
        if job.state == "running" and job.progress_pct == 0:
            record = runtime.state.get(well_id("a"))
            assert record is not None
            taken = msgspec.structs.replace(record.view, state="taken")
            runtime.state.put(record.with_view(taken, record.modified, record.seq))

    job = live(runtime, "add_up", lose_interest)
    assert (job.state, job.error) == ("failed", "nobody wants it any more")


@pytest.mark.parametrize("when", ["waiting", "running"])
def test_a_job_can_be_cancelled(runtime: Runtime, when: str) -> None:
    def cancel(jobs: Jobs, job: Job) -> None:
        if job.state == when and (when == "waiting" or job.progress_pct):
            jobs.cancel(job.id)

    job = live(runtime, "never_end", cancel)
    assert (job.state, job.error) == ("cancelled", None)
    with pytest.raises(CityError):
        Jobs(runtime).cancel(job.id)


def test_stopping_the_city_ends_its_jobs(runtime: Runtime) -> None:
    async def run() -> None:
        jobs = Jobs(runtime)
        running = asyncio.create_task(jobs.run())
        started = asyncio.Event()

        def listen(_: Unit) -> None:
            if job_of(runtime, job).progress_pct == 50:
                started.set()

        job = runtime.perform(work, OPERATOR, how="never_end")
        runtime.writer.listeners.append(listen)
        jobs.take_started()
        async with asyncio.timeout(60):
            await started.wait()
            (process,) = jobs._processes.values()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert not process.is_alive()

    asyncio.run(run())


def test_a_unit_that_fails_starts_no_job(runtime: Runtime) -> None:
    with pytest.raises(Conflict):
        runtime.perform(work_and_fail, OPERATOR)
    assert not runtime.started
    assert runtime.state.count("Job") == 0


def test_rehearsals_do_the_job_at_once(runtime: Runtime) -> None:
    jobs = Jobs(runtime)
    done = runtime.perform(work, OPERATOR, how="add_up")
    failed = runtime.perform(work, OPERATOR, how="fail")
    jobs.run_started()
    assert [job_of(runtime, job).state for job in (done, failed)] == ["done", "failed"]


def test_what_a_killed_city_left_is_marked(runtime: Runtime) -> None:
    job = runtime.perform(work, OPERATOR, how="add_up")
    Jobs(runtime).mark_interrupted()
    assert job_of(runtime, job).state == "failed"
    assert "start it again" in (job_of(runtime, job).error or "")


def test_too_many_waiting_jobs_are_refused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hapgang.runtime.jobs._MOST_WAITING", 1)
    jobs = Jobs(runtime)
    ids = [runtime.perform(work, OPERATOR, how="add_up") for _ in range(3)]
    jobs.take_started()
    assert [job_of(runtime, job).state for job in ids] == ["waiting", "failed", "failed"]
    runtime.perform(dig, PLATFORM, well="b")
