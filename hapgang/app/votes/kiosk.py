"""The doors of a desk and a kiosk: a desk gives paper, or a pass that takes a right, once.

No session comes of a pass, and who types it is not looked at: it says whose right it is.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identity.codes import canonical, draw_typed
from hapgang.app.votes.signing import BlindedMessage, Signed, digest_of, poll_named, sign
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Conflict, Refused
from hapgang.core.vocabulary.votes import PollBoard
from hapgang.hub.collect.pace import Pace
from hapgang.ledger.identity.codes import hash_of
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity.attempts import TooManyAttempts
from hapgang.runtime.platform.votes.found import note_look
from hapgang.runtime.platform.votes.kiosk import answered_pass, give_pass, use_pass
from hapgang.runtime.platform.votes.paper import give_paper
from hapgang.runtime.specs import spec_of

_GROUPS = 3  # 60 bits
# A hall of kiosks is behind one address: a minute's worth of tries at once. Assumption.
_TRIES_PER_S = 1.0


class KioskPassWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose papers the desk has seen."""

    person: Annotated[str, Meta(min_length=1, max_length=200)]


class GivenKioskPass(msgspec.Struct, frozen=True):
    """A pass as the desk shows or prints it: it is kept nowhere."""

    code: str = msgspec.field(name="pass")
    until: datetime


class KioskTokenWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pass, and what the issuer is to sign for it."""

    code: Annotated[str, Meta(min_length=1, max_length=40)] = msgspec.field(name="pass")
    blinded: BlindedMessage


_WORDS = msgspec.json.Decoder(dict[str, Any])
_WISH = msgspec.json.Decoder(KioskPassWish)
_TOKEN_WISH = msgspec.json.Decoder(KioskTokenWish)


class Kiosks:
    """The doors, and how often passes are tried from where."""

    def __init__(self) -> None:
        """Start with nobody counted."""
        self._tries = Pace(_TRIES_PER_S)

    def endpoints(self) -> list[Endpoint]:
        """Return the endpoints."""
        agency = frozenset({Role.AGENCY})
        return [
            Endpoint(
                "POST", "/api/polls/{poll}/paper", agency, _paper,
                spec_of("platform", give_paper, agency), returns=PollBoard,
                summary="Cross somebody off the roll who votes on paper; who has a token strikes"
                " its pseudonym first.",
            ),
            Endpoint(
                "POST", "/api/polls/{poll}/kiosk-passes", agency, self._give,
                summary="Give a pass for a kiosk to somebody whose papers were seen: good once.",
                body=KioskPassWish, returns=GivenKioskPass,
            ),
            Endpoint(
                "POST", "/api/polls/{poll}/kiosk-token", frozenset(ANYONE), self._token,
                summary="Take the right to vote by a pass, without sign-in.",
                body=KioskTokenWish, returns=Signed,
            ),
        ]  # fmt: skip

    async def _give(self, context: Context) -> Respond:
        wish: KioskPassWish = await context.decoded(_WISH)
        runtime, code = context.live.runtime, draw_typed(_GROUPS)
        spec = runtime.spec(give_pass)
        words = spec.check_arguments(
            {"poll": context.path["poll"], "person": wish.person, "code": hash_of(canonical(code))}
        )
        async with _looking(context, wish.person):
            given = runtime.run(spec, context.caller, words)  # whose role this door has checked
        await runtime.writer.durable()
        return json_reply(GivenKioskPass(code, given.until))

    async def _token(self, context: Context) -> Respond:
        runtime = context.live.runtime
        if self._tries.surplus(context.address, context.live.clock.now()) is not None:
            raise TooManyAttempts(
                "Too many passes were tried from here; wait a minute.",
                "번호를 너무 많이 입력했습니다. 잠시 뒤에 다시 하세요.",
            )
        wish: KioskTokenWish = await context.decoded(_TOKEN_WISH)
        words = {
            "poll": context.path["poll"],
            "code": hash_of(canonical(wish.code)),
            "blinded_sha256": digest_of(wish.blinded),
        }
        signed = runtime.perform(answered_pass, PLATFORM, **words)
        if signed is None:
            made = await sign(context, poll_named(context, words["poll"]), wish.blinded)
            signed = runtime.perform(use_pass, PLATFORM, **words, signed=made)
        await runtime.writer.durable()
        return json_reply(Signed(signed))


async def _paper(context: Context) -> Respond:
    words, spec = await context.decoded(_WORDS), context.live.runtime.spec(give_paper)
    asked: Any = spec.check_arguments({**words, "poll": context.path["poll"]})
    async with _looking(context, asked.person):
        return json_reply(await context.perform(spec, asked))


@asynccontextmanager
async def _looking(context: Context, person: str) -> AsyncIterator[None]:
    """Have a person see that a desk looked, also where it was told why there is nothing to give."""
    try:
        yield
    except (Refused, Conflict):
        runtime = context.live.runtime
        spec = runtime.spec(note_look)
        runtime.run(spec, context.caller, spec.arguments(person=person))
        await runtime.writer.durable()
        raise
