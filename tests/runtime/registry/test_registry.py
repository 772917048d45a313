"""Documents certified, things handed on with their price, money that waits for a condition."""

from datetime import timedelta
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.platform import Job
from hapgang.core.vocabulary.registry import Escrow, PledgeDrive
from hapgang.ledger.book import HoldExpired, NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money import orders, release_expired_holds, transfers
from hapgang.runtime.platform.money.standing import end_order, pay_standing_orders
from hapgang.runtime.platform.registry import assets, documents, drives, escrows, plans
from hapgang.runtime.platform.registry.assets import Pledged
from hapgang.writer.unit import Unit
from tests.village import dig, draw, move_in, person, runtime_of

ANNE, BERT, CARL, DORA = (person(name) for name in ("anne", "bert", "carl", "dora"))
BANK = person("bank", Role.COMPANY)
OFFICE = person("office", Role.AGENCY)
OPERATOR, SECOND = person("operator", Role.OPERATOR), person("second", Role.OPERATOR)
HASH = "ab" * 32


class Village:
    """A runtime, and everything that its log was told."""

    def __init__(self) -> None:
        self.runtime = runtime_of()
        self.facts: list[tuple[str, str]] = []
        self.runtime.writer.additions.append(self._note)
        for someone in (ANNE, BERT, CARL, DORA):
            move_in(self.runtime, someone, 10_000)

    def _note(self, unit: Unit) -> None:
        self.facts += [(fact.kind, str(fact.body.get("step"))) for fact in unit.facts]

    def do(self, action: Any, caller: Any, **words: Any) -> Any:
        return self.runtime.perform(action, caller, **words)

    def won(self, caller: Any) -> tuple[int, int]:
        account = self.runtime.book.account(account_id(caller.id))
        return account.balance_won, account.held_won

    def pass_by(self, **time: float) -> None:
        clock = self.runtime.clock
        assert isinstance(clock, VirtualClock)
        clock.advance_by(timedelta(**time).total_seconds())


@pytest.fixture
def village() -> Village:
    return Village()


def test_a_file_is_certified_once_and_checked_by_whoever_has_it(village: Village) -> None:
    words = {"sha256": HASH, "n_bytes": 12, "title": "My will"}
    first = village.do(documents.certify, ANNE, **words)
    assert village.do(documents.certify, ANNE, **words) == first
    village.pass_by(days=1)
    village.do(documents.certify, BERT, **words, names_signer=True)
    found = village.do(documents.check_document, CARL, sha256=HASH)
    assert [(one.at, one.signer) for one in found] == [
        (first.at, None), (first.at + timedelta(days=1), BERT.id),
    ]  # fmt: skip
    assert village.do(documents.check_document, CARL, sha256="cd" * 32) == []
    assert [kind for kind, _ in village.facts].count("document") == 2
    for bad in ("AB" * 32, HASH + "\n", "x", HASH[:-1]):
        with pytest.raises(CityError):
            village.do(documents.certify, ANNE, sha256=bad, n_bytes=1, title="x")


def car(village: Village, identifier: str = "KMHXX00XXXX000001") -> str:
    made = village.do(
        assets.register_asset, OFFICE, owner=ANNE.id, mobility="movable",
        identifier=identifier, title="A small van",
    )  # fmt: skip
    name: str = made.id
    return name


def test_a_thing_and_its_price_change_hands_together(village: Village) -> None:
    van = car(village)
    for again in ("KMHXX00XXXX000001", "kmhxx00xxxx000001"):
        with pytest.raises(Conflict):
            car(village, again)
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id, price_won=7_000)
    for other in (CARL, ANNE):
        with pytest.raises(NotFound):
            village.do(assets.accept_asset, other, asset=van, price_won=7_000)
    taken = village.do(assets.accept_asset, BERT, asset=van, price_won=7_000)
    assert taken.owner == BERT.id
    assert (village.won(ANNE), village.won(BERT)) == ((17_000, 0), (3_000, 0))
    assert village.do(assets.my_assets, ANNE) == []
    village.do(assets.offer_asset, BERT, asset=van, to=CARL.id, price_won=10_001)
    with pytest.raises(NotEnoughMoney):
        village.do(assets.accept_asset, CARL, asset=van, price_won=10_001)
    assert village.do(assets.my_assets, BERT)[0].owner == BERT.id, "neither, if not both"
    village.pass_by(days=15)
    with pytest.raises(Conflict, match="over"):
        village.do(assets.accept_asset, CARL, asset=van, price_won=10_001)
    steps = [step for kind, step in village.facts if kind == "asset"]
    assert steps == ["registered", "offered", "handed on", "offered"]


def test_what_is_pledged_stays_until_its_creditor_releases_it(village: Village) -> None:
    van = car(village)
    asked = village.do(assets.ask_for_lien, BANK, asset=van, amount_won=5_000, reason="a loan")
    lien = asked.liens[0].id
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id)
    with pytest.raises(NotFound):
        village.do(assets.agree_to_lien, BERT, asset=van, lien=lien)
    agreed = village.do(assets.agree_to_lien, ANNE, asset=van, lien=lien)
    assert agreed.offer is None, "what was offered free is not free any more"
    with pytest.raises(Pledged):
        village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id)
    for other in (ANNE, BERT):
        with pytest.raises(Refused):
            village.do(assets.release_lien, other, asset=van, lien=lien)
    village.do(assets.release_lien, BANK, asset=van, lien=lien)
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id)
    unwanted = village.do(assets.ask_for_lien, BANK, asset=van, amount_won=1, reason="?")
    village.do(assets.release_lien, ANNE, asset=van, lien=unwanted.liens[0].id)
    village.do(assets.accept_asset, BERT, asset=van, price_won=0)


def escrow(village: Village, **words: Any) -> Escrow:
    parts = [{"title": "roof", "amount_won": 3_000}, {"title": "walls", "amount_won": 2_000}]
    told = {"payee": BERT.id, "confirmer": CARL.id, "title": "A shed", "parts": parts, "days": 30}
    made = village.do(escrows.open_escrow, ANNE, **{**told, **words})
    assert isinstance(made, Escrow)
    return made


def test_an_escrow_pays_what_is_confirmed_and_gives_back_the_rest(village: Village) -> None:
    shed = escrow(village)
    assert village.won(ANNE) == (10_000, 5_000)
    for other in (ANNE, BERT):
        with pytest.raises(Refused):
            village.do(escrows.confirm_part, other, escrow=shed.id, part=0)
    with pytest.raises(NotFound):
        village.do(escrows.confirm_part, DORA, escrow=shed.id, part=0)
    village.do(escrows.confirm_part, CARL, escrow=shed.id, part=0)
    with pytest.raises(Conflict):
        village.do(escrows.confirm_part, CARL, escrow=shed.id, part=0)
    assert (village.won(ANNE), village.won(BERT)) == ((7_000, 2_000), (13_000, 0))
    assert [len(village.do(escrows.my_escrows, who)) for who in (ANNE, BERT, CARL, DORA)] == [
        1, 1, 1, 0,
    ]  # fmt: skip
    village.pass_by(days=30)
    with pytest.raises(HoldExpired):
        village.do(escrows.confirm_part, CARL, escrow=shed.id, part=1)
    village.do(release_expired_holds, PLATFORM)
    assert village.do(escrows.end_escrows, PLATFORM) == 1
    assert village.do(escrows.end_escrows, PLATFORM) == 0
    assert village.won(ANNE) == (7_000, 0)
    assert village.do(escrows.my_escrows, ANNE) == []


def test_who_is_paid_may_give_up_and_may_not_confirm(village: Village) -> None:
    with pytest.raises(Refused):
        escrow(village, confirmer=BERT.id)
    shed = escrow(village)
    village.do(escrows.give_up_part, BERT, escrow=shed.id, part=0)
    ended = village.do(escrows.give_up_part, BERT, escrow=shed.id, part=1)
    assert (ended.state, village.won(ANNE)) == ("ended", (10_000, 0))
    with pytest.raises(NotEnoughMoney):
        escrow(village, parts=[{"title": "all", "amount_won": 10_001}])


@pytest.mark.parametrize("goal_won", [5_000, 5_001])
def test_a_drive_is_paid_by_all_or_by_nobody(village: Village, goal_won: int) -> None:
    drive = village.do(drives.open_drive, DORA, title="A bench", goal_won=goal_won, days=7)
    for who, amount_won in ((ANNE, 2_000), (BERT, 2_500), (ANNE, 500)):
        village.do(drives.pledge, who, drive=drive.id, amount_won=amount_won)
    assert village.won(ANNE) == (10_000, 2_500)
    assert village.do(drives.drives, CARL)[0].pledged_won == 5_000
    assert village.do(drives.settle_drives, PLATFORM) == 0
    village.pass_by(days=7)
    with pytest.raises(Conflict):
        village.do(drives.pledge, CARL, drive=drive.id, amount_won=1_000)
    assert village.do(drives.settle_drives, PLATFORM) == 1
    is_reached = goal_won == 5_000
    assert village.won(DORA) == ((15_000, 0) if is_reached else (10_000, 0))
    assert village.won(ANNE) == ((7_500, 0) if is_reached else (10_000, 0))
    ended = village.runtime.closed.find(drive.id)
    assert ended is not None
    assert isinstance(ended.view, PledgeDrive)
    assert ended.view.state == ("reached" if is_reached else "missed")
    assert village.runtime.book.total_won() == 0
    assert isinstance(village.runtime, Runtime)


def test_a_part_is_paid_when_what_was_agreed_has_happened(village: Village) -> None:
    well = village.do(dig, PLATFORM, well="roof")
    parts = [
        {"title": "dug", "amount_won": 3_000, "when": {"entity": well, "q": "value>=2"}},
        {"title": "deep", "amount_won": 1_000, "when": {"entity": well, "q": 'state=="deep"'}},
    ]
    made = escrow(village, confirmer=None, parts=parts)
    village.do(draw, ANNE, well="roof")
    assert village.do(escrows.pay_what_happened, PLATFORM) == 0
    with pytest.raises(Refused):
        village.do(escrows.confirm_part, ANNE, escrow=made.id, part=0)
    village.do(draw, ANNE, well="roof")
    assert village.do(escrows.pay_what_happened, PLATFORM) == 1
    assert village.do(escrows.pay_what_happened, PLATFORM) == 0
    assert (village.won(ANNE), village.won(BERT)) == ((7_000, 1_000), (13_000, 0))
    village.pass_by(days=30)
    village.do(release_expired_holds, PLATFORM)
    village.do(escrows.end_escrows, PLATFORM)
    assert village.won(ANNE) == (7_000, 0)


def test_an_agreement_waits_for_what_everybody_can_see_only(village: Village) -> None:
    well = village.do(dig, PLATFORM, well="well")
    for entity, q in ((ANNE.id, "walking"), ("urn:ngsi-ld:Nothing:1", "x"), (well, "value>>2")):
        parts = [{"title": "x", "amount_won": 1, "when": {"entity": entity, "q": q}}]
        with pytest.raises(CityError):
            escrow(village, confirmer=None, parts=parts)
    with pytest.raises(Invalid):
        escrow(village, confirmer=None)
    assert village.won(ANNE) == (10_000, 0)


def test_what_can_be_returned_is_paid_in_the_end_unless_it_was_taken_back(
    village: Village,
) -> None:
    bought = escrow(village, confirmer=None, then="paid", days=14)
    village.pass_by(days=13)
    with pytest.raises(Refused):
        village.do(escrows.confirm_part, ANNE, escrow=bought.id, part=0)
    village.do(escrows.give_up_part, ANNE, escrow=bought.id, part=0)
    village.pass_by(days=3)  # the city was down for a while
    with pytest.raises(Conflict):
        village.do(escrows.give_up_part, ANNE, escrow=bought.id, part=1)
    village.do(release_expired_holds, PLATFORM)
    assert village.do(escrows.end_escrows, PLATFORM) == 1
    assert (village.won(ANNE), village.won(BERT)) == ((8_000, 0), (12_000, 0))


def test_what_cannot_be_paid_comes_back(village: Village) -> None:
    bought = escrow(village, confirmer=None, then="paid", days=1)
    village.do(transfers.send, BERT, transfer="all", payee=DORA.id, amount_won=10_000)
    unit = village.runtime.open("test", PLATFORM)
    village.runtime.book.set_state(unit, account_id(BERT.id), "closed")
    village.runtime.writer.commit(unit)
    village.pass_by(days=1)
    assert village.do(escrows.end_escrows, PLATFORM) == 1
    assert village.won(ANNE) == (10_000, 0)
    ended = village.runtime.closed.find(bought.id)
    assert ended is not None
    assert isinstance(ended.view, Escrow)
    assert [part.state for part in ended.view.parts] == ["back", "back"]


def test_who_subscribes_pays_each_month_until_they_end_it(village: Village) -> None:
    plan = village.do(plans.open_plan, DORA, title="Bread", amount_won=1_000, every="month")
    order = village.do(plans.subscribe, ANNE, plan=plan.id)
    village.do(plans.subscribe, BERT, plan=plan.id)
    with pytest.raises(Conflict):
        village.do(plans.subscribe, ANNE, plan=plan.id)
    with pytest.raises(Refused):
        village.do(plans.subscribers, ANNE, plan=plan.id)
    assert village.do(plans.subscribers, DORA, plan=plan.id) == 2
    village.do(pay_standing_orders, PLATFORM)
    assert (village.won(ANNE), village.won(DORA)) == ((9_000, 0), (12_000, 0))
    village.do(end_order, ANNE, order=order.id)
    village.pass_by(days=32)
    village.do(pay_standing_orders, PLATFORM)
    assert (village.won(ANNE), village.won(BERT)) == ((9_000, 0), (8_000, 0))
    assert village.do(plans.end_plan, DORA, plan=plan.id) == 1
    village.pass_by(days=32)
    village.do(pay_standing_orders, PLATFORM)
    assert village.won(BERT) == (8_000, 0)
    assert village.do(plans.plans, ANNE) == []
    for action, who in (
        (plans.subscribers, DORA),
        (plans.subscribe, ANNE),
        (plans.subscribe, BERT),
    ):
        with pytest.raises(Conflict, match="ended"):
            village.do(action, who, plan=plan.id)
    steps = [step for kind, step in village.facts if kind == "agreement"]
    assert steps == ["opened", "subscribed", "subscribed", "left", "ended"]


def inherited(village: Village, who: Any, heir: Any) -> None:
    """Somebody dies: what they had set aside comes back, and their account is closed."""
    words: dict[str, Any] = {"kind": "inherit", "reason": "papers seen", "case": "2026-1"}
    words |= {"until": None, "others": [heir.id], "shares": [1]}
    order = village.do(orders.ask_order, OPERATOR, person=who.id, **words)
    village.do(orders.approve_order, SECOND, order=order.id)


def test_a_drive_ends_for_all_others_if_somebody_who_pledged_died(village: Village) -> None:
    ended = [village.do(drives.open_drive, DORA, title="Benches", goal_won=g, days=7)
             for g in (3_000, 3_001)]  # fmt: skip
    for drive in ended:
        village.do(drives.pledge, BERT, drive=drive.id, amount_won=3_000)
        village.do(drives.pledge, ANNE, drive=drive.id, amount_won=1)
    inherited(village, ANNE, CARL)
    village.pass_by(days=7)
    assert village.do(drives.settle_drives, PLATFORM) == 2
    assert (village.won(BERT), village.won(DORA)) == ((7_000, 0), (13_000, 0))
    assert [village.runtime.closed.find(drive.id).view.state for drive in ended] == [  # type: ignore[union-attr]
        "reached", "missed",
    ]  # fmt: skip


def test_many_drives_that_end_at_once_are_settled_one_after_another(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drives, "PAID_AT_ONCE", 2)
    for title in ("first", "second", "third"):
        drive = village.do(drives.open_drive, DORA, title=title, goal_won=1, days=7)
        village.do(drives.pledge, ANNE, drive=drive.id, amount_won=1_000)
    village.pass_by(days=7)
    assert [village.do(drives.settle_drives, PLATFORM) for _ in range(3)] == [2, 1, 0]
    assert (village.won(ANNE), village.won(DORA)) == ((7_000, 0), (13_000, 0))


def test_a_drive_whose_payee_died_is_missed(village: Village) -> None:
    drive = village.do(drives.open_drive, DORA, title="A bench", goal_won=1_000, days=7)
    village.do(drives.pledge, ANNE, drive=drive.id, amount_won=1_000)
    inherited(village, DORA, CARL)
    village.pass_by(days=7)
    assert village.do(drives.settle_drives, PLATFORM) == 1
    assert village.won(ANNE) == (10_000, 0)
    ended = village.runtime.closed.find(drive.id)
    assert ended is not None
    assert isinstance(ended.view, PledgeDrive)
    assert ended.view.state == "missed"


def test_escrows_end_for_all_others_if_a_payer_died(village: Village) -> None:
    escrow(village, confirmer=None, then="paid", days=1)
    parts = [{"title": "x", "amount_won": 1_000}]
    village.do(
        escrows.open_escrow, DORA, payee=BERT.id, title="y", parts=parts, days=1, then="paid"
    )
    inherited(village, ANNE, CARL)
    village.pass_by(days=1)
    assert village.do(escrows.end_escrows, PLATFORM) == 2
    assert (village.won(BERT), village.won(CARL)) == ((11_000, 0), (20_000, 0))


def test_what_waited_for_too_long_while_the_city_was_down_comes_back(village: Village) -> None:
    drive = village.do(drives.open_drive, DORA, title="A bench", goal_won=1_000, days=1)
    village.do(drives.pledge, ANNE, drive=drive.id, amount_won=1_000)
    escrow(village, confirmer=None, then="paid", days=1)
    village.pass_by(days=40)
    village.do(release_expired_holds, PLATFORM)
    assert village.do(drives.settle_drives, PLATFORM) == 1
    assert village.do(escrows.end_escrows, PLATFORM) == 1
    assert village.won(ANNE) == (10_000, 0)
    ended = village.runtime.closed.find(drive.id)
    assert ended is not None
    assert isinstance(ended.view, PledgeDrive)
    assert ended.view.state == "missed"


def test_who_takes_a_thing_pays_what_they_were_shown(village: Village) -> None:
    van = car(village)
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id, price_won=100)
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id, price_won=9_999)
    with pytest.raises(Conflict, match="9,999"):
        village.do(assets.accept_asset, BERT, asset=van, price_won=100)
    assert village.won(BERT) == (10_000, 0)
    village.do(assets.accept_asset, BERT, asset=van, price_won=9_999)


def test_who_only_asks_for_a_lien_learns_of_nobody(village: Village) -> None:
    van = car(village)
    lien = village.do(assets.ask_for_lien, BANK, asset=van, amount_won=5_000, reason="a loan")
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id, price_won=100)
    asked = village.do(assets.ask_for_lien, CARL, asset=van, amount_won=1, reason="?")
    for seen in (asked, *village.do(assets.my_assets, CARL)):
        assert (seen.owner, seen.offer) == ("", None)
        assert [one.creditor for one in seen.liens] == [CARL.id]
    village.do(assets.agree_to_lien, ANNE, asset=van, lien=lien.liens[0].id)
    (bound,) = village.do(assets.my_assets, BANK)
    assert (bound.owner, len(bound.liens)) == (ANNE.id, 2), "an agreed creditor sees their rank"
    released = village.do(assets.release_lien, CARL, asset=van, lien=asked.liens[0].id)
    assert (released.owner, released.liens) == ("", ())


def test_what_is_internal_is_nothing_that_everybody_can_see(village: Village) -> None:
    def work(city: CityOf) -> Job:
        made = Job(id="urn:ngsi-ld:Job:1", title=Text("x", "x"), service="platform", state="done",
                   started_at=city.now)  # fmt: skip
        city.hub.save(made)
        return made

    job = work(CityOf(village.runtime, "platform", village.runtime.open("x", PLATFORM), PLATFORM))
    parts = [{"title": "x", "amount_won": 1, "when": {"entity": job.id, "q": 'state=="done"'}}]
    with pytest.raises(NotFound):
        escrow(village, confirmer=None, parts=parts)


def test_nobody_has_the_city_look_at_too_many_conditions(village: Village) -> None:
    one = [{"title": "x", "amount_won": 1}]
    for _ in range(escrows.MOST_OPEN):
        escrow(village, parts=one)
    with pytest.raises(Conflict):
        escrow(village, parts=one)
