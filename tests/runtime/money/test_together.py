"""Requests for money, and bills that several pay: all or nobody, in time."""

import pytest

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.ledger.book import NotEnoughMoney
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import release_expired_holds, requests, splits
from hapgang.runtime.platform.people import inbox
from tests.runtime.money.place import ANNE, BERT, CARL, DORA, Place


@pytest.fixture
def place() -> Place:
    return Place()


def split(place: Place, **more: object) -> str:
    bill = {"payee": place.shop, "payers": [ANNE.id, BERT.id, CARL.id], "total_won": 10_000}
    found: str = place.do(splits.start_split, ANNE, **{**bill, **more}).id
    return found


def test_the_last_to_accept_pays_the_bill(place: Place) -> None:
    bill = split(place)
    for payer in (ANNE, BERT, BERT):
        place.do(splits.accept_split, payer, split=bill)
    assert (place.held(ANNE.id), place.held(BERT.id), place.won(place.shop)) == (3_334, 3_333, 0)
    assert place.do(splits.accept_split, CARL, split=bill).state == "paid"
    assert (place.won(place.shop), place.won(ANNE.id), place.held(ANNE.id)) == (10_000, 6_666, 0)
    with pytest.raises(Conflict, match="paid"):
        place.do(splits.accept_split, CARL, split=bill)
    assert "The shared bill is paid" in [line.title.en for line in place.do(inbox, BERT)]


def test_one_no_gives_everybody_theirs_back(place: Place) -> None:
    bill = split(place)
    place.do(splits.accept_split, ANNE, split=bill)
    with pytest.raises(Refused):
        place.do(splits.decline_split, DORA, split=bill)
    place.do(splits.decline_split, BERT, split=bill)
    assert (place.won(ANNE.id), place.held(ANNE.id)) == (10_000, 0)
    with pytest.raises(Conflict, match="declined"):
        place.do(splits.accept_split, CARL, split=bill)


def test_a_deadline_gives_everybody_theirs_back(place: Place) -> None:
    bill = split(place, hours=1)
    place.do(splits.accept_split, ANNE, split=bill)
    place.do(splits.accept_split, BERT, split=bill)
    place.clock.advance_by(3600.0)
    with pytest.raises(Conflict, match="expired"):
        place.do(splits.accept_split, CARL, split=bill)
    place.do(splits.expire_splits, PLATFORM)
    place.do(release_expired_holds, PLATFORM)
    assert (place.held(ANNE.id), place.held(BERT.id), place.won(place.shop)) == (0, 0, 0)
    assert place.do(splits.my_splits, ANNE) == []


def test_who_lacks_the_money_does_not_accept(place: Place) -> None:
    bill = split(place, total_won=40_000, parts_won=[10_000, 10_001, 19_999])
    place.do(splits.accept_split, ANNE, split=bill)
    with pytest.raises(NotEnoughMoney):
        place.do(splits.accept_split, BERT, split=bill)
    with pytest.raises(Refused, match="not yours"):
        place.do(splits.accept_split, DORA, split=bill)


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts_won": [1, 1, 1]},
        {"parts_won": [10_000]},
        {"payers": [ANNE.id, ANNE.id]},
        {"total_won": 2},
        {"total_won": -1},
        {"payers": [ANNE.id]},
    ],
)
def test_parts_that_do_not_fit_are_refused(place: Place, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        split(place, **wrong)


def test_a_request_is_paid_once_by_whom_it_asks(place: Place) -> None:
    asked = place.do(requests.ask_for_money, ANNE, payer=BERT.id, amount_won=700, memo="lunch").id
    assert place.do(inbox, BERT)[0].title.en == "Somebody asks you for money"
    assert [one.memo for one in place.do(requests.my_requests, BERT).to_me] == ["lunch"]
    with pytest.raises(Refused):
        place.do(requests.pay_request, CARL, request=asked)
    place.do(requests.pay_request, BERT, request=asked)
    with pytest.raises(Conflict, match="paid"):
        place.do(requests.pay_request, BERT, request=asked)
    assert (place.won(ANNE.id), place.won(BERT.id)) == (10_700, 9_300)


def test_requests_are_declined_withdrawn_and_lapse(place: Place) -> None:
    ask = {"payer": BERT.id, "amount_won": 700, "days": 1}
    first, second, third = (place.do(requests.ask_for_money, ANNE, **ask).id for _ in range(3))
    place.do(requests.decline_request, BERT, request=first)
    place.do(requests.decline_request, ANNE, request=second)
    with pytest.raises(Refused):
        place.do(requests.decline_request, CARL, request=third)
    place.clock.advance_by(86_400.0)
    with pytest.raises(Conflict, match="expired"):
        place.do(requests.pay_request, BERT, request=third)
    place.do(requests.expire_requests, PLATFORM)
    assert place.do(requests.my_requests, BERT) == requests.MyRequests([], [])
    with pytest.raises(NotFound):
        place.do(requests.ask_for_money, ANNE, payer="urn:ngsi-ld:Person:x", amount_won=1)
    for wrong in (0, -5, 10**10, 1.5):
        with pytest.raises(Invalid):
            place.do(requests.ask_for_money, ANNE, payer=BERT.id, amount_won=wrong)
