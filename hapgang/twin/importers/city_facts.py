"""What an import says of a city as a whole: `city.toml` and the scenarios `today` and `plan`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from hapgang.twin.importers.folder import toml
from hapgang.twin.importers.gtfs_clean import CleanFeed
from hapgang.twin.importers.osm_read import OsmData
from hapgang.twin.importers.report import Journal

Sources = Iterable[tuple[Path, str, str]]

# Shared vehicles per 1,000 residents. ITDP, "The Bikeshare Planning Guide": 10 to 30; the middle.
FLEET_PER_1000 = 20
_UNKNOWN_COUNTRY = "ZZ"  # of ISO 3166, by the Unicode Common Locale Data Repository


def time_zone_of(feeds: Sequence[CleanFeed], lon: float, journal: Journal) -> str:
    """The first agency's time zone; without one, that of the ships at this longitude."""
    for feed in feeds:
        for agency in feed.agencies.values():
            try:
                return ZoneInfo(agency["agency_timezone"]).key
            except (ZoneInfoNotFoundError, ValueError, OSError):
                journal.row(
                    f"{feed.name}/agency.txt",
                    agency.line,
                    "its time zone is not known",
                    "the next one taken",
                    agency.values,
                )
    ahead_h = round(lon / 15)
    zone = f"Etc/GMT{-ahead_h:+d}" if ahead_h else "Etc/GMT"  # POSIX counts hours westwards
    journal.assume(f"no timetable names a time zone: {zone}, from the longitude")
    return zone


def country_of(data: OsmData) -> str:
    """The country that most addresses of the map are in."""
    countries = sorted(data.countries.items(), key=lambda one: (-one[1], one[0]))
    return countries[0][0] if countries else _UNKNOWN_COUNTRY


def write_facts(
    folder: Path,
    name: str,
    facts: Mapping[str, object],
    zones: Mapping[str, Any],
    journal: Journal,
    sources: Sources,
) -> None:
    """Write `city.toml`; sources are files with their licence and what they tell."""
    weight = zones["population"].astype("f8") + 1.0
    centre = [round(float(np.average(zones[axis], weights=weight)), 6) for axis in ("lon", "lat")]
    listed = [
        {"title": path.name, "licence": licence, "what": what} for path, licence, what in sources
    ]
    title = {"en": name, "ko": name}
    content = {
        "format": 1,
        "name": name,
        "title": title,
        **facts,
        "centre": centre,
        "residents": int(zones["population"].sum()),
        "assumptions": journal.assumptions,
        "sources": listed,
    }
    (folder / "city.toml").write_text(toml(content), "utf-8")


def _fleet(residents: int) -> dict[str, int]:
    """Vehicles to share; of three one is closed against the weather, of 25 one takes a wheelchair.

    The shares are those of the reference city's plan.
    """
    total = max(3, residents * FLEET_PER_1000 // 1000)
    closed, accessible = total // 3, max(1, total // 25)
    return {
        "open_vehicles": total - closed - accessible,
        "closed_vehicles": closed,
        "accessible_vehicles": accessible,
    }


def write_scenarios(folder: Path, zones: Mapping[str, Any]) -> None:
    """Write `today`, without any service, and `plan`, today with shared vehicles."""
    residents = int(zones["population"].sum())
    (folder / "scenarios").mkdir()
    today = {"title": {"en": "Today", "ko": "오늘"}, "services": []}
    plan = {
        "title": {"en": "Today with shared vehicles", "ko": "오늘 + 공유 이동 수단"},
        "services": ["mobility.maas", "mobility.sharing"],
        "service": {"mobility.sharing": _fleet(residents)},
    }
    for scenario, values in (("today", today), ("plan", plan)):
        (folder / "scenarios" / f"{scenario}.toml").write_text(toml(values), "utf-8")
