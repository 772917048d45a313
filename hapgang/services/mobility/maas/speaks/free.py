"""What an operator has free: TOMP's available assets and stations in, our records out. Pure.

One record that does not fit costs no other: it is told apart with its reason.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from hapgang.core.errors import Invalid
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.vocabulary.mobility import Mode, Pricing
from hapgang.services.mobility.maas.model.outside import (
    Operator,
    OutsideVehicle,
)
from hapgang.services.mobility.maas.speaks.fares import pricing_of
from hapgang.services.mobility.maas.speaks.words import Asset, AssetType, Properties, Station

_MOST_RECORDS = 20_000
# NeTEx's names of vehicles, as TOMP takes them over, by our modes.
MODES: Mapping[str, Mode] = {
    "BICYCLE": Mode.BICYCLE, "STEP": Mode.PM, "MOPED": Mode.PM, "OTHER": Mode.PM,
    "SELFDRIVE": Mode.CAR, "CAR": Mode.CAR, "TAXI": Mode.SHUTTLE, "SHUTTLE": Mode.SHUTTLE,
}  # fmt: skip


class Bad(NamedTuple):
    """A record that does not fit, as it came, and why."""

    record: Any
    reason: str


Found = OutsideVehicle | Bad


def stations_of(body: bytes) -> tuple[dict[str, Point], list[Bad]]:
    """Return where an operator's stations are. `Invalid` where the whole is no list."""
    places: dict[str, Point] = {}
    bad = []
    for raw in _rows(body):
        try:
            station = msgspec.json.decode(raw, type=Station)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            bad.append(_bad(raw, error))
        else:
            places[station.station_id] = station.coordinates.point
    return places, bad


def vehicles_of(
    operator: Operator, body: bytes, stations: Mapping[str, Point]
) -> tuple[list[OutsideVehicle], list[Bad]]:
    """Return what an operator has free now. `Invalid` where the whole is no list."""
    vehicles: dict[str, OutsideVehicle] = {}
    bad = []
    for raw in _rows(body):
        for found in _of_kind(operator, raw, stations):
            if isinstance(found, Bad):
                bad.append(found)
            elif len(vehicles) < _MOST_RECORDS:
                vehicles[found.id] = found
    return list(vehicles.values()), bad


def _rows(body: bytes) -> list[Raw]:
    try:
        rows = msgspec.json.decode(body, type=list[Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"rubbish: {error}"[:200], None) from None
    return rows[:_MOST_RECORDS]


def _of_kind(operator: Operator, raw: Raw, stations: Mapping[str, Point]) -> Iterator[Found]:
    try:
        kind = msgspec.json.decode(raw, type=AssetType)
        mode = _mode(operator, kind)
        plan = _plan(operator, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Invalid) as error:
        yield _bad(raw, error)
        return
    for one in kind.assets:
        try:
            asset = msgspec.json.decode(one, type=Asset)
            at = _place(asset.overridden_properties, asset.station_id or kind.station_id, stations)
            if asset.is_reserved or asset.is_disabled:
                continue
            yield _vehicle(operator, asset.id, kind.id, mode, at or _kinds_place(kind), plan)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Invalid) as error:
            yield _bad(one, error)
    if not kind.assets and (kind.nr_available or 0) > 0:
        at = _place(kind.shared_properties, kind.station_id, stations)
        try:
            yield _vehicle(operator, "", kind.id, mode, at, plan)
        except Invalid as error:
            yield _bad(raw, error)


def _vehicle(
    operator: Operator, asset: str, kind: str, mode: Mode, at: Point | None, plan: Pricing
) -> OutsideVehicle:
    if at is None:
        raise Invalid("nobody says where it is", None)
    if operator.area is not None and not operator.area.contains(at):
        raise Invalid("it stands outside of the operator's area", None)
    words = f"{operator.id} {kind} {asset} {'' if asset else at.coordinates}"
    name = hashlib.blake2b(words.encode(), digest_size=9, person=b"maas-outside").hexdigest()
    return OutsideVehicle(
        id=urn("MobilityOutsideVehicle", name), operator=operator.id, asset=asset, kind=kind,
        mode=mode, location=at, pricing=plan,
    )  # fmt: skip


def _mode(operator: Operator, kind: AssetType) -> Mode:
    mode = MODES.get(kind.asset_class or "")
    if mode is None:
        raise Invalid(f"vehicles of class {kind.asset_class} are not planned with", None)
    if mode not in operator.modes:
        raise Invalid(f"{mode.value} is not among the modes that the operator registered", None)
    return mode


def _plan(operator: Operator, kind: AssetType) -> Pricing:
    told = kind.default_pricing_plan or next(iter(kind.applicable_pricings), None)
    if told is not None:
        return pricing_of(told.fare)
    if operator.prices is None:
        raise Invalid("nobody says what it costs", None)
    return operator.prices


def _place(
    known: Properties | None, station: str | None, stations: Mapping[str, Point]
) -> Point | None:
    if known is not None and known.location is not None:
        return known.location.coordinates.point
    return stations.get(station) if station is not None else None


def _kinds_place(kind: AssetType) -> Point | None:
    return _place(kind.shared_properties, None, {})


def _bad(raw: Raw, error: Exception) -> Bad:
    """Return a record with why it does not fit; one that is no JSON was refused before."""
    try:
        record = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        record = bytes(raw)[:1000].decode("latin-1")
    return Bad(record, str(error)[:200])
