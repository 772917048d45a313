"""GTFS-Realtime in and out: what feeds tell is taken in as a whole, and told on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.contract import Aside, City, Role, Steps, where
from hapgang.core.entity import Entity
from hapgang.core.errors import Conflict, Refused
from hapgang.core.ids import urn
from hapgang.core.vocabulary.transit import TransitAlert, TransitFeed, TransitVehicle
from hapgang.services.mobility.maas.actions.late import note_change
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.method.heard import (
    FRESH,
    KEPT,
    KEPT_ALERTS,
    Heard,
    heard,
    now_is_near,
)
from hapgang.services.mobility.maas.model import RunDelay
from hapgang.services.mobility.maas.speaks.gtfs_rt import service_alerts, trip_updates

Source = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)")]
_MOST_SOURCES = 100
_MOST_LINES = 100
_MOST_KEPT_LINES = 5
_DAY = timedelta(days=1)
_LATER = datetime(9999, 1, 1, tzinfo=UTC)


class StaleFeed(Conflict):
    """A message that is too old, or older than the one before; nothing of it was taken."""


class FeedReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a feed's message; `lines` says what could not be used, and why."""

    source: str
    told_at: datetime
    late_runs: int
    cancelled_runs: int
    on_time_runs: int
    vehicles: int
    alerts: int
    unused: int
    lines: tuple[str, ...]


def take_gtfs_rt(city: City, *, body: bytes, source: Source = "posted") -> Steps[FeedReport]:
    """Take in a GTFS-Realtime message of trip updates, vehicle positions and alerts.

    The next plan has it. What does not fit the timetable is told line by line. A whole message
    takes the place of the one before from the same source; what no message repeats is forgotten
    after five minutes, cancelled runs excepted.
    """
    ground = ground_of(city.twin)
    told: Heard = yield Aside(partial(heard, ground, body, source, city.now))
    _check_fresh(city, told, source)
    delays = _delays(city, told.delays)
    changed = _replace(city, RunDelay, source, delays, whole=told.whole and told.tells_runs)
    _replace(city, TransitVehicle, source, told.vehicles, whole=told.whole and told.tells_vehicles)
    _replace(city, TransitAlert, source, told.alerts, whole=told.whole and told.tells_alerts)
    for gone in told.gone:
        if city.hub.find_by_id(TransitAlert, gone) is not None:
            city.hub.delete(TransitAlert, gone)
    lines = told.lines
    if city.now - told.at > FRESH:
        lines = (f"header: {(city.now - told.at).total_seconds():.0f} s old", *lines)
    cancelled = sum(delay.cancelled for delay in delays)
    report = FeedReport(
        source=source, told_at=told.at, late_runs=len(delays) - cancelled,
        cancelled_runs=cancelled, on_time_runs=told.on_time, vehicles=len(told.vehicles),
        alerts=len(told.alerts), unused=len(lines), lines=lines[:_MOST_LINES],
    )  # fmt: skip
    known = city.hub.find_by_id(TransitFeed, urn("TransitFeed", source))
    city.hub.save(_feed(city, report, told, known))
    if changed:
        note_change(city, source.encode() + b" " + body)
    return report


def forget_stale(city: City) -> None:
    """Forget what feeds told that have gone quiet, and what is over."""
    dropped: list[str] = []
    feeds = {feed.source: feed for feed in city.hub.find(TransitFeed)}
    quiet = {name for name, feed in feeds.items() if _is_over(city, feed.runs_at, KEPT)}
    silent = {name for name, feed in feeds.items() if _is_over(city, feed.alerts_at, KEPT_ALERTS)}
    past = (city.now - 2 * _DAY).date().isoformat()
    for delay in city.hub.find(RunDelay):
        if delay.day <= past or (delay.source in quiet and not delay.cancelled):
            city.hub.delete(RunDelay, delay.id)
            dropped.append(delay.id)
    for vehicle in city.hub.find(TransitVehicle):
        if not now_is_near(vehicle.seen_at, city.now):
            city.hub.delete(TransitVehicle, vehicle.id)
    for alert in city.hub.find(TransitAlert):
        if alert.source in silent or not alert.holds(city.now, _LATER):
            city.hub.delete(TransitAlert, alert.id)
    if dropped:
        note_change(city, " ".join(dropped).encode())


def _is_over(city: City, at: datetime | None, kept: timedelta) -> bool:
    return at is not None and at + kept < city.now


def tell_trip_updates(city: City) -> Steps[bytes]:
    """Return what runs late or not at all as GTFS-Realtime trip updates."""
    told_at = {feed.source: feed.told_at for feed in city.hub.find(TransitFeed)}
    delays = city.hub.find(RunDelay)
    ground = ground_of(city.twin)
    document: bytes = yield Aside(partial(trip_updates, ground, delays, told_at, city.now))
    return document


def tell_alerts(city: City) -> bytes:
    """Return trouble on public transport as GTFS-Realtime alerts."""
    return service_alerts(city.hub.find(TransitAlert), city.now)


def list_feeds(city: City) -> list[TransitFeed]:
    """Return the feeds that were heard, how fresh they are, and what could not be used."""
    return city.hub.find(TransitFeed)


def list_vehicles(city: City) -> list[TransitVehicle]:
    """Return where vehicles of public transport were last seen, and when."""
    return city.hub.find(TransitVehicle)


def _check_fresh(city: City, told: Heard, source: str) -> None:
    only_alerts = told.tells_alerts and not (told.tells_runs or told.tells_vehicles)
    if city.now - told.at > (KEPT_ALERTS if only_alerts else KEPT):
        raise StaleFeed(
            f"This message is of {told.at.isoformat()}, which is too long ago; send a new one.",
            f"{told.at.isoformat()}의 메시지입니다. 너무 오래되어 받지 않았습니다.",
        )
    known = city.hub.find_by_id(TransitFeed, urn("TransitFeed", source))
    is_device = city.caller.role is Role.DEVICE
    if known is not None and is_device and known.sent_by != city.caller.id:
        raise Refused(
            f"The source “{source}” is another device's; choose another name.",
            f"“{source}”은(는) 다른 장치의 이름입니다. 다른 이름을 쓰세요.",
        )
    if known is not None and told.at < known.told_at:
        raise StaleFeed(
            f"This message is older than that of {known.told_at.isoformat()}.",
            f"{known.told_at.isoformat()}의 메시지보다 오래되었습니다.",
        )
    if known is None and city.hub.count(TransitFeed) >= _MOST_SOURCES:
        raise Conflict("There are too many feeds here already.", "등록된 피드가 너무 많습니다.")


def _delays(city: City, told: Iterable[RunDelay]) -> list[RunDelay]:
    """Return the delays that count: what a person said of a run counts more than a feed."""
    found = []
    for delay in told:
        known = city.hub.find_by_id(RunDelay, delay.id)
        by_person = known is not None and not known.source
        if not by_person or (known is not None and not (known.delay_s or known.cancelled)):
            found.append(delay)
    return found


def _replace(
    city: City,
    view: type[Entity],
    source: str,
    told: Iterable[Entity],
    *,
    whole: bool,
) -> bool:
    """Write what a source tells now, and drop what it does not tell any more; whether it is new."""
    before = {one.id: one for one in city.hub.find(view, where.source == source)}
    now = {one.id: one for one in told}
    changed = False
    for name, entity in now.items():
        if before.get(name) != entity:
            city.hub.save(entity)
            changed = True
    for name in before if whole else ():
        if name not in now:
            city.hub.delete(view, name)
            changed = True
    return changed


def _feed(city: City, report: FeedReport, told: Heard, known: TransitFeed | None) -> TransitFeed:
    runs_at, alerts_at = (known.runs_at, known.alerts_at) if known else (None, None)
    return TransitFeed(
        id=urn("TransitFeed", report.source), source=report.source,
        sent_by=known.sent_by if known else city.caller.id, told_at=report.told_at,
        runs_at=report.told_at if told.tells_runs else runs_at,
        alerts_at=report.told_at if told.tells_alerts else alerts_at,
        late_runs=report.late_runs, cancelled_runs=report.cancelled_runs,
        vehicles=report.vehicles, alerts=report.alerts, dirty=report.unused,
        problems=report.lines[:_MOST_KEPT_LINES],
    )  # fmt: skip
