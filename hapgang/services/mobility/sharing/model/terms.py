"""What a ride costs, and what a scenario may set of the service."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.money import Won


class Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ride costs, the same for every kind so that nobody is priced into the rain.

    Defaults: the list price of the shared electric bicycles of Sejong itself, 500 won for the first
    five minutes, 100 won a minute after, 120 won insurance a ride (Sejong City, press release of
    2019-08-30 on "Elecle", Newspim and Asia Business Daily). 100 won a minute was the price of
    Seoul's shared electric cars too (Hankook Ilbo, 2013-05-07).
    """

    unlock_won: Won = 620
    included_min: Annotated[int, Meta(ge=0)] = 5
    per_min_won: Won = 100
    per_km_won: Won = 0  # Korean operators charge time only
    # Assumption: nobody pays more than for an hour; this is also what is held when a ride begins.
    most_won: Annotated[int, Meta(ge=1, le=1_000_000)] = 6_120


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scenario may set. A number of vehicles that is absent follows from the residents."""

    closed_vehicles: Annotated[int, Meta(ge=0)] | None = None
    open_vehicles: Annotated[int, Meta(ge=0)] | None = None
    accessible_vehicles: Annotated[int, Meta(ge=0)] | None = None
    crews: Annotated[int, Meta(ge=0)] = 6  # assumption: two at work in each of three shifts
    tariff: Tariff = Tariff()
    # Assumption: ten minutes, twice the five in which any hub is reached (the white paper, "Seven
    # Innovative Factors Reflected in the Land Utilization Plan").
    reserve_min: Annotated[int, Meta(ge=1, le=120)] = 10
    # Assumption: nobody needs two hours for a city of 2.7 km2; a longer ride is an error.
    ride_limit_min: Annotated[int, Meta(ge=10, le=1440)] = 120
    # The white paper, same chapter: any hub within 5 minutes.
    walk_reach_min: Annotated[float, Meta(gt=0, le=30)] = 5.0
    # Assumption: more than four vehicles at one spot narrow a sidewalk for a wheelchair.
    most_at_a_spot: Annotated[int, Meta(ge=1)] = 4
    # American Meteorological Society, Glossary of Meteorology, "rain": heavy above 7.6 mm/h.
    heavy_rain_mm_h: Annotated[float, Meta(ge=0)] = 7.6
    # Assumption: two wheels have no hold on snow that falls this fast (water equivalent).
    heavy_snow_mm_h: Annotated[float, Meta(ge=0)] = 0.5
    # Hours (city time) at which vehicles are brought to where they will be wanted: night and the
    # two valleys between peaks. Assumption.
    rebalance_hours: tuple[Annotated[int, Meta(ge=0, lt=24)], ...] = (3, 10, 14)
    public_url: str = "http://localhost:8000/api/mobility/sharing"  # in front of /gbfs
    contact_email: str = "mobility@example.org"
