"""Trial polls of a demonstration: a few minutes long, with trustees that the city itself plays.

Their keys lie in the city's folder, so such a poll is not secret from the city: it says so in its
trustees' names and its title. Everything else is as in any poll: the same doors, the same proofs.
"""

import asyncio
import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Reply, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identities import IDENTITIES, make_known
from hapgang.app.votes.inside import Asgi, Inside
from hapgang.app.votes.trial_questions import QUESTIONS, REASON, TITLE, trustee_name
from hapgang.app.votes.trustee import Trustee
from hapgang.app.votes.trustee_file import Kept
from hapgang.contract import ANYONE, Caller, Role
from hapgang.core.errors import Conflict, Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Consultation, Electorate
from hapgang.ledger.ballots.poll import LABEL
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.votes.counting import turn_polls
from hapgang.runtime.platform.votes.preparing import PollContest, prepare_poll
from hapgang.runtime.specs import ActionSpec

if TYPE_CHECKING:
    from hapgang.app.wiring import LiveCity

FOLDER, PREFIX = "trial-trustees", "trial-"
_TRUSTEES, _NEEDED = 3, 2
_LEAD = timedelta(seconds=5)  # within which the trustees make the key
_STEP_S, _PATIENCE_S = 0.5, 10.0
_COUNTER = Caller(urn("Staff", "counter"), Role.AGENCY)
_log = logging.getLogger(__name__)


class TrialAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long it is to be open."""

    seconds: Annotated[int, Meta(ge=10, le=3600)] = 180


class TrialPoll(msgspec.Struct, frozen=True):
    """The poll that was begun."""

    label: Text
    poll: str
    opens_at: datetime
    closes_at: datetime


_asked = msgspec.json.Decoder(TrialAsked)


class Trials:
    """The trial polls of one city; nothing runs before somebody begins one."""

    _inside: Inside

    def __init__(self, live: "LiveCity", application: Asgi, *, is_demo: bool) -> None:
        """Play trustees in a demonstration, and in no other city."""
        self._live = live
        self._application = application
        self._is_demo = is_demo
        self._root = live.folder / FOLDER
        self._begun, self._beginning = asyncio.Event(), asyncio.Lock()
        if is_demo:
            live.alongside.append(self.run)

    def endpoint(self) -> Endpoint:
        """Return the door at which one is begun."""
        form = ActionSpec(
            "votes.TrialAsked", "platform", self._begin, TrialAsked, None, frozenset()
        )
        return Endpoint(
            "POST", "/api/trial-polls", frozenset(ANYONE), self._begin, form, returns=TrialPoll,
            summary="Begin a short poll of a demonstration, which plays its trustees itself.",
        )  # fmt: skip

    async def _begin(self, context: Context) -> Reply:
        if not self._is_demo:
            raise Refused("Only a demonstration plays trustees.", "시연 도시에서만 할 수 있습니다.")
        asked: TrialAsked = await context.decoded(_asked)
        async with self._beginning:
            return json_reply(await self._prepared(asked.seconds))

    async def _prepared(self, seconds: int) -> TrialPoll:
        live = self._live
        for name in self._under_way():
            raise Conflict(f"There is one already: {name}.", f"진행 중인 시연 투표: {name}")
        for identity in IDENTITIES:
            make_known(live.runtime, identity)
        issuer = await live.votes.make_key()
        opens_at = live.clock.now() + _LEAD
        closes_at = opens_at + timedelta(seconds=seconds)
        made = TrialPoll(LABEL, f"{PREFIX}{opens_at:%Y%m%d-%H%M%S}", opens_at, closes_at)
        try:
            self._perform(made, issuer)
            await live.runtime.writer.durable()
        except BaseException:
            shutil.rmtree(self._root / made.poll, ignore_errors=True)
            live.votes.key_of(issuer).unlink(missing_ok=True)
            raise
        self._begun.set()
        return made

    def _perform(self, made: TrialPoll, issuer: str) -> None:
        folder = self._root / made.poll
        folder.mkdir(mode=0o700, parents=True)
        numbers = range(1, _TRUSTEES + 1)
        cards = [Kept.made(folder / f"{one}.json", trustee_name(one)).card for one in numbers]
        runtime = self._live.runtime
        spec = runtime.spec(prepare_poll)
        words = spec.arguments(
            name=made.poll, title=TITLE, issuer=issuer, trustees=tuple(cards), threshold=_NEEDED,
            contests=msgspec.convert(QUESTIONS, tuple[PollContest, ...]), fewest=1,
            opens_at=made.opens_at, closes_at=made.closes_at, electorate=Electorate(REASON),
        )  # fmt: skip
        runtime.run(spec, _COUNTER, words)

    def _under_way(self) -> list[str]:
        return sorted(path.name for path in self._root.iterdir()) if self._root.is_dir() else []

    async def run(self) -> None:
        """Do for each trial poll what is due, also for those of before a restart."""
        self._inside = Inside(self._application, asyncio.get_running_loop())
        while True:
            pause_s = _STEP_S
            for name in self._under_way():
                try:
                    await self._go_on(name)
                except Exception:  # noqa: BLE001 (a trial must not end the city)
                    _log.warning("%s is tried again", name, exc_info=True)
                    pause_s = _PATIENCE_S
            self._begun.clear()
            if self._under_way():
                await asyncio.sleep(pause_s)
            else:
                await self._begun.wait()

    async def _go_on(self, name: str) -> None:
        live = self._live
        record = live.runtime.state.get(urn("Poll", name))
        poll = None if record is None else record.view
        if not isinstance(poll, Consultation):
            if not self._beginning.locked():  # it was killed before the poll was there
                shutil.rmtree(self._root / name, ignore_errors=True)
        elif poll.state in ("counted", "failed"):
            shutil.rmtree(self._root / name, ignore_errors=True)
        elif poll.state == "preparing" and poll.poll is None:
            await asyncio.to_thread(self._make_key, name)
        elif poll.state == "closed" and poll.close is not None:
            await asyncio.to_thread(self._give_shares, name)
            shutil.rmtree(self._root / name, ignore_errors=True)  # paper may be counted still
        elif live.clock.now() >= (poll.opens_at if poll.state == "preparing" else poll.closes_at):
            live.runtime.perform(turn_polls, PLATFORM)
            live.votes.wake()

    def _make_key(self, name: str) -> None:
        known = self._inside.get(f"/polls/{name}")["trustees"]
        for one in known:
            if one["dealing"] is None:
                self._trustee(name, one).deal(name)
        for one in known:
            if not one["is_confirmed"]:
                self._trustee(name, one).check(name)

    def _give_shares(self, name: str) -> None:
        for one in self._inside.get(f"/polls/{name}")["trustees"][:_NEEDED]:
            if one["share"] is None:
                self._trustee(name, one).share(name)

    def _trustee(self, name: str, one: dict[str, Any]) -> Trustee:
        path: Path = self._root / name / f"{one['index']}.json"
        return Trustee(Kept.read(path), self._inside)
