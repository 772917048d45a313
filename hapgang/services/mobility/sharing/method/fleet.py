"""The three kinds of vehicle: what they can do, who may ride them, and what rides do to batteries.

The closed one is the Toyota i-Road, the first example of "a Closed Small PM Model" in the white
paper. Its figures: Toyota press releases of 2013-03-04 and 2014-03-24 (Geneva; trials in Tokyo).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from hapgang.core.geometry import Point
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand, Walking
from hapgang.services.mobility.sharing.model import Kind, State, Vehicle

# km/h. The white paper, "Street Planning": slow PM 5 to 20, bicycles included; fast PM 20 to 40.
SLOW_KMH = 20
FAST_KMH = 40
# km/h. Road Traffic Act of Korea, Enforcement Rule, article 2-3: the motor stops at 25.
OPEN_KMH = 25


@dataclass(frozen=True, kw_only=True)
class Model:
    """What one kind of vehicle is."""

    title: Text
    seats: int
    wheels: int
    top_kmh: int  # that the law and the lanes allow
    range_m: float  # on a full battery
    charge_h: float  # from empty to full at a station
    sheltered: bool
    form_factor: str  # GBFS


MODELS: Mapping[Kind, Model] = {
    # i-Road: two seats, three wheels, 50 km at a constant 30 km/h, three hours from a socket.
    "closed": Model(
        title=Text("Closed small PM", "폐쇄형 소형 PM"),
        seats=2,
        wheels=3,
        top_kmh=FAST_KMH,
        range_m=50_000.0,
        charge_h=3.0,
        sheltered=True,
        form_factor="other",
    ),
    # Segway-Ninebot KickScooter MAX G30, the usual shared scooter: 65 km, six hours (user manual).
    "open": Model(
        title=Text("Open micro PM", "개방형 마이크로 PM"),
        seats=1,
        wheels=2,
        top_kmh=OPEN_KMH,
        range_m=65_000.0,
        charge_h=6.0,
        sheltered=False,
        form_factor="scooter_standing",
    ),
    # Assumption: an i-Road with a ramp, held to the slow lane and so for one wheelchair user.
    "accessible": Model(
        title=Text("Small PM for wheelchairs", "교통약자용 소형 PM"),
        seats=1,
        wheels=4,
        top_kmh=SLOW_KMH,
        range_m=50_000.0,
        charge_h=3.0,
        sheltered=True,
        form_factor="other",
    ),
}

# Below this a vehicle is not rented out. Assumption: a fifth of the range, 10 km, is more than any
# ride in the city and saves the battery.
EMPTY_PCT = 20.0
# A vehicle that was empty is rented out again from here on; a gap, so that it does not flicker.
READY_PCT = 30.0
# A crew brings a full battery.
FULL_PCT = 100.0
# Residents for one vehicle where a scenario does not say. Assumption: 27 vehicles for 1,000 people,
# one in three closed against the weather, one in 27 for a wheelchair.
RESIDENTS_PER: Mapping[Kind, float] = {"closed": 110.0, "open": 60.0, "accessible": 1000.0}


def why_not_ride(kind: Kind, age: AgeBand, walking: Walking, *, licence: bool) -> Text | None:
    """Return why somebody may not ride a kind of vehicle alone, or None when they may.

    Open micro ones: Road Traffic Act of Korea as of 2021-05-13, articles 43 and 80: a licence for
    motorised bicycles or more, which needs an age of 16; and two good legs. Closed ones "guarantee
    mobility rights for the vulnerable (senior citizens, children, challenged persons)" (the white
    paper): everybody from ten years on (assumption: younger children ride with a parent).
    Accessible ones are kept for those who walk badly or not at all.
    """
    if age is AgeBand.UNDER_10:
        return Text("Children under ten ride with an adult.", "10세 미만은 보호자와 함께 타세요.")
    if kind == "accessible" and walking == "well":
        return Text(
            "This vehicle is kept for people who walk badly; take a closed one.",
            "교통약자를 위한 차량입니다. 폐쇄형 PM을 이용하세요.",
        )
    if kind != "accessible" and walking == "wheelchair":
        return Text(
            "This vehicle takes no wheelchair; take an accessible one.",
            "휠체어가 들어가지 않는 차량입니다. 교통약자용 PM을 이용하세요.",
        )
    if kind == "open" and walking != "well":
        return Text(
            "Take a closed vehicle: this one has no seat.", "좌석이 있는 폐쇄형 PM을 이용하세요."
        )
    if kind == "open" and not licence:
        return Text(
            "The law asks for a motorised-bicycle licence (from 16); take a closed vehicle.",
            "원동기장치자전거 면허(16세 이상)가 필요합니다. 폐쇄형 PM을 이용하세요.",
        )
    return None


def held_to_kmh(kind: Kind, *, licence: bool) -> int:
    """Speed that a vehicle is held to for a rider, km/h, before the streets' own limits.

    Without a licence a closed vehicle stays a slow PM, which the white paper counts with bicycles.
    """
    top = MODELS[kind].top_kmh
    return top if licence else min(top, SLOW_KMH)


def charge_used_pct(kind: Kind, distance_m: float) -> float:
    """Share of a full battery that a ride takes, %; linear in distance, at least 0.

    Ignored: slope, cold, wind, load, age of the battery.
    """
    return 100.0 * distance_m / MODELS[kind].range_m


def charged_pct(kind: Kind, battery_pct: float, hours: float) -> float:
    """Charge after some hours at a station, %, at most 100; linear (the slow end is ignored)."""
    return min(100.0, battery_pct + 100.0 * hours / MODELS[kind].charge_h)


def fleet_size(kind: Kind, residents: int, wanted: int | None, scale: float) -> int:
    """Vehicles of a kind for a share of the city, at least 1 unless none are wanted.

    residents: of the whole city; wanted: what a scenario says, None for the default; scale in
    (0, 1]: the share of residents that a rehearsal holds.
    """
    whole = residents / RESIDENTS_PER[kind] if wanted is None else float(wanted)
    return 0 if wanted == 0 else max(1, round(whole * scale))


def stay(vehicle: Vehicle) -> Vehicle:
    """A vehicle that stays where it is and belongs to nobody from now on."""
    assert vehicle.location is not None
    return put_down(vehicle, vehicle.location, vehicle.station)


def put_down(
    vehicle: Vehicle, at: Point, station: str | None, *, battery_pct: float | None = None
) -> Vehicle:
    """A vehicle that somebody has just parked: free if it is sound and charged for a ride."""
    charge = vehicle.battery_pct if battery_pct is None else battery_pct
    state: State = "free"
    if vehicle.fault is not None:
        state = "out_of_service"
    elif charge < EMPTY_PCT:
        state = "empty" if station is None else "charging"
    return msgspec.structs.replace(
        vehicle, state=state, location=at, station=station, battery_pct=charge, ends_at=None
    )
