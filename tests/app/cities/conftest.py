"""Databases for two cities."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import command


@pytest.fixture
def databases(server: Any) -> Iterator[list[dict[str, Any]]]:
    names = ["city_home", "city_away"]
    for name in names:
        command(server, f"CREATE DATABASE {name}")
    yield [{**server.connect_kwargs, "database": name} for name in names]
    for name in names:
        command(server, f"DROP DATABASE {name} WITH (FORCE)")
