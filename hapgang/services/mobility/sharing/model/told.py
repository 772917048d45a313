"""What the sharing service tells: events in which nobody is named, and their words."""

from typing import Literal

from hapgang.core.event import Event

# The white paper, 'Mobility Service Structure', names three services: open micro PM, closed small
# PM, and small PM for the mobility handicapped.
Kind = Literal["closed", "open", "accessible"]
Problem = Literal["damaged", "blocks_the_way", "other"]
Work = Literal["swap", "move", "visit"]  # batteries; rebalancing; looking what is wrong


class PmRented(Event, frozen=True, kw_only=True):
    """A ride began; whose is not told."""

    kind: Kind
    area: str
    reserved: bool


class PmReturned(Event, frozen=True, kw_only=True):
    """A ride ended; whose is not told."""

    kind: Kind
    area: str
    ride_s: float
    distance_m: float
    fare_won: int
    parking: Literal["station", "street", "unknown"]
    doubtful: bool


class PmReported(Event, frozen=True, kw_only=True):
    """Somebody said that something is wrong with a vehicle; who is not told."""

    problem: Problem


class PmServed(Event, frozen=True, kw_only=True):
    """A crew finished, or failed to finish in time, a tour."""

    work: Work
    vehicles: int
    in_time: bool


class PmFleetCounted(Event, frozen=True, kw_only=True):
    """How the fleet was at one moment."""

    vehicles: int
    free: int
    in_use: int  # reserved or rented
    out_of_charge: int
    out_of_order: int  # broken, missing or on a tour
