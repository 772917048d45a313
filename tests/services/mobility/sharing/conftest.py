from typing import Any

import pytest

from tests.services.mobility.sharing.world import World, small_scene


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return small_scene(tmp_path_factory.mktemp("city") / "small")


@pytest.fixture
def world(scene: Any) -> World:
    return World(scene)
