"""Attributes: what a route may need of its caller beside a role, each by one name.

    resident                   lives in the city, says its register
    age.N                      is N or older, for the ages at which a city asks (`credentials.AGES`)
    licence.CATEGORY           may drive vehicles of a category; B are cars (ISO/IEC 18013-1)
    disability                 has a registered disability
    member.ORGANISATION.ROLE   is this in an organisation

Whoever the register does not know has what the city knows of them as a `Person`: that they live
here, the ages that they have reached in any case, whether they may drive a car. So have virtual
residents, who have no sessions; a visitor has nothing, for nobody looked at their papers.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime

from hapgang.core.callers import Caller, Role
from hapgang.core.errors import Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import Person
from hapgang.hub.state import State
from hapgang.ledger.identity.credentials import AGES

RESIDENT, DISABILITY, CAR_LICENCE = "resident", "disability", "licence.B"
REGISTERED = frozenset({RESIDENT, *(f"age.{age}" for age in AGES)})  # what a register says itself
Held = Callable[[Caller], frozenset[str]]
_LICENCE = re.compile(r"licence\.[\w-]{1,32}")
_MEMBER = re.compile(r"member\.[\w-]{1,64}\.[\w-]{1,64}")


class NotHeld(Refused):
    """The caller's role may, but something has to be proven first."""

    title = Text("Something has to be proven first", "먼저 확인이 필요합니다")


def is_attribute(name: str) -> bool:
    """Return whether a name is one of an attribute, composed as attributes are (NFC)."""
    if not unicodedata.is_normalized("NFC", name):
        return False
    if name in (RESIDENT, DISABILITY):
        return True
    if name.startswith("age."):
        return name in {f"age.{age}" for age in AGES}
    return bool(_LICENCE.fullmatch(name) or _MEMBER.fullmatch(name))


def check_names(needs: Iterable[str], where: str) -> frozenset[str]:
    """Return the attributes that a contract names; TypeError for one that there is not."""
    found = frozenset(needs)
    for name in sorted(found):
        if not is_attribute(name):
            ages = ", ".join(str(age) for age in AGES)
            raise TypeError(
                f"{where} needs {name!r}, which is no attribute: resident, age.N (N of {ages}),"
                " licence.CATEGORY, disability, member.ORGANISATION.ROLE"
            )
    return found


def check_held(needs: frozenset[str], caller: Caller, held: Held | None) -> None:
    """Raise `NotHeld` unless a caller holds all of some attributes; the platform is not asked."""
    missing = needs - caller.holds
    if not missing or caller.role is Role.PLATFORM:
        return
    if held is not None:
        missing -= held(caller)
    if not missing:
        return
    names = sorted(missing)
    words = [attribute_words(name) for name in names]
    raise NotHeld(
        f"This needs: {'; '.join(word.en for word in words)}. Have it entered at the city office's"
        " counter, or show a credential that says so.",
        f"필요한 자격: {', '.join(word.ko for word in words)}. 민원 창구에서 등록하거나 지갑의"
        " 증명서를 보여 주세요.",
        missing=names,
    )


def attribute_words(name: str) -> Text:
    """Return an attribute as people say it."""
    kind, _, rest = name.partition(".")
    if kind == "age":
        return Text(f"to be {rest} or older", f"만 {rest}세 이상")
    if kind == "licence":
        return Text(f"a driving licence of category {rest}", f"{rest} 운전면허")
    if kind == "member":
        organisation, _, role = rest.partition(".")
        return Text(f"to be {role} of {organisation}", f"{organisation}의 {role}")
    if kind == DISABILITY:
        return Text("a registered disability", "장애 등록")
    return Text("to live in this city", "이 도시 주민")


def held_by(state: State, caller: Caller, now: datetime) -> frozenset[str]:
    """Return what the city knows of a caller now, beside what they have shown.

    now: in the city's zone: somebody comes of age on a day.
    """
    from hapgang.runtime.platform.identity import held  # noqa: PLC0415 (the room above knows this)

    record = state.get(caller.id)
    view = None if record is None else record.view
    known = known_of(view) if isinstance(view, Person) else frozenset()
    if known and any(True for _ in state.each_with("Registration", "person", caller.id)):
        known -= REGISTERED
    return known | held.attributes_in(state, caller.id, now)


def known_of(person: Person) -> frozenset[str]:
    """Return what the city knows of somebody whom its register does not hold.

    Of a licence and a disability a `Person` says what was attested, where anything was.
    """
    if person.visitor:
        return frozenset()
    reached = int(re.split("[-+]", person.age_band.value)[0])
    found = [RESIDENT, *(f"age.{age}" for age in AGES if age <= reached)]
    if person.licence:
        found.append(CAR_LICENCE)
    if person.concession == "disabled":
        found.append(DISABILITY)
    return frozenset(found)
