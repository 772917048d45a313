"""An agency prepares a poll, and its trustees make the key: each dealing, then each word for it."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import (
    Card,
    Consultation,
    Electorate,
    Hex32,
    Hex64,
    PollBoard,
    PollTrustee,
)
from hapgang.ledger.ballots.canonical import canonical, fingerprint
from hapgang.ledger.ballots.poll import LABEL, Contest, Kind, Name, Poll, check_poll, ready
from hapgang.ledger.ballots.trustees import Dealing, check_dealing, joint_key
from hapgang.ledger.ballots.trustees import deal as deal_for
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.votes.found import poll_in, poll_of, trustee_of, trustees_of
from hapgang.runtime.platform.votes.making import (
    MOST_BALLOT_BYTES,
    ballot_bytes,
    check_said,
    composed,
    named,
    plain,
    said,
)

POLL = "poll"  # the kind of fact
MOST_POLLS = 200  # of one agency that are not over
MOST_POLL_BYTES = 100_000
SHARES_WITHIN = timedelta(days=30)
_LONGEST = timedelta(days=366)
_MOST_NAME = 100  # letters of a trustee's name, so that all names go into one fact
_changed = msgspec.structs.replace
Cards = Annotated[tuple[Card, ...], Meta(min_length=1, max_length=20)]
Whole = Annotated[int, Meta(ge=0, le=1_000_000)]
Index = Annotated[int, Meta(ge=1, le=20)]
Sealed = Annotated[str, Meta(pattern=r"\A[0-9a-f]{160}\Z")]


class PollOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be chosen; `cost` counts in budgets only."""

    id: Name
    title: Text
    cost: Whole = 0


class PollContest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question, as docs/ballots.md has it."""

    id: Name
    title: Text
    kind: Kind
    options: Annotated[tuple[PollOption, ...], Meta(min_length=1, max_length=100)]
    top: Whole
    least: Whole
    most: Whole


def prepare_poll(
    city: CityOf,
    *,
    name: Name,
    title: Text,
    contests: Annotated[tuple[PollContest, ...], Meta(min_length=1, max_length=20)],
    opens_at: datetime,
    closes_at: datetime,
    trustees: Cards,
    electorate: Electorate,
    issuer: str = "",  # the modulus of the key that the city made for it
    threshold: Index = 3,
    fewest: Annotated[int, Meta(ge=1, le=1_000_000)] = 10,
) -> Consultation:
    """Prepare a poll: what is asked, when, of whom, and who keeps its key together."""
    _check_times(city.now, opens_at, closes_at)
    _check_trustees(trustees, threshold)
    _check_room(city, name)
    poll = Consultation(
        id=urn("Poll", name), name=name, agency=city.caller.id, title=title, label=LABEL,
        contests=tuple(plain(contest) for contest in contests), opens_at=opens_at,
        closes_at=closes_at, shares_until=closes_at + SHARES_WITHIN, n_trustees=len(trustees),
        threshold=threshold, fewest=fewest, electorate=electorate, issuer=issuer,
    )  # fmt: skip
    check_asked(poll)
    city.hub.save(poll)
    city.hub.save(PollBoard(id=urn("PollBoard", name), poll=name))
    for index, card in enumerate(trustees, 1):
        place = urn("PollTrustee", f"{name}:{index}")
        city.hub.save(PollTrustee(id=place, poll=name, index=index, card=card))
    return poll


def _check_room(city: CityOf, name: str) -> None:
    mine = city.runtime.state.with_value("Poll", "agency", city.caller.id) or ()
    is_over = ("counted", "failed")
    views = [record.view for record in mine]
    if sum(isinstance(v, Consultation) and v.state not in is_over for v in views) >= MOST_POLLS:
        raise Conflict(
            f"{MOST_POLLS} polls are under way", f"진행 중인 투표가 {MOST_POLLS}건입니다"
        )
    if city.runtime.state.get(urn("Poll", name)) is not None:
        raise Conflict(
            f"There is a poll {name} already: choose another name.",
            f"{name}(이)라는 투표가 이미 있습니다. 다른 이름을 쓰세요.",
        )


def _check_times(now: datetime, opens_at: datetime, closes_at: datetime) -> None:
    if opens_at.tzinfo is None or closes_at.tzinfo is None:
        raise Invalid("times name a zone, such as Z", "시각에는 시간대가 필요합니다(예: Z)")
    if not now < opens_at <= now + _LONGEST or not opens_at < closes_at <= opens_at + _LONGEST:
        raise Invalid(
            "It opens within a year, and closes after that, within a year.",
            "앞으로 1년 안에 열고, 연 뒤 1년 안에 마감해야 합니다.",
        )


def _check_trustees(trustees: tuple[Card, ...], threshold: int) -> None:
    keys = [key for card in trustees for key in (card.sealing, card.signing)]
    if len(set(keys)) != len(keys):
        raise Invalid("two trustees have the same key", "수탁자의 키가 겹칩니다")
    if any(len(name) > _MOST_NAME for card in trustees for name in (card.name.en, card.name.ko)):
        raise Invalid(
            f"A trustee's name has at most {_MOST_NAME} letters.",
            f"수탁자 이름은 최대 {_MOST_NAME}자입니다.",
        )
    if not len(trustees) // 2 < threshold <= len(trustees):
        raise Invalid(
            "More than half of the trustees have to be needed, and no more than there are.",
            "임계값은 수탁자의 과반이면서 수탁자 수 이하여야 합니다.",
        )


def check_asked(asked: Consultation) -> None:
    """Raise `WrongPoll` unless votes in such a poll can be counted; with a key for nobody's use."""
    contests = msgspec.convert(asked.contests, tuple[Contest, ...])
    dealt = deal_for(asked.name, 1, asked.title, 1, bytes(32)).public
    probe = Poll(
        id=asked.name, title=asked.title, label=LABEL, opens="", closes="", contests=contests,
        trustees=(dealt,), threshold=1, key=joint_key([dealt]), issuer=asked.issuer,
        fewest=asked.fewest,
    )  # fmt: skip
    check_poll(probe)
    if (length := len(canonical([probe, asked.electorate]))) > MOST_POLL_BYTES:
        raise Invalid(
            f"It has {length:,} bytes, at most {MOST_POLL_BYTES:,}: say it more shortly.",
            f"{length:,}바이트로 너무 깁니다(최대 {MOST_POLL_BYTES:,}).",
        )
    if (size := ballot_bytes(contests)) > MOST_BALLOT_BYTES:
        raise Invalid(
            f"A ballot would have {size:,} bytes, at most {MOST_BALLOT_BYTES:,}: ask less at once.",
            f"투표 하나가 {size:,}바이트로 너무 큽니다(최대 {MOST_BALLOT_BYTES:,}).",
        )


def withdraw_poll(city: CityOf, *, poll: str) -> Consultation:
    """Give up a poll of the caller's that is not open yet."""
    found = poll_in(city, poll, "preparing")
    if found.agency != city.caller.id:
        raise Refused("It is another agency's poll.", "다른 기관의 투표입니다.")
    return failed(city, found, Text("The agency withdrew it.", "기관이 철회했습니다."))


def deal(
    city: CityOf,
    *,
    poll: str,
    index: Index,
    dealing: Dealing,
    parts: Annotated[tuple[Sealed, ...], Meta(max_length=20)],
    signature: Hex64,
) -> None:
    """Show a trustee's dealing, with a part for each trustee, sealed to that trustee's key."""
    asked = poll_in(city, poll, "preparing")
    mine = trustee_of(city, poll, index)
    body = [plain(dealing), list(parts)]
    check_said(mine.card, said(poll, index, "deal", body), signature)
    if mine.dealing is not None:
        raise Conflict("This trustee has dealt.", "이미 분배한 수탁자입니다.")
    check_dealing(dealing, poll, index, asked.threshold)
    if len(parts) != asked.n_trustees or dealing.name != mine.card.name:
        raise Invalid("A part for each trustee, under its own name.", "몫의 수나 이름이 다릅니다.")
    city.hub.save(_changed(mine, dealing=body[0], parts=parts))


def confirm(
    city: CityOf, *, poll: str, index: Index, sha256: Hex32, signature: Hex64
) -> Consultation:
    """Say as a trustee that all parts are right; with the last one's word the poll is fixed."""
    asked = poll_in(city, poll, "preparing")
    mine = trustee_of(city, poll, index)
    check_said(mine.card, said(poll, index, "confirm", sha256), signature)
    made = composed(asked, dealings_of(city, asked))
    if sha256 != fingerprint(made):
        raise Conflict("The city shows another poll.", "도시가 보여 준 투표와 다릅니다.")
    city.hub.save(_changed(mine, is_confirmed=True))
    if asked.poll is not None or not all(t.is_confirmed for t in trustees_of(city, asked)):
        return asked
    check_poll(made)
    fixed = _changed(asked, poll=plain(made), fingerprint=ready(made).fingerprint)
    city.hub.save(fixed)
    city.ledger.record(POLL, poll, {"poll": poll, "sha256": sha256, "step": "fixed"})
    return fixed


def complain(
    city: CityOf, *, poll: str, index: Index, dealer: Index, signature: Hex64
) -> Consultation:
    """Say as a trustee that a dealer dealt it a wrong part: the preparation ends, both named."""
    asked = poll_in(city, poll, "preparing")
    mine, other = trustee_of(city, poll, index), trustee_of(city, poll, dealer)
    check_said(mine.card, said(poll, index, "complain", dealer), signature)
    if other.dealing is None or asked.poll is not None:
        raise Conflict("There is nothing to complain of.", "이의를 제기할 분배가 없습니다.")
    city.hub.save(_changed(mine, complains_of=dealer))
    by, of = named(index, mine.card.name), named(dealer, other.card.name)
    return failed(
        city, asked,
        Text(f"{by.en} was dealt a wrong part by {of.en}. Prepare it anew without that one.",
             f"{by.ko}이(가) {of.ko}의 몫이 잘못되었다고 했습니다. 다시 준비하세요."),
    )  # fmt: skip


def dealings_of(city: CityOf, asked: Consultation) -> list[Dealing]:
    """Return all dealings; `Conflict` where one is missing."""
    found = [t.dealing for t in trustees_of(city, asked) if t.dealing is not None]
    if len(found) != asked.n_trustees:
        raise Conflict("Not all trustees have dealt.", "아직 분배하지 않은 수탁자가 있습니다.")
    return msgspec.convert(found, list[Dealing])


def failed(city: CityOf, poll: Consultation, why: Text) -> Consultation:
    """End a poll without a result, and say why."""
    over = _changed(poll_of(city, poll.name), state="failed", why=why)
    city.hub.save(over)
    body = {"poll": poll.name, "step": "failed", "why": why.en}
    city.ledger.record(POLL, f"{poll.name}/failed", body)
    return over
