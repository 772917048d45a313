"""Clients that we did not write: GDAL, which is what QGIS opens a city with, and OWSLib."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

from hapgang.contract import Role
from tests.app.serving import served
from tests.living import Town, run
from tests.village import person

OPERATOR = person("op", Role.OPERATOR)
_PATIENCE_S = 60


def test_gdal_and_owslib_open_the_city(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        for well in range(12):
            body = {"well": f"w{well}", "lon": 127.30 + well / 1000}
            await town.call("POST", "/api/test/village/wells", body, caller=OPERATOR)
        async with served(town) as address:
            seen = await _opened(f"{address}/ogc")
        _check_gdal(seen["gdal"], town)
        _check_owslib(seen["owslib"])

    run(then, database, small_city, tmp_path / "state")


async def _opened(address: str) -> dict[str, Any]:
    command = (sys.executable, "-m", "tests.app.ogc.opened", address)
    pipe = asyncio.subprocess.PIPE
    client = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    try:
        out, err = await asyncio.wait_for(client.communicate(), _PATIENCE_S)
    except TimeoutError:
        client.kill()
        raise
    assert client.returncode == 0, err.decode()
    return dict(json.loads(out))


def _check_gdal(seen: dict[str, Any], town: Town) -> None:
    assert {"layer.buildings", "layer.places", "type.TestWell"} <= set(seen["layers"])
    assert seen["wells"] == 12  # three pages
    assert seen["geometry"] == "Point"
    assert {"depth", "state", "value"} <= set(seen["fields"])
    assert (seen["in_box"], seen["by_name"]) == (3, 1)
    assert seen["crs"] == "EPSG:5186"
    scene = town.live.scene
    drawn = shapely.transform(
        scene.buildings.geometry, lambda points: scene.projection.xy(points[:, 0], points[:, 1])
    )  # GDAL has east first, as we draw
    assert seen["bounds_m"] == pytest.approx(shapely.total_bounds(drawn).tolist(), abs=0.2)


def _check_owslib(seen: dict[str, Any]) -> None:
    assert any(one.endswith("/conf/core") for one in seen["conforms"])
    assert "layer.streets" in seen["collections"]
    assert seen["openapi"].startswith("3.0")
    assert seen["title"] == "Wells"
    assert (seen["matched"], seen["returned"]) == (3, 2)
    assert seen["one"]["geometry"]["type"] == "Point"
