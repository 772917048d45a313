"""GTFS-Realtime messages read into records."""

from typing import Any, NamedTuple

from google.protobuf.message import DecodeError

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.twin.realtime.records import (
    STATES,
    Alert,
    Dirty,
    Document,
    Moment,
    StopTime,
    Subject,
    TripName,
    TripUpdate,
    Vehicle,
    pb,
)

MOST_ENTITIES = 20_000
_MOST_STOPS = 500


def read(body: bytes) -> Document:
    """Read a message; `Invalid` for what is none."""
    try:
        message = pb.FeedMessage.FromString(body)
    except DecodeError as error:
        raise _no_message(str(error)) from None
    if not message.header.gtfs_realtime_version:
        raise _no_message("its header tells no version (E038)")
    found = _Found([], [], [], [], [])
    for entity in message.entity[:MOST_ENTITIES]:
        try:
            _take(entity, found)
        except ValueError as error:
            found.dirty.append(Dirty(entity.id[:100], str(error)))
    if len(message.entity) > MOST_ENTITIES:
        left = f"more than {MOST_ENTITIES:,} entities; the rest was left out"
        found.dirty.append(Dirty("", left))
    header = message.header
    is_whole = header.incrementality == pb.FeedHeader.FULL_DATASET
    return Document(
        int(header.timestamp), is_whole, tuple(found.updates), tuple(found.vehicles),
        tuple(found.alerts), tuple(found.gone), tuple(found.dirty),
    )  # fmt: skip


class _Found(NamedTuple):
    updates: list[TripUpdate]
    vehicles: list[Vehicle]
    alerts: list[Alert]
    gone: list[str]
    dirty: list[Dirty]


def _take(entity: Any, found: _Found) -> None:
    if not entity.id:
        raise ValueError("an entity without an id")
    if entity.is_deleted:
        found.gone.append(entity.id)
    if entity.HasField("trip_update"):
        found.updates.append(_update(entity.id, entity.trip_update))
    if entity.HasField("vehicle"):
        found.vehicles.append(_vehicle(entity.id, entity.vehicle))
    if entity.HasField("alert"):
        found.alerts.append(_alert(entity.id, entity.alert))


def _no_message(why: str) -> Invalid:
    return Invalid(
        f"This is no GTFS-Realtime message: {why}", f"GTFS-Realtime 메시지가 아닙니다: {why}"
    )


def _trip(told: Any) -> TripName:
    relation = pb.TripDescriptor.ScheduleRelationship.Name(told.schedule_relationship)
    return TripName(told.trip_id, told.route_id, told.start_date, told.start_time, relation)


def _update(entity: str, told: Any) -> TripUpdate:
    if len(told.stop_time_update) > _MOST_STOPS:
        raise ValueError(f"more than {_MOST_STOPS} stops")
    stops = tuple(_stop_time(one) for one in told.stop_time_update)
    delay_s = told.delay if told.HasField("delay") else None
    return TripUpdate(entity, _trip(told.trip), stops, delay_s, int(told.timestamp))


def _stop_time(told: Any) -> StopTime:
    return StopTime(
        told.stop_sequence if told.HasField("stop_sequence") else None,
        told.stop_id,
        _moment(told.arrival) if told.HasField("arrival") else _NEVER,
        _moment(told.departure) if told.HasField("departure") else _NEVER,
        STATES[told.schedule_relationship],
    )


_NEVER = Moment()


def _moment(told: Any) -> Moment:
    return Moment(told.delay if told.HasField("delay") else None, told.time or None)


def _vehicle(entity: str, told: Any) -> Vehicle:
    at = told.position
    if not (at.HasField("longitude") and at.HasField("latitude")):
        raise ValueError("a vehicle without a position (E026)")
    if not (-180 <= at.longitude <= 180 and -90 <= at.latitude <= 90):
        raise ValueError(f"no place on earth: {at.longitude}, {at.latitude}")
    occupancy = ""
    if told.HasField("occupancy_status"):
        occupancy = pb.VehiclePosition.OccupancyStatus.Name(told.occupancy_status)
    return Vehicle(
        entity, told.vehicle.id or entity, told.vehicle.label, _trip(told.trip),
        round(at.longitude, 5), round(at.latitude, 5),  # singles know no more
        at.bearing if at.HasField("bearing") and 0 <= at.bearing <= 360 else None,
        at.speed if at.HasField("speed") and 0 <= at.speed < 200 else None,
        occupancy, int(told.timestamp),
    )  # fmt: skip


def _alert(entity: str, told: Any) -> Alert:
    title = _text(told.header_text)
    if not title.en:
        raise ValueError("an alert without words")
    about = tuple(
        Subject(one.agency_id, one.route_id, one.stop_id, _trip(one.trip))
        for one in told.informed_entity
    )
    return Alert(
        entity, title, _text(told.description_text), _text(told.url).en,
        pb.Alert.Cause.Name(told.cause), pb.Alert.Effect.Name(told.effect), about,
        tuple((int(one.start), int(one.end)) for one in told.active_period),
    )  # fmt: skip


def _text(told: Any) -> Text:
    """Return a text in both languages; what is missing in one is said in another."""
    words = {one.language[:2].lower(): one.text[:2_000] for one in told.translation}
    if not words:
        return Text("", "")
    first = words.get("", next(iter(words.values())))
    return Text(words.get("en", first), words.get("ko", first))
