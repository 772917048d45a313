"""Writes the city's folder: tables as GeoParquet, ground, transit and scenarios."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from cities.sejong.generate import facts, scenarios, transit
from cities.sejong.generate.city import City
from cities.sejong.generate.plane import CENTRE_XY, EPSG, lonlat
from hapgang.twin.ground import Ground, write_ground
from hapgang.twin.layers import EXTRAS, SCHEMA, Buildings
from hapgang.twin.tables import Column, Table, write_table

_TOML = """\
format = 1
name = "sejong"
time_zone = "Asia/Seoul"
centre = [{lon:.5f}, {lat:.5f}]
epsg = {epsg}
residents = {residents}
country = "KR"
geoid_m = 24.7  # EGM96 (NIMA TR8350.2), 15-minute grid, at the centre
assumptions = [
  "Every exact line, outline and position: the land utilization plan's drawing is not public data.",
  "Residents who work: {workers}; one in three of them inside the zone.",
  "How Sejong's, Daejeon's and the other commuters divide among the zones outside.",
  "Average speeds and detours beyond the map, running times and some headways of public transport.",
]

[title]
en = "Sejong National Pilot Smart City, 5-1 Living Zone"
ko = "세종 스마트시티 국가시범도시 5-1생활권"

[[sources]]
title = "Sejong National Pilot Smart City white paper"
licence = "cited"
what = "area, people, households, zones A to C, ring, restricted area, facilities, distances"

[[sources]]
title = "세종 스마트시티 기본구상 (basic concept of July 2018)"
licence = "cited"
what = "preserved land, where people work, jobs in the region, shopping, doctors and culture"

[[sources]]
title = "Smart City newsletter no. 17, Ministry of Land, Infrastructure and Transport, 2021-05-31"
licence = "cited"
what = "size of the restricted area, two express bus stops outside of it"

[[sources]]
title = "Administrative boundaries 2018, Statistics Korea (SGIS)"
licence = "KOGL Type 1"
what = "where Hapgang-ri and the two rivers lie; nothing of them is copied"

[[sources]]
title = "TAGO public transit data, Ministry of Land, Infrastructure and Transport (15098529)"
licence = "Korea open data"
what = "coordinates of stops outside the zone, hours and headway of route 1001"

[[sources]]
title = "The generator of this folder, cities/sejong/generate"
licence = "Apache-2.0"
what = "everything else, by rule"
"""


def tables() -> dict[str, Table]:
    """The twin's tables; buildings also say where their owned cars stand under the plan."""
    out = {name: layer.table for name, layer in {**SCHEMA, **EXTRAS}.items()}
    parking = Column("parking", "str", optional=True)
    out["buildings"] = replace(Buildings.table, columns=(*Buildings.table.columns, parking))
    return out


def city_toml() -> str:
    """The text of `city.toml`."""
    lon, lat = lonlat(np.array([CENTRE_XY]))[0]
    return _TOML.format(
        lon=lon, lat=lat, epsg=EPSG, residents=facts.RESIDENTS, workers=facts.WORKERS
    )


def write(city: City, folder: Path) -> None:
    """Write every generated file into a folder that exists."""
    for name, table in tables().items():
        write_table(folder, table, getattr(city, name))
    west, south, east, north = (float(side) for side in city.bounds)
    write_ground(folder, Ground(elevation_m=city.elevation_m, bounds=(west, south, east, north)))
    (folder / "city.toml").write_text(city_toml(), encoding="utf-8")
    feed = transit.files()
    routes = [line.split(",")[0] for line in feed["routes.txt"].splitlines()[1:]]
    for below, files in (("transit", feed), ("scenarios", scenarios.files(routes))):
        (folder / below).mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / below / name).write_text(text, encoding="utf-8")
