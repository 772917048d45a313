"""What the city knows of late runs and trouble, as GTFS-Realtime."""

import datetime as dt
from collections.abc import Iterable, Mapping
from datetime import datetime

from hapgang.core.vocabulary.transit import CallDelay, TransitAlert
from hapgang.services.mobility.maas.method.ground import Ground
from hapgang.services.mobility.maas.model import RunDelay
from hapgang.twin.realtime import Alert, Moment, StopTime, Subject, TripName, TripUpdate, write
from hapgang.twin.runs import Runs


def trip_updates(
    ground: Ground, delays: Iterable[RunDelay], told_at: Mapping[str, datetime], now: datetime
) -> bytes:
    """Return a whole message; runs that only a scenario has are in no timetable and left out."""
    found = []
    for delay in delays:
        day = dt.date.fromisoformat(delay.day)
        runs = ground.runs(day)
        run = None if runs is None else runs.at(delay.trip, delay.offset_s)
        if runs is None or run is None:
            continue
        name = _name(runs, run, delay)
        if name is None:
            continue
        at = delay.told_at or told_at.get(delay.source, now)
        stops = () if delay.cancelled else _stops(ground, runs, run, delay)
        entity = delay.id.rsplit(":", 1)[-1]
        found.append(TripUpdate(entity, name, stops, at=int(min(at, now).timestamp())))
    return write(int(now.timestamp()), updates=found)


def service_alerts(alerts: Iterable[TransitAlert], now: datetime) -> bytes:
    """Return a whole message of the trouble that is known."""
    return write(int(now.timestamp()), alerts=[_alert(one) for one in alerts])


def _name(runs: Runs, run: int, delay: RunDelay) -> TripName | None:
    """Return a run's name; None where it does not run as the timetable says."""
    timetable = runs.day.timetable
    row = int(runs.day.trip[run])
    repeated = bool((timetable.frequencies.trip == row).any())
    if delay.offset_s and not repeated:
        return None
    at_s = runs.begins_s(run)
    return TripName(
        delay.trip,
        str(timetable.routes.route[timetable.trips.route[row]]),
        delay.day.replace("-", ""),
        f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}:{at_s % 60:02d}" if repeated else "",
        "CANCELED" if delay.cancelled else "SCHEDULED",
    )


def _stops(ground: Ground, runs: Runs, run: int, delay: RunDelay) -> tuple[StopTime, ...]:
    timetable, day = runs.day.timetable, runs.day
    trips = timetable.trips
    midnight = ground.midnight(dt.date.fromisoformat(delay.day)).timestamp()
    first = int(trips.first[day.trip[run]])
    length = int(trips.first[day.trip[run] + 1]) - first
    one = CallDelay(call=delay.from_call, arrival_s=delay.delay_s, departure_s=delay.delay_s)
    found = []
    for told in delay.calls or (one,):
        if told.call >= length:
            continue
        row = first + told.call
        due = midnight + int(day.offset_s[run])
        sequence, stop = int(trips.sequence[row]), str(timetable.stops.stop[trips.stop[row]])
        if told.state != "told":
            found.append(StopTime(sequence, stop, state=told.state))
            continue
        arrives = Moment(told.arrival_s, int(due + trips.arrival_s[row] + told.arrival_s))
        leaves = Moment(told.departure_s, int(due + trips.departure_s[row] + told.departure_s))
        found.append(StopTime(sequence, stop, arrives, leaves))
    return tuple(found)


def _alert(alert: TransitAlert) -> Alert:
    about = tuple(
        Subject(one.agency, one.route, one.stop, TripName(one.trip, "", one.day.replace("-", "")))
        for one in alert.about
    )
    periods = tuple(
        (
            int(one.start_at.timestamp()) if one.start_at else 0,
            int(one.end_at.timestamp()) if one.end_at else 0,
        )
        for one in alert.periods
    )
    return Alert(
        alert.id.rsplit(":", 1)[-1], alert.title, alert.text, alert.url, alert.cause, alert.effect,
        about, periods,
    )  # fmt: skip
