"""What operators measure of the log: how its outside witnesses stand to it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from hapgang.app.log.city_log import CityLog
from hapgang.hub.state import State
from hapgang.runtime.exposition import Family, Sample, one

_FORKED = "hapgang_forked_cities"
_REFUSING = frozenset({"refused", "forked"})


def log_families(log: CityLog, state: State) -> Iterator[Family]:
    """Yield the numbers of a city's outside witnesses, and of other cities' logs."""
    if state.count("RecognisedCity"):
        forked = len(list(state.with_value("RecognisedCity", "state", "forked") or ()))
        yield one(_FORKED, "gauge", "Recognised cities that signed two different logs.", forked)
    yield from _witness_families(log)


def _witness_families(log: CityLog) -> Iterator[Family]:
    known = log.witnesses
    if not known:
        return
    sizes = [Sample(each.size, {"witness": urlsplit(each.url).netloc}) for each in known]
    yield Family(
        "hapgang_witness_signed_facts", "gauge", "Facts in the log that a witness signed last.",
        sizes,
    )  # fmt: skip
    refusing = sum(each.state in _REFUSING for each in known)
    yield one(
        "hapgang_witnesses_refusing", "gauge",
        "Witnesses that do not sign the log; one was shown another, or is not set up.", refusing,
    )  # fmt: skip
    away = sum(each.state == "away" for each in known)
    yield one("hapgang_witnesses_away", "gauge", "Witnesses that do not answer.", away)
