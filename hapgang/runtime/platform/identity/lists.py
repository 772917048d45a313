"""Status lists as the city keeps them: in pages, so that a change writes little; places for ever.

A place is drawn, given once, and never again, also when its credential is long over.
"""

from itertools import count

import msgspec

from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import CredentialStatusList, CredentialStatusPage
from hapgang.hub.state import State
from hapgang.ledger.identity.jose import b64, unb64
from hapgang.ledger.identity.status import HERD, StatusList, change_fact
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import peek

BITS = 2
PAGE = 1_024  # places
MOST_GIVEN = HERD * 7 // 8  # of a list: beyond, what is drawn is hardly ever free
STATUS = "credential_status"  # the kind of fact
_changed = msgspec.structs.replace


def list_of(city: CityOf, number: int) -> CredentialStatusList:
    """Return what is counted of a list."""
    return city.hub.get(CredentialStatusList, urn("CredentialStatusList", number))


def give_place(city: CityOf, beginning: str, drawn: int) -> tuple[int, int]:
    """Give the place that was drawn, or the next free one; return the list's number, and it.

    beginning: of the address of lists, which credentials name; another one begins another list.
    """
    listed = _list_with_room(city, beginning)
    place = drawn % HERD
    while _taken(city, listed.number, place):
        place = (place + 1) % HERD
    page = _page(city, listed.number, place)
    taken = StatusList(1, unb64(page.taken)).having(place % PAGE, 1)
    city.hub.save(_changed(page, taken=b64(taken.packed)))
    city.hub.save(_changed(listed, given=listed.given + 1))
    return listed.number, place


def set_status(city: CityOf, number: int, place: int, status: int) -> str:
    """Write another status at a place, and its fact into the log; return the fact's id there."""
    page, listed = _page(city, number, place), list_of(city, number)
    statuses = StatusList(BITS, unb64(page.statuses)).having(place % PAGE, status)
    city.hub.save(_changed(page, statuses=b64(statuses.packed)))
    counted = _changed(listed, changes=listed.changes + 1)
    city.hub.save(counted)
    at_s = int(city.now.timestamp())
    fact, body = change_fact(listed.address, place, status, at_s, counted.changes)
    city.ledger.record(STATUS, fact, body)
    return f"platform/{fact}"


def whole_list(state: State, number: int) -> StatusList:
    """Return a list as it is published."""
    packed = bytearray(HERD * BITS // 8)
    size = PAGE * BITS // 8
    for record in state.with_value("CredentialStatusPage", "number", number) or ():
        if isinstance(record.view, CredentialStatusPage):
            begin = record.view.page * size
            packed[begin : begin + size] = unb64(record.view.statuses)
    return StatusList(BITS, bytes(packed))


def _list_with_room(city: CityOf, beginning: str) -> CredentialStatusList:
    for number in count(1):
        name, address = urn("CredentialStatusList", number), f"{beginning}{number}"
        found = peek(city, CredentialStatusList, name)
        if found is None:
            return CredentialStatusList(id=name, number=number, address=address)
        if found.given < MOST_GIVEN and found.address == address:
            return found
    raise AssertionError("there is always another number")


def _taken(city: CityOf, number: int, place: int) -> bool:
    page = _page(city, number, place)
    return StatusList(1, unb64(page.taken)).get(place % PAGE) == 1


def _page(city: CityOf, number: int, place: int) -> CredentialStatusPage:
    page = place // PAGE
    name = urn("CredentialStatusPage", f"{number}:{page}")
    found = peek(city, CredentialStatusPage, name)
    if found is not None:
        return found
    return CredentialStatusPage(
        id=name, number=number, page=page, taken=b64(bytes(PAGE // 8)),
        statuses=b64(bytes(PAGE * BITS // 8)),
    )  # fmt: skip
