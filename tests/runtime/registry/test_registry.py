"""Documents certified, things handed on with their price, money that waits for a condition."""

from datetime import timedelta
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import CityError, Conflict, NotFound, Refused
from hapgang.core.vocabulary.registry import Escrow, PledgeDrive
from hapgang.ledger.book import HoldExpired, NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money import release_expired_holds
from hapgang.runtime.platform.registry import agreements, assets, documents
from hapgang.runtime.platform.registry.assets import Pledged
from hapgang.writer.unit import Unit
from tests.village import move_in, person, runtime_of

ANNE, BERT, CARL, DORA = (person(name) for name in ("anne", "bert", "carl", "dora"))
BANK = person("bank", Role.COMPANY)
OFFICE = person("office", Role.AGENCY)
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


def car(village: Village) -> str:
    made = village.do(
        assets.register_asset, OFFICE, owner=ANNE.id, mobility="movable",
        identifier="KMHXX00XXXX000001", title="A small van",
    )  # fmt: skip
    name: str = made.id
    return name


def test_a_thing_and_its_price_change_hands_together(village: Village) -> None:
    van = car(village)
    with pytest.raises(Conflict):
        car(village)
    village.do(assets.offer_asset, ANNE, asset=van, to=BERT.id, price_won=7_000)
    for other in (CARL, ANNE):
        with pytest.raises(NotFound):
            village.do(assets.accept_asset, other, asset=van)
    taken = village.do(assets.accept_asset, BERT, asset=van)
    assert taken.owner == BERT.id
    assert (village.won(ANNE), village.won(BERT)) == ((17_000, 0), (3_000, 0))
    assert village.do(assets.my_assets, ANNE) == []
    village.do(assets.offer_asset, BERT, asset=van, to=CARL.id, price_won=10_001)
    with pytest.raises(NotEnoughMoney):
        village.do(assets.accept_asset, CARL, asset=van)
    assert village.do(assets.my_assets, BERT)[0].owner == BERT.id, "neither, if not both"
    village.pass_by(days=15)
    with pytest.raises(Conflict, match="over"):
        village.do(assets.accept_asset, CARL, asset=van)
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
    village.do(assets.accept_asset, BERT, asset=van)


def escrow(village: Village, **words: Any) -> Escrow:
    parts = [{"title": "roof", "amount_won": 3_000}, {"title": "walls", "amount_won": 2_000}]
    told = {"payee": BERT.id, "confirmer": CARL.id, "title": "A shed", "parts": parts, "days": 30}
    made = village.do(agreements.open_escrow, ANNE, **{**told, **words})
    assert isinstance(made, Escrow)
    return made


def test_an_escrow_pays_what_is_confirmed_and_gives_back_the_rest(village: Village) -> None:
    shed = escrow(village)
    assert village.won(ANNE) == (10_000, 5_000)
    for other in (ANNE, BERT):
        with pytest.raises(Refused):
            village.do(agreements.confirm_part, other, escrow=shed.id, part=0)
    with pytest.raises(NotFound):
        village.do(agreements.confirm_part, DORA, escrow=shed.id, part=0)
    village.do(agreements.confirm_part, CARL, escrow=shed.id, part=0)
    with pytest.raises(Conflict):
        village.do(agreements.confirm_part, CARL, escrow=shed.id, part=0)
    assert (village.won(ANNE), village.won(BERT)) == ((7_000, 2_000), (13_000, 0))
    assert [len(village.do(agreements.my_escrows, who)) for who in (ANNE, BERT, CARL, DORA)] == [
        1, 1, 1, 0,
    ]  # fmt: skip
    village.pass_by(days=30)
    with pytest.raises(HoldExpired):
        village.do(agreements.confirm_part, CARL, escrow=shed.id, part=1)
    village.do(release_expired_holds, PLATFORM)
    assert village.do(agreements.end_escrows, PLATFORM) == 1
    assert village.do(agreements.end_escrows, PLATFORM) == 0
    assert village.won(ANNE) == (7_000, 0)
    assert village.do(agreements.my_escrows, ANNE) == []


def test_who_is_paid_may_give_up_and_may_not_confirm(village: Village) -> None:
    with pytest.raises(Refused):
        escrow(village, confirmer=BERT.id)
    shed = escrow(village)
    village.do(agreements.give_up_part, BERT, escrow=shed.id, part=0)
    ended = village.do(agreements.give_up_part, BERT, escrow=shed.id, part=1)
    assert (ended.state, village.won(ANNE)) == ("ended", (10_000, 0))
    with pytest.raises(NotEnoughMoney):
        escrow(village, parts=[{"title": "all", "amount_won": 10_001}])


@pytest.mark.parametrize("goal_won", [5_000, 5_001])
def test_a_drive_is_paid_by_all_or_by_nobody(village: Village, goal_won: int) -> None:
    drive = village.do(agreements.open_drive, DORA, title="A bench", goal_won=goal_won, days=7)
    for who, amount_won in ((ANNE, 2_000), (BERT, 2_500), (ANNE, 500)):
        village.do(agreements.pledge, who, drive=drive.id, amount_won=amount_won)
    assert village.won(ANNE) == (10_000, 2_500)
    assert village.do(agreements.drives, CARL)[0].pledged_won == 5_000
    assert village.do(agreements.settle_drives, PLATFORM) == 0
    village.pass_by(days=7)
    with pytest.raises(Conflict):
        village.do(agreements.pledge, CARL, drive=drive.id, amount_won=1_000)
    assert village.do(agreements.settle_drives, PLATFORM) == 1
    is_reached = goal_won == 5_000
    assert village.won(DORA) == ((15_000, 0) if is_reached else (10_000, 0))
    assert village.won(ANNE) == ((7_500, 0) if is_reached else (10_000, 0))
    ended = village.runtime.closed.find(drive.id)
    assert ended is not None
    assert isinstance(ended.view, PledgeDrive)
    assert ended.view.state == ("reached" if is_reached else "missed")
    assert village.runtime.book.total_won() == 0
    assert isinstance(village.runtime, Runtime)
