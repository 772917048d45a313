"""What is known to run late, as one state that plans can tell from the last one."""

from hashlib import blake2b

from hapgang.contract import City
from hapgang.core.ids import urn
from hapgang.core.vocabulary.transit import LiveTimetable
from hapgang.services.mobility.maas.method.ground import ON_TIME, Late
from hapgang.services.mobility.maas.model import RunDelay

_ID = urn("LiveTimetable", "now")


def late_now(city: City) -> Late:
    """Return what runs late, and the name of that state."""
    known = city.hub.find_by_id(LiveTimetable, _ID)
    if known is None or not known.state:
        return ON_TIME
    return Late(known.state, tuple(city.hub.find(RunDelay)))


def note_change(city: City, what: bytes) -> None:
    """Name the state of all delays anew, so that the next plan has them.

    `what` tells the change; the same changes in the same order, at the same instants, have the same
    name, and no others.
    """
    known = city.hub.find_by_id(LiveTimetable, _ID)
    before = known.state if known is not None else ""
    told = f"{before} {city.now.isoformat()} ".encode() + what
    is_late = city.hub.count(RunDelay) > 0
    state = blake2b(told, digest_size=12).hexdigest() if is_late else ""
    if state != before or known is None:
        city.hub.save(LiveTimetable(id=_ID, state=state, changed_at=city.now))
