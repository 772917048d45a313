"""What a demonstration's counter has written down of the four people of the sources.

Who they are is from the "Sejong 5-1 Living Zone" survey document; names, days of birth and licences
are ours. The pupil lives with her parents, who are nobody in this story: the homemaker looks after
her on some afternoons, and was entered as her carer.
"""

from datetime import date, timedelta
from typing import Any

import msgspec

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.identity.attestations import attest
from hapgang.runtime.platform.identity.delegations import enter_guardian
from hapgang.runtime.platform.identity.register import register
from hapgang.runtime.platform.money.spending import name_for

COUNTER = Caller(urn("Staff", "counter"), Role.AGENCY)
_CARER, _WARD = urn("Person", "homemaker"), urn("Person", "pupil")
_ZONE, _SINCE = "5-1", date(2025, 3, 2)
_LICENCE = {"categories": ["B"], "valid_until": "2034-12-31"}
_WALKS_BADLY = {"disabled": True, "degree": "not_severe", "needs": ["step-free"]}


class Persona(msgspec.Struct, frozen=True):
    """What is written down of somebody."""

    name: str
    born: date
    attested: tuple[tuple[str, dict[str, Any]], ...] = ()


PERSONAS = {
    urn("Person", "librarian"): Persona(
        "한동수", date(1951, 3, 14), (("disability", _WALKS_BADLY),)
    ),
    urn("Person", "designer"): Persona(
        "윤재호", date(1981, 5, 2), (("driving_licence", _LICENCE),)
    ),
    _CARER: Persona("서미라", date(1994, 2, 20), (("driving_licence", _LICENCE),)),
    _WARD: Persona("오하늘", date(2015, 6, 9)),
}


def register_persona(runtime: Runtime, person: str) -> None:
    """Write one of the four into the register, once they are known; a repeat changes nothing."""
    persona = PERSONAS.get(person)
    if persona is None or runtime.state.get(name_for("Registration", person)) is not None:
        return
    runtime.perform(
        register, COUNTER, person=person, name=persona.name, born=persona.born,
        living_zone=_ZONE, since=_SINCE,
    )  # fmt: skip
    for kind, said in persona.attested:
        runtime.perform(attest, COUNTER, person=person, kind=kind, said=said)
    other = {_CARER: _WARD, _WARD: _CARER}.get(person)
    if other is not None and runtime.state.get(name_for("Registration", other)) is not None:
        _enter_carer(runtime)


def _enter_carer(runtime: Runtime) -> None:
    """Let the homemaker do for the pupil what the services of this city offer, for a year."""
    actions = tuple(f"{name}/*" for name in runtime.services if name != "platform")
    if actions:
        runtime.perform(
            enter_guardian, COUNTER, person=_WARD, guardian=_CARER, relation="carer",
            actions=actions, until=runtime.clock.now().date() + timedelta(days=365),
        )  # fmt: skip
