"""What is known to run late, as one state that plans can tell from the last one."""

from hashlib import blake2b

import msgspec

from hapgang.contract import City
from hapgang.core.ids import urn
from hapgang.core.vocabulary.transit import LiveTimetable
from hapgang.services.mobility.maas.method.ground import ON_TIME, Late
from hapgang.services.mobility.maas.model import RunDelay

_ID = urn("LiveTimetable", "now")
_encoder = msgspec.json.Encoder(order="deterministic")


def late_now(city: City) -> Late:
    """Return what runs late, and the name of that state."""
    known = city.hub.find_by_id(LiveTimetable, _ID)
    if known is None or not known.state:
        return ON_TIME
    return Late(known.state, tuple(city.hub.find(RunDelay)))


def note_change(city: City) -> None:
    """Name the state of all delays anew, so that the next plan has them."""
    delays = sorted(city.hub.find(RunDelay), key=lambda delay: delay.id)
    state = blake2b(_encoder.encode(delays), digest_size=12).hexdigest() if delays else ""
    known = city.hub.find_by_id(LiveTimetable, _ID)
    if known is None or known.state != state:
        city.hub.save(LiveTimetable(id=_ID, state=state, changed_at=city.now))
