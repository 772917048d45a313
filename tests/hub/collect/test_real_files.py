"""Real files with their real dirt; the counts were found by looking at the files.

In Seoul's air, PM2.5 is sometimes more than PM10, of which it is a part; stations have days without
any value; one day of 2019 is there twice; hours run to 24. In the weather beside the bike rentals
the humidity is 0 % at times, which no air is.
"""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from hapgang.app.collect.files import Summary, look_through
from hapgang.app.collect.mappings import bundled_names, mapping_at
from hapgang.hub.collect.mapping import Mapping

_DEFAULT = Path(__file__).parents[4] / "shared" / "data"
FOLDER = Path(os.environ.get("HAPGANG_DATA", _DEFAULT)) / "korea-air-bike-weather"


def looked_through(name: str, mapping: str) -> Summary:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"no public data in {FOLDER}; set HAPGANG_DATA")
    return look_through(path, mapping_at(mapping), lambda *_: None)


def test_every_bundled_mapping_compiles() -> None:
    for name in bundled_names():
        assert Mapping(mapping_at(name)).words.source


@pytest.mark.parametrize(
    ("year", "rows", "impossible", "without", "missing"),
    [
        pytest.param(2018, 14_637, 18, 222, 1_982, marks=pytest.mark.slow),
        pytest.param(2019, 17_745, 50, 335, 3_941, marks=pytest.mark.slow),
        pytest.param(2020, 18_300, 31, 384, 3_392, marks=pytest.mark.slow),
        (2021, 18_250, 31, 32, 614),
        pytest.param(2022, 18_250, 9, 72, 565, marks=pytest.mark.slow),
    ],
)
def test_seoul_s_stations(
    year: int, rows: int, impossible: int, without: int, missing: int
) -> None:
    found = looked_through(f"seoul_air_daily_by_station_{year}_cp949.csv", "seoul-air-daily")
    tally = found.tally
    assert (tally.rows, tally.unfit, tally.empty) == (rows, impossible, without)
    assert found.counts.accepted == rows - impossible - without
    assert list(found.reasons.values()) == [impossible]
    gone = missing - (tally.expected - tally.present)
    assert 0 <= gone <= 4 * impossible  # values that lack in the rows that are quarantined
    assert found.quality.completeness == pytest.approx(1 - missing / (6 * rows), abs=1e-3)


@pytest.mark.slow
def test_seoul_s_hours() -> None:
    found = looked_through("seoul_air_hourly_2018_2022.csv", "seoul-air-hourly")
    tally = found.tally
    assert (tally.rows, tally.unfit, tally.duplicates) == (43_800, 13, 24)
    assert tally.expected - tally.present == 1  # the one “-” for carbon monoxide
    assert found.counts.accepted == 43_800 - 13 - 24
    assert found.quality.score is not None
    assert found.quality.score > 99.9


def test_seoul_s_bikes_and_weather() -> None:
    found = looked_through("SeoulBikeData.csv", "seoul-bike")
    assert (found.tally.rows, found.tally.unfit) == (8_760, 17)
    assert found.counts.accepted == (8_760 - 17) + (8_760 - 295 - 17)  # weather, and rentals
    (why,) = found.reasons
    assert why.startswith("relativeHumidity")


@pytest.mark.slow
def test_korea_s_thermal_power() -> None:
    found = looked_through("korea_thermal_power_daily_by_province_cp949.csv", "korea-thermal-power")
    assert (found.tally.rows, found.counts.accepted, found.tally.unfit) == (54_330, 54_330, 0)


@pytest.mark.parametrize(
    ("city", "rows"), [("busan_metro", 114), ("cairns", 416), ("nyc_subway", 273)]
)
def test_stops_of_public_transport(city: str, rows: int, tmp_path: Path) -> None:
    archive = FOLDER.parent / "gtfs" / f"{city}_gtfs.zip"
    if not archive.is_file():
        pytest.skip(f"no public data in {archive.parent}; set HAPGANG_DATA")
    with ZipFile(archive) as packed:
        path = Path(packed.extract("stops.txt", tmp_path))
    found = look_through(path, mapping_at("gtfs-stops"), lambda *_: None)
    assert (found.tally.rows, found.counts.accepted) == (rows, rows)
