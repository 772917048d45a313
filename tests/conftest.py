"""What tests share: a real PostgreSQL for the session, and a fresh database in it for each test."""

import asyncio
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings

from hapgang.writer.postgres import Postgres, start
from tests.small_city import write_small_city

# What a shell starts in the background does not hear interrupts, nor does whatever that starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is: speed is measured in `benchmarks/`.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
_numbers = count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with start(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def database(server: Postgres) -> Iterator[dict[str, Any]]:
    """How to connect to an empty database."""
    name = f"test_{next(_numbers)}"
    command(server, f"CREATE DATABASE {name}")
    yield {**server.connect_kwargs, "database": name}
    command(server, f"DROP DATABASE {name} WITH (FORCE)")


def command(server: Postgres, sql: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(**server.connect_kwargs)
        await connection.execute(sql)
        await connection.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a city of three by three blocks."""
    return write_small_city(tmp_path_factory.mktemp("small"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes longest begin first, so that the other processes do the rest meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
