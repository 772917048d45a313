"""Records written as GTFS-Realtime messages."""

from collections.abc import Iterable
from typing import Any

from hapgang.twin.realtime.records import STATES, Alert, StopTime, TripName, TripUpdate, pb

VERSION = "2.0"


def write(at: int, updates: Iterable[TripUpdate] = (), alerts: Iterable[Alert] = ()) -> bytes:
    """Write a whole message of an instant (POSIX s)."""
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = VERSION
    message.header.incrementality = pb.FeedHeader.FULL_DATASET
    message.header.timestamp = at
    for update in updates:
        entity = message.entity.add(id=update.entity)
        _write_trip(entity.trip_update.trip, update.trip)
        entity.trip_update.timestamp = update.at
        for stop in update.stops:
            _write_stop(entity.trip_update.stop_time_update.add(), stop)
    for alert in alerts:
        _write_alert(message.entity.add(id=alert.entity).alert, alert)
    return bytes(message.SerializeToString())


def _write_trip(to: Any, trip: TripName) -> None:
    to.trip_id = trip.trip
    to.schedule_relationship = pb.TripDescriptor.ScheduleRelationship.Value(trip.relation)
    _fill(to, route_id=trip.route, start_date=trip.start_date, start_time=trip.start_time)


_RELATIONS = {state: relation for relation, state in STATES.items()}


def _write_stop(to: Any, stop: StopTime) -> None:
    if stop.sequence is not None:
        to.stop_sequence = stop.sequence
    to.stop_id = stop.stop
    to.schedule_relationship = _RELATIONS[stop.state]
    for moment, there in ((stop.arrival, to.arrival), (stop.departure, to.departure)):
        if moment.delay_s is not None:
            there.delay = moment.delay_s
        if moment.at is not None:
            there.time = moment.at


def _write_alert(to: Any, alert: Alert) -> None:
    to.cause = pb.Alert.Cause.Value(alert.cause or "UNKNOWN_CAUSE")
    to.effect = pb.Alert.Effect.Value(alert.effect or "UNKNOWN_EFFECT")
    for text, there in ((alert.title, to.header_text), (alert.text, to.description_text)):
        if text.en:
            there.translation.add(language="en", text=text.en)
            there.translation.add(language="ko", text=text.ko)
    if alert.url:
        to.url.translation.add(text=alert.url)
    for start, end in alert.periods:
        _fill(to.active_period.add(), start=start, end=end)
    for one in alert.about:
        selector = to.informed_entity.add()
        _fill(selector, agency_id=one.agency, route_id=one.route, stop_id=one.stop)
        if one.trip.trip:
            _write_trip(selector.trip, one.trip)


def _fill(to: Any, **fields: Any) -> None:
    """Set the fields that have a value."""
    for name, value in fields.items():
        if value:
            setattr(to, name, value)
