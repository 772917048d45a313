"""What a GTFS-Realtime message says of this city: runs that are late, vehicles, trouble."""

import datetime as dt
import re
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

from msgspec.structs import replace

from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.vocabulary.transit import (
    About,
    CallDelay,
    CallState,
    Period,
    TransitAlert,
    TransitVehicle,
)
from hapgang.services.mobility.maas.method.ground import Ground
from hapgang.services.mobility.maas.model import RunDelay
from hapgang.twin import realtime
from hapgang.twin.runs import Call, Runs, Unfit, all_late, date_of

# GTFS Realtime Best Practices: trip updates and vehicle positions not older than 90 s.
FRESH = dt.timedelta(seconds=90)
# Assumption: what nobody has repeated for five minutes is not known any more.
KEPT = dt.timedelta(minutes=5)
KEPT_ALERTS = dt.timedelta(days=1)  # assumption; most say themselves how long they hold
_SEEN = dt.timedelta(minutes=10)  # assumption: a vehicle not heard of for longer is elsewhere
_EARLY = dt.timedelta(hours=2)  # around a run, where a feed does not name its day
_MOST_ABOUT = 500
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,60}")
_RUNS = ("SCHEDULED", "UNSCHEDULED")
_OFF = ("CANCELED", "DELETED")


class Heard(NamedTuple):
    """A message in the city's words; `lines`: what could not be used, and why.

    Of the kinds that it tells, a `whole` one tells everything; an empty one tells all kinds.
    """

    at: datetime
    whole: bool
    tells_runs: bool
    tells_vehicles: bool
    tells_alerts: bool
    delays: tuple[RunDelay, ...]
    vehicles: tuple[TransitVehicle, ...]
    alerts: tuple[TransitAlert, ...]
    gone: tuple[str, ...]  # alerts that are over
    on_time: int
    lines: tuple[str, ...]


def heard(ground: Ground, body: bytes, source: str, now: datetime) -> Heard:
    """Read a message and find the runs that it means; `Invalid` for what is no message."""
    return _Listener(ground, source, now).heard(realtime.read(body))


class _Listener:
    """One message being understood."""

    def __init__(self, ground: Ground, source: str, now: datetime) -> None:
        self._ground, self._source, self._now = ground, source, now
        self._today = now.astimezone(ground.time_zone).date()
        self._lines: list[str] = []
        self._on_time = 0

    def heard(self, message: realtime.Document) -> Heard:
        self._lines += [f"{one.entity}: {one.reason}" for one in message.dirty]
        at = self._told_at(message.at)
        delays: dict[str, RunDelay] = {}
        for update in message.updates:
            try:
                delay = self._delay(update)
            except Unfit as error:
                self._lines.append(f"{update.entity[:60]}: {error}")
                continue
            if delay is not None:
                delays[delay.id] = delay
        found = [self._vehicle(one, at) for one in message.vehicles]
        vehicles = {one.id: one for one in found if now_is_near(one.seen_at, self._now)}
        alerts = {one.id: one for one in map(self._alert, message.alerts)}
        gone = tuple(self._id("TransitAlert", entity) for entity in message.gone)
        kinds = (message.updates, message.vehicles, message.alerts)
        runs, seen, words = (bool(kind) or not any(kinds) for kind in kinds)
        return Heard(
            at, message.whole, runs, seen, words, tuple(delays.values()), tuple(vehicles.values()),
            tuple(alerts.values()), gone, self._on_time, tuple(self._lines),
        )  # fmt: skip

    def _told_at(self, at: int) -> datetime:
        """Return when the message was made, by its own clock as far as that can be."""
        if not at:
            self._lines.append("header: no timestamp (E048)")
            return self._now
        try:
            told = datetime.fromtimestamp(at, UTC)
        except (ValueError, OverflowError, OSError):
            told = self._now + KEPT
        if told > self._now + dt.timedelta(minutes=1):
            self._lines.append("header: its timestamp is in the future (E050)")
        return min(told, self._now)

    def _delay(self, update: realtime.TripUpdate) -> RunDelay | None:
        """Return what is late; None where a run is on time."""
        relation = update.trip.relation
        if relation not in (*_RUNS, *_OFF):
            raise Unfit(f"trips that are {relation} are ignored: no timetable has them")
        day, runs, run = self._run(update.trip)
        trips = runs.day.timetable.trips
        delay = RunDelay(
            id=urn("TransitDelay", f"{day}-{run}"), day=day.isoformat(), run=run,
            trip=str(trips.trip[runs.day.trip[run]]), cancelled=relation in _OFF,
            offset_s=int(runs.day.offset_s[run]), source=self._source,
        )  # fmt: skip
        if delay.cancelled:
            return delay
        midnight = self._ground.midnight(day).timestamp()
        calls = _needed(runs.calls(run, update.stops, midnight))
        if not update.stops and update.delay_s:
            calls = _needed([Call(all_late(update.delay_s))])
        if not calls:
            self._on_time += 1
            return None
        return _with_calls(delay, calls)

    def _run(self, name: realtime.TripName) -> tuple[dt.date, Runs, int]:
        """Return the run that is meant; where no day is named, the one that is on its way."""
        if name.start_date:
            day = date_of(name.start_date)
            if abs((day - self._today).days) > 1:
                raise Unfit(f"{day} is neither yesterday, today nor tomorrow")
            return self._of(day, name)
        problem: Unfit | None = None
        for day in (self._today, self._today - dt.timedelta(1)):
            try:
                found = self._of(day, name)
            except Unfit as error:
                problem = problem or error
                continue
            begins = self._ground.midnight(day) + dt.timedelta(seconds=found[1].begins_s(found[2]))
            if begins - _EARLY <= self._now or day == self._today:
                return found
        raise problem or Unfit("no run")

    def _of(self, day: dt.date, name: realtime.TripName) -> tuple[dt.date, Runs, int]:
        runs = self._ground.runs(day)
        if runs is None:
            raise Unfit("nothing runs by a timetable here")
        return day, runs, runs.find(name)

    def _vehicle(self, told: realtime.Vehicle, at: datetime) -> TransitVehicle:
        seen_at = at
        if told.at:
            seen_at = min(datetime.fromtimestamp(min(told.at, int(at.timestamp())), UTC), at)
        return TransitVehicle(
            id=self._id("TransitVehicle", told.vehicle), location=Point((told.lon, told.lat)),
            seen_at=seen_at, source=self._source, label=told.label[:60], trip=told.trip.trip[:200],
            route=told.trip.route[:200], day=_dashed(told.trip.start_date),
            bearing_deg=told.bearing_deg, speed_m_s=told.speed_m_s, occupancy=told.occupancy,
        )  # fmt: skip

    def _alert(self, told: realtime.Alert) -> TransitAlert:
        about = tuple(
            About(
                agency=one.agency, route=one.route, stop=one.stop, trip=one.trip.trip,
                day=_dashed(one.trip.start_date),
            )
            for one in told.about[:_MOST_ABOUT]
        )  # fmt: skip
        periods = tuple(
            Period(start_at=_instant(start), end_at=_instant(end))
            for start, end in told.periods[:50]
        )
        return TransitAlert(
            id=self._id("TransitAlert", told.entity), source=self._source, title=told.title,
            text=told.text, url=told.url[:300] if told.url.startswith("http") else "",
            cause=told.cause, effect=told.effect, about=about, periods=periods,
        )  # fmt: skip

    def _id(self, kind: str, name: str) -> str:
        """Return an id for what a feed names, whatever characters it uses."""
        if not _PLAIN.fullmatch(name):
            name = blake2b(name.encode(), digest_size=12).hexdigest()
        return urn(kind, f"{self._source}-{name}")


def now_is_near(seen_at: datetime, now: datetime) -> bool:
    """Whether a vehicle that was seen then may still be shown."""
    return now - seen_at <= _SEEN


def _needed(calls: list[Call]) -> list[CallDelay]:
    """Return what is told of calls without what is known from the call before."""
    found: list[CallDelay] = []
    late_s, is_known = 0, True
    for call in calls:
        told = call.delay
        same = (told.arrival_s, told.departure_s, call.is_known) == (late_s, late_s, is_known)
        if told.skipped or not same:
            found.append(
                CallDelay(
                    call=told.call, arrival_s=told.arrival_s, departure_s=told.departure_s,
                    state=_state(call),
                )
            )  # fmt: skip
        late_s, is_known = told.departure_s, call.is_known
    return found


def _state(call: Call) -> CallState:
    if call.delay.skipped:
        return "skipped"
    return "told" if call.is_known else "unknown"


def _with_calls(delay: RunDelay, calls: list[CallDelay]) -> RunDelay:
    return replace(
        delay, calls=tuple(calls), from_call=calls[0].call, delay_s=calls[-1].departure_s
    )


def _dashed(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if day else ""


def _instant(at: int) -> datetime | None:
    if not at:
        return None
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None
