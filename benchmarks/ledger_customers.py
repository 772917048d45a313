"""People who do at random all that can be done with money, and remember what they were told."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from benchmarks.city import person, request
from benchmarks.ledger_model import Row, Told
from benchmarks.load import is_whole
from benchmarks.purse import OWNER
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.people import TREASURY

KINDS = {
    "send": 34, "batch": 8, "hold": 18, "post": 12, "void": 6, "refund": 6, "repeat": 6,
    "mint": 3, "overspend": 3, "rubbish": 3, "freeze": 1,
}  # fmt: skip
MOST_WON, MOST_IN_BATCH = 900, 20
RUBBISH = (0, -5, 1.5, 10**13, "7", None, True)
_REMEMBERED = 50
_SOON = 0.2
_STATES = ("freeze", "reopen")
_ENVY = "urn:ngsi-ld:Account:Person:nobody"


@dataclass
class Wish:
    """One request, and the transfers that it makes where it is done."""

    kind: str
    text: str
    rows: tuple[Row, ...] = ()
    epoch: int | None = None
    """Of a freeze of the payer's account that was on when this was sent."""
    is_done: bool = False
    answer: bytes = b""


@dataclass
class Purse:
    """An account that several connections use at once."""

    name: str
    token: str
    epoch: int = 0
    is_frozen: bool = False
    is_changing: bool = False
    """Whether a freeze, or the end of one, is on its way."""
    number: int = 0
    holds: deque[tuple[str, int]] = field(default_factory=deque)
    payments: deque[tuple[str, int]] = field(default_factory=deque)
    done: deque[Wish] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    lost: list[Wish] = field(default_factory=list)

    @property
    def account(self) -> str:
        """The account's id."""
        return account_id(person(self.name))

    def next_name(self) -> str:
        """Return a name for a transfer, once."""
        self.number += 1
        return str(self.number)


class Crowd:
    """All people, what they were told, and what they should not have been told."""

    def __init__(self, purses: list[Purse], operator: str, seed: int) -> None:
        """Let them decide by a seed."""
        self.purses = purses
        self.told = Told()
        self.counts: Counter[str] = Counter()
        self.asked = 0
        self.wrong: list[str] = []
        self._operator = operator
        self._chance = random.Random(seed)
        self._kinds, self._weights = list(KINDS), list(KINDS.values())

    def wish(self, purse: Purse) -> Wish:
        """Return what somebody wants now; first what was not answered, which half give up."""
        self.asked += 1
        if purse.lost:
            again = purse.lost.pop()
            if self._chance.random() < 0.5:
                return again
        (kind,) = self._chance.choices(self._kinds, self._weights)
        if purse.is_frozen and self._chance.random() < _SOON:
            kind = "freeze"  # which opens it again
        made = cast(Wish | None, getattr(self, f"_want_{kind}")(purse))
        wish = made or self._want_send(purse)
        leaves = wish.kind in ("send", "batch", "hold") and not wish.is_done
        wish.epoch = purse.epoch if purse.is_frozen and leaves else None
        return wish

    def answered(self, purse: Purse, wish: Wish, status: int, answer: bytes) -> None:
        """Remember what was told; a repeat has to be told the same."""
        if status == 503:
            self.unanswered(purse, wish)
            return
        is_good = 200 <= status < 300
        purse.is_changing = purse.is_changing and wish.kind not in _STATES
        kind = "repeat" if wish.is_done else wish.kind
        self.counts[f"{kind} {'done' if is_good else 'refused'}"] += 1
        if status >= 500:
            self.wrong.append(f"{wish.kind}: {status} {answer[:200]!r}")
        elif wish.is_done and not (is_good and answer == (wish.answer or answer)):
            self.wrong.append(f"a repeat of {wish.rows[:1]} was told {status} {answer[:200]!r}")
        elif is_good and wish.kind in ("overspend", "rubbish"):
            self.wrong.append(f"{wish.kind} was done: {wish.text[-200:]}")
        elif is_good and wish.epoch is not None and wish.epoch == purse.epoch:
            self.wrong.append(f"{wish.rows[:1]} left a frozen account")
        elif is_good:
            self._keep(purse, wish, answer)

    def unanswered(self, purse: Purse, wish: Wish) -> None:
        """Remember what may or may not have been done."""
        self.counts["not answered"] += 1
        if wish.kind in _STATES:  # whether it is frozen is not known then, and nothing is expected
            purse.is_changing, purse.is_frozen, purse.epoch = False, False, purse.epoch + 1
            return
        purse.lost.append(wish)
        if not wish.is_done and wish.rows:
            self.told.unanswered.append(wish.rows)

    def found(self, there: list[tuple[Row, ...]]) -> None:
        """Learn which of the unanswered were done after all."""
        names = {rows[0].id for rows in there}
        for purse in self.purses:
            for wish in purse.lost:
                wish.is_done = wish.is_done or (bool(wish.rows) and wish.rows[0].id in names)

    def _keep(self, purse: Purse, wish: Wish, answer: bytes) -> None:
        if not wish.is_done:
            self.told.promised.update((row.id, row) for row in wish.rows)
        for row in wish.rows if not wish.is_done or not wish.answer else ():
            if row.step == "held":
                purse.holds.append((row.id, row.amount_won))
            elif row.step == "captured":
                purse.payments.append((row.id, row.amount_won))
        if wish.kind == "freeze":
            purse.is_frozen = True
        if wish.rows:
            wish.is_done, wish.answer = True, answer
            purse.done.append(wish)

    def _asked(self, kind: str, purse: Purse, path: str, body: Any, *rows: Row) -> Wish:
        return Wish(kind, request("POST", path, purse.token, body), rows)

    def _want_send(self, purse: Purse) -> Wish:
        payment, row = self._payment(purse, self._chance.randint(1, MOST_WON))
        return self._asked("send", purse, "/api/me/transfers", payment, row)

    def _payment(self, purse: Purse, won: int) -> tuple[dict[str, Any], Row]:
        payee, name = self._other(purse), purse.next_name()
        body = {"transfer": name, "payee": person(payee.name), "amount_won": won}
        return body, Row(f"{purse.account}:{name}", purse.account, payee.account, won, "posted")

    def _other(self, purse: Purse) -> Purse:
        while (found := self._chance.choice(self.purses)) is purse:
            pass
        return found

    def _want_batch(self, purse: Purse) -> Wish:
        count = self._chance.randint(2, MOST_IN_BATCH)
        made = [self._payment(purse, self._chance.randint(1, MOST_WON)) for _ in range(count)]
        body = {"payments": [each for each, _ in made], "linked": True}
        path = "/api/me/transfers/batch"
        return self._asked("batch", purse, path, body, *(row for _, row in made))

    def _want_hold(self, purse: Purse) -> Wish:
        name, won = purse.next_name(), self._chance.randint(1, MOST_WON)
        row = Row(f"{purse.account}:{name}", purse.account, account_id(OWNER), won, "held")
        return self._purse("hold", purse, {"transfer": name, "price_won": won}, row)

    def _purse(self, kind: str, purse: Purse, body: Any, row: Row) -> Wish:
        return self._asked(kind, purse, f"/api/bench/town/purse/{kind}", body, row)

    def _ended(self, purse: Purse, step: str) -> Wish | None:
        if not purse.holds:
            return None
        held, most_won = purse.holds.popleft()
        won = self._chance.randint(1, most_won) if step == "captured" else most_won
        name = purse.next_name()
        row = Row(f"{purse.account}:{name}", purse.account, account_id(OWNER), won, step, held)
        body = {"held": held, "transfer": name}
        if step == "released":
            return self._purse("void", purse, body, row)
        return self._purse("post", purse, {**body, "price_won": won}, row)

    def _want_post(self, purse: Purse) -> Wish | None:
        return self._ended(purse, "captured")

    def _want_void(self, purse: Purse) -> Wish | None:
        return self._ended(purse, "released")

    def _want_refund(self, purse: Purse) -> Wish | None:
        """Ask for some of a payment back, now and then for more than is left of it."""
        if not purse.payments:
            return None
        payment, most_won = purse.payments[0]
        if self._chance.random() < 0.7:
            purse.payments.popleft()
        name, won = purse.next_name(), self._chance.randint(1, most_won)
        row = Row(
            f"{purse.account}:{name}", account_id(OWNER), purse.account, won, "posted", payment
        )
        body = {"payment": payment, "transfer": name, "amount_won": won}
        return self._purse("give_back", purse, body, row)

    def _want_repeat(self, purse: Purse) -> Wish | None:
        return self._chance.choice(purse.done) if purse.done else None

    def _want_mint(self, purse: Purse) -> Wish:
        name, won = f"{purse.name}-{purse.next_name()}", self._chance.randint(1, 100 * MOST_WON)
        treasury = account_id(TREASURY)
        body = {"transfer": name, "payee": person(purse.name), "amount_won": won, "memo": "mint"}
        text = request("POST", "/api/treasury/payments", self._operator, body)
        return Wish(
            "mint", text, (Row(f"{treasury}:{name}", treasury, purse.account, won, "posted"),)
        )

    def _want_overspend(self, purse: Purse) -> Wish:
        """Pay more than anybody has, alone or as the last of a batch."""
        wrong, _ = self._payment(purse, 10**11)
        first = [self._payment(purse, 1)[0] for _ in range(self._chance.randint(0, 3))]
        body = {"payments": [*first, wrong], "linked": True}
        return self._asked("overspend", purse, "/api/me/transfers/batch", body)

    def _want_rubbish(self, purse: Purse) -> Wish:
        body, _ = self._payment(purse, 1)
        change = self._chance.randrange(len(RUBBISH) + 2)
        if change == len(RUBBISH):
            body["payee"] = person(purse.name)
        elif change > len(RUBBISH):
            body["payee"] = _ENVY
        else:
            body["amount_won"] = RUBBISH[change]
        return self._asked("rubbish", purse, "/api/me/transfers", body)

    def _want_freeze(self, purse: Purse) -> Wish | None:
        """Stop one's own account; where it is stopped, an operator opens it again."""
        if purse.is_changing:
            return None
        purse.is_changing = True
        if purse.is_frozen:
            purse.is_frozen, purse.epoch = False, purse.epoch + 1
            path, body = f"/api/accounts/{person(purse.name)}/reopen", {"reason": "was seen"}
            return Wish("reopen", request("POST", path, self._operator, body))
        return self._asked("freeze", purse, "/api/me/account/stop", {"reason": "lost"})


class Line(asyncio.Protocol):
    """One connection with one request on its way, until it is told to stop or is cut."""

    def __init__(self, crowd: Crowd, purse: Purse, may_go_on: Callable[[], bool]) -> None:
        """Speak for one person."""
        self._crowd, self._purse, self._may_go_on = crowd, purse, may_go_on
        self._buffer = b""
        self._wish: Wish | None = None
        self.over = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first thing."""
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        if not self._may_go_on():
            self._transport.close()
            return
        self._wish = self._crowd.wish(self._purse)
        self._transport.write(self._wish.text.encode())

    def data_received(self, data: bytes) -> None:
        """Take an answer when it is whole."""
        self._buffer += data
        if self._wish is None or not is_whole(self._buffer):
            return
        answer, self._buffer = self._buffer, b""
        wish, self._wish = self._wish, None
        body = answer.partition(b"\r\n\r\n")[2]
        self._crowd.answered(self._purse, wish, int(answer[9:12]), body)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember what was not answered."""
        if self._wish is not None:
            self._crowd.unanswered(self._purse, self._wish)
        self.over.set()


def plain(counts: Counter[str]) -> str:
    """Return counts as one line."""
    return msgspec.json.encode(dict(sorted(counts.items()))).decode()
