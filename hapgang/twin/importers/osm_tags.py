"""What the tags of an OpenStreetMap way say about a street: kind, modes, speed, lanes, capacity.

Source of the meanings: OpenStreetMap wiki, keys highway, access, oneway, maxspeed, lanes, cycleway.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from hapgang.twin.modes import Modes

Tags = Mapping[str, str]

_FOOT = Modes.WALK
_RIDE = Modes.BICYCLE | Modes.PM
_HEAVY = Modes.CAR | Modes.BUS | Modes.SERVICE
_ALL = _FOOT | _RIDE | _HEAVY | Modes.SHUTTLE


class Highway(NamedTuple):
    """Defaults of one value of the key highway.

    speed_kmh: where no sign says. Cars: Road Traffic Act of Korea, Enforcement Rule, article 19
    (motorway 100, motor roads 90, city streets 50, and 30 in residential ones since 2021); service
    roads and walking streets: the white paper's 20 for tagged vehicles and slow PM; cycleways:
    the 25 that personal mobility may do. lanes per direction and capacity per lane, veh/h: MATSim,
    contrib osm, LinkProperties.
    """

    kind: str
    modes: Modes
    speed_kmh: float
    lanes: float = 0.0
    lane_capacity_veh_h: float = 0.0
    oneway: bool = False


_CARLESS = Modes.WALK | Modes.SERVICE
HIGHWAYS: Mapping[str, Highway] = {
    "motorway": Highway("motorway", _HEAVY, 100, 2, 2000, oneway=True),
    "motorway_link": Highway("motorway", _HEAVY, 60, 1, 1500, oneway=True),
    "trunk": Highway("trunk", _HEAVY, 90, 1, 2000),
    "trunk_link": Highway("trunk", _HEAVY, 50, 1, 1500),
    "primary": Highway("primary", _ALL, 50, 1, 1500),
    "primary_link": Highway("primary", _ALL, 50, 1, 1500),
    "secondary": Highway("secondary", _ALL, 50, 1, 800),
    "secondary_link": Highway("secondary", _ALL, 50, 1, 800),
    "tertiary": Highway("secondary", _ALL, 50, 1, 600),
    "tertiary_link": Highway("secondary", _ALL, 50, 1, 600),
    "unclassified": Highway("residential", _ALL, 30, 1, 600),
    "residential": Highway("residential", _ALL, 30, 1, 600),
    "road": Highway("residential", _ALL, 30, 1, 600),
    "living_street": Highway("residential", _ALL, 20, 1, 300),
    "service": Highway("service", _ALL, 20, 1, 300),
    "busway": Highway("service", Modes.BUS | Modes.SERVICE, 50, 1, 600),
    "bus_guideway": Highway("service", Modes.BUS, 50, 1, 600),
    "pedestrian": Highway("pedestrian", _CARLESS, 20),
    "track": Highway("path", _CARLESS | Modes.BICYCLE, 20),
    "path": Highway("path", Modes.WALK | Modes.BICYCLE, 20),
    "cycleway": Highway("cycleway", Modes.WALK | _RIDE, 25),
    "footway": Highway("path", _FOOT, 20),
    "trail": Highway("path", _FOOT, 20),
    "steps": Highway("path", _FOOT, 20),
    "corridor": Highway("path", _FOOT, 20),
    "platform": Highway("path", _FOOT, 20),
    "crossing": Highway("path", _FOOT, 20),
    "elevator": Highway("path", _FOOT, 20),
    "bridleway": Highway("path", _FOOT, 20),
}
# Not streets, or not yet, or no longer; nothing is wrong with them.
NOT_STREETS = frozenset({
    "abandoned", "bus_stop", "construction", "demolished", "disused", "emergency_bay", "escape",
    "planned", "proposed", "raceway", "razed", "rest_area", "services", "street_lamp",
    "via_ferrata",
})  # fmt: skip

_NO = frozenset({
    "no", "private", "forestry", "agricultural", "delivery", "emergency", "military",
    "use_sidepath", "dismount", "restricted", "employees", "staff", "residents",
})  # fmt: skip
_YES = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
# From general to special: the last key present counts.
_ACCESS: Mapping[Modes, tuple[str, ...]] = {
    Modes.WALK: ("access", "foot"),
    Modes.BICYCLE: ("access", "vehicle", "bicycle"),
    Modes.CAR: ("access", "vehicle", "motor_vehicle", "motorcar"),
    Modes.BUS: ("access", "vehicle", "motor_vehicle", "psv", "bus"),
}
_SIDEWALKS = frozenset({"yes", "both", "left", "right"})
_COUNTRY_SPEEDS = {"urban": 50.0, "rural": 90.0, "trunk": 110.0, "motorway": 120.0,
                   "living_street": 20.0, "walk": 5.0}  # fmt: skip
_SPEED = re.compile(r"(\d+(?:\.\d+)?) ?(km/h|kmh|kph|mph|knots)?")
_UNITS_KMH = {"mph": 1.609344, "knots": 1.852}


class Side(NamedTuple):
    """One direction of a street."""

    modes: int
    speed_kmh: float
    lanes: float
    capacity_veh_h: float


class Profile(NamedTuple):
    """Both directions of a street, along the way as it was drawn and against it."""

    kind: str
    name: str
    forward: Side
    backward: Side

    def turned(self) -> "Profile":
        """The same street drawn the other way round."""
        return Profile(self.kind, self.name, self.backward, self.forward)


def highway_of(tags: Tags) -> Highway | None:
    """Return the defaults for a way, None if its value of highway is unknown."""
    return HIGHWAYS.get(tags["highway"].split(";")[0].strip())


def speed_kmh(text: str) -> float | None:
    """Return what a maxspeed says, km/h; of several speeds the lowest; None if it says none.

    >>> speed_kmh("50; 40"), speed_kmh("30 mph"), speed_kmh("BR:urban"), speed_kmh("signals")
    (40.0, 48.28032, 50.0, None)
    """
    speeds: list[float] = []
    for part in re.split(r"[;,|]", text.strip().lower()):
        zone = part.strip().rsplit(":", 1)[-1]
        number = _SPEED.fullmatch(part.strip())
        if number is not None:
            speeds.append(float(number[1]) * _UNITS_KMH.get(number[2] or "", 1.0))
        elif zone in _COUNTRY_SPEEDS:
            speeds.append(_COUNTRY_SPEEDS[zone])
        elif zone.startswith("zone") and zone[4:].isdigit():
            speeds.append(float(zone[4:]))
        else:
            return None
    return min(speeds) if speeds and 3 <= min(speeds) <= 200 else None


def profile(tags: Tags, default_kmh: Mapping[str, float]) -> Profile:
    """Return what a way's tags say; default_kmh by value of highway where no sign says."""
    highway = tags["highway"].split(";")[0].strip()
    defaults = HIGHWAYS[highway]
    allowed = _allowed(tags, highway, defaults)
    forward, backward = _directions(tags, defaults, allowed)
    default = default_kmh.get(highway, defaults.speed_kmh)
    posted = speed_kmh(tags.get("maxspeed", "")) or default
    ahead, back = _lanes(tags, defaults, forward, backward)
    return Profile(
        defaults.kind,
        tags.get("name", "").strip(),
        _side(forward, speed_kmh(tags.get("maxspeed:forward", "")) or posted, ahead, defaults),
        _side(backward, speed_kmh(tags.get("maxspeed:backward", "")) or posted, back, defaults),
    )


def _side(modes: Modes, speed: float, lanes: float, defaults: Highway) -> Side:
    if not modes & (Modes.CAR | Modes.BUS):
        return Side(int(modes), speed, 0.0, 0.0)
    capacity = lanes * defaults.lane_capacity_veh_h if modes & Modes.CAR else 0.0
    return Side(int(modes), speed, lanes, capacity)


def _allowed(tags: Tags, highway: str, defaults: Highway) -> Modes:
    """Defaults, less what tags forbid; people on foot, bicycles and buses where they say so."""
    modes = defaults.modes
    if highway.startswith("trunk") and tags.get("sidewalk") in _SIDEWALKS:
        modes |= _FOOT
    for mode, keys in _ACCESS.items():
        values = [tags.get(key, "").split(";")[0].strip() for key in keys]
        said = [value in _YES for value in values if value in _YES or value in _NO]
        if said and not said[-1]:
            modes &= ~mode
        elif mode != Modes.CAR and any(value in _YES for value in values[1:]):
            modes |= mode
    if not modes & Modes.CAR:
        modes &= ~Modes.SHUTTLE
    shared = defaults.kind in {"path", "pedestrian"} and tags.get("bicycle") not in _YES
    if modes & Modes.BICYCLE and not shared:
        modes |= Modes.PM
    else:
        modes &= ~Modes.PM
    return modes


def _directions(tags: Tags, defaults: Highway, allowed: Modes) -> tuple[Modes, Modes]:
    value = tags.get("oneway", "").strip()
    reverse = value in {"-1", "reverse"}
    single = reverse or value in {"yes", "1", "true"}
    if not value:
        single = defaults.oneway or tags.get("junction") in {"roundabout", "circular"}
    if not single:
        return allowed, allowed
    against = allowed & Modes.WALK
    if "conveying" in tags or tags.get("oneway:foot") == "yes":
        against = Modes(0)
    if tags.get("oneway:bicycle") == "no" or tags.get("cycleway", "").startswith("opposite"):
        against |= allowed & _RIDE
    if "no" in {tags.get("oneway:bus"), tags.get("oneway:psv")} or tags.get("busway") == "opposite":
        against |= allowed & Modes.BUS
    return (against, allowed) if reverse else (allowed, against)


def _count(text: str) -> float | None:
    text = text.split(";", maxsplit=1)[0].strip()
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number <= 20 else None


def _lanes(tags: Tags, defaults: Highway, forward: Modes, backward: Modes) -> tuple[float, float]:
    total = _count(tags.get("lanes", ""))
    motor = Modes.CAR | Modes.BUS
    if total is None:
        each = (defaults.lanes, defaults.lanes)
    elif not backward & motor or not forward & motor:
        each = (total, total)
    else:
        each = (max(total / 2, 1.0), max(total / 2, 1.0))
    ahead = _count(tags.get("lanes:forward", "")) or each[0]
    back = _count(tags.get("lanes:backward", "")) or each[1]
    return (ahead if forward & motor else 0.0, back if backward & motor else 0.0)
