"""Trouble that operators tell: on the plans that it touches, and to who has booked."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from hapgang.contract import Change, City
from hapgang.core.text import Text
from hapgang.core.vocabulary.transit import About, TransitAlert
from hapgang.services.mobility.maas.model import Journey, Leg, Option, Run

_MOST_SHOWN = 3


def alerted(city: City, options: list[Option]) -> list[Option]:
    """Return plans with what is known of trouble on the way."""
    alerts = city.hub.find(TransitAlert)
    if not alerts:
        return options
    return [replace(one, alerts=_texts(alerts, one.legs)) for one in options]


def list_alerts(city: City) -> list[TransitAlert]:
    """Return trouble that holds now or later, as operators tell it."""
    return [one for one in city.hub.find(TransitAlert) if one.holds(city.now, _LAST)]


def tell_alert(city: City, change: Change) -> None:
    """Tell who has booked a journey on which there is trouble, once for each new text."""
    alert = city.hub.find_by_id(TransitAlert, change.entity)
    news = {"title", "text", "about", "periods"} & change.attributes.keys()
    if alert is None or not news:
        return
    for journey in city.hub.find(Journey):
        if journey.state in ("booked", "under_way") and _touches(alert, journey.legs):
            city.tell(journey.traveller, alert.title, alert.text if alert.text.en else alert.title)


_LAST = datetime(9999, 1, 1, tzinfo=UTC)


def _texts(alerts: Iterable[TransitAlert], legs: tuple[Leg, ...]) -> tuple[Text, ...]:
    texts = dict.fromkeys(alert.title for alert in alerts if _touches(alert, legs))
    return tuple(texts)[:_MOST_SHOWN]


def _touches(alert: TransitAlert, legs: tuple[Leg, ...]) -> bool:
    return any(
        leg.ride is not None
        and alert.holds(leg.start_at, leg.end_at)
        and any(_is_about(one, leg.ride) for one in alert.about)
        for leg in legs
    )


def _is_about(about: About, ride: Run) -> bool:
    """Whether all that an alert names fits a ride; an agency alone stands for all its lines."""
    if about.stop and about.stop not in (ride.from_stop, ride.to_stop):
        return False
    if about.trip and (about.trip != ride.trip or (about.day and about.day != ride.day)):
        return False
    return not about.route or about.route == ride.route
