"""What whoever is signed in does with their devices, codes and powers, where secrets are drawn.

And the counter's code for a first device. What needs no secrets is in the platform's own routes.
"""

from datetime import datetime
from typing import Any

import msgspec

from hapgang.app.context import Context, Reply, json_reply
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.identities import name_of
from hapgang.app.identity.bounds import Bounds
from hapgang.app.identity.codes import canonical, draw_typed
from hapgang.app.identity.signed_in import SignedIn, signed_in
from hapgang.app.identity.signing_in import Attempt, SignInChallenge, begin, new_key_options, take
from hapgang.app.tokens import Tokens
from hapgang.contract import Action, Role
from hapgang.core.errors import Refused, SignInNeeded
from hapgang.core.vocabulary.sessions import Label
from hapgang.ledger.identity.codes import hash_of
from hapgang.ledger.identity.passkeys import Site
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity import acting, attempts, enrolments, passkeys, recovery
from hapgang.runtime.platform.identity.members import KEY_HOLDERS, role_of
from hapgang.runtime.platform.identity.sessions import sign_out
from hapgang.runtime.platform.identity.staff import enrol_staff

_RESIDENT = frozenset({Role.RESIDENT})
_HOLDERS = frozenset(KEY_HOLDERS)
_AGENCY = frozenset({Role.AGENCY})
_OPERATOR = frozenset({Role.OPERATOR})
_SIGNED_IN = frozenset(Role) - {Role.ANONYMOUS, Role.PLATFORM}
_TYPED_GROUPS, _PRINTED_GROUPS = 3, 4  # 60 bits for a quarter of an hour, 80 bits for years


class EnrolmentWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For whom a counter wants a code; `lost`: what is on their phone is ended first."""

    person: str
    lost: bool = False


class EnrolmentCode(msgspec.Struct, frozen=True):
    """A code of one use; the link has it behind the #, so that no server sees it."""

    code: str
    link: str
    until: datetime
    waits: bool  # for another operator to agree; then it is good for 15 minutes


class StaffEnrolmentWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For staff an operator makes a code; `lost`: what is on their device is ended first."""

    lost: bool = False


class NewSignInKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A further key of whoever is signed in."""

    attempt: Attempt
    answer: dict[str, Any]
    label: Label


class PrintedCodes(msgspec.Struct, frozen=True):
    """Ten codes to be printed; they are not shown again."""

    codes: tuple[str, ...]


class ActingWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which power somebody wants to act."""

    power: str


class OwnDoors:
    """The doors of whoever is signed in."""

    def __init__(self, tokens: Tokens, site: Site, bounds: Bounds) -> None:
        """Serve them on a site, with tokens of the city."""
        self._tokens = tokens
        self._site = site
        self._bounds = bounds

    def endpoints(self) -> list[Endpoint]:
        """Return the doors."""
        return [
            _door("/enrolments", _AGENCY, self._enrol, returns=EnrolmentCode, body=EnrolmentWish,
                  summary="Give somebody whom the counter knows a code for a first device."),
            _door("/staff/{staff}/enrolments", _OPERATOR, self._enrol_staff, returns=EnrolmentCode,
                  body=StaffEnrolmentWish, summary="Make staff a code for a device."),
            _door("/me/passkeys/options", _HOLDERS, self._ask_key, returns=SignInChallenge,
                  summary="Ask to add a device to sign in with."),
            _door("/me/passkeys", _HOLDERS, self._add_key, body=NewSignInKey,
                  returns=passkeys.SignInKeyView, summary="Add a device to sign in with."),
            _door("/me/recovery-codes", _HOLDERS, self._codes, returns=PrintedCodes,
                  summary="Draw ten recovery codes; those of before are good no more."),
            _door("/me/acting", _RESIDENT, self._act, returns=SignedIn, body=ActingWish,
                  summary="Begin to act for somebody, by a power that was given."),
            _door("/sign-out", _SIGNED_IN, self._sign_out, for_actors=True,
                  summary="End this session."),
        ]  # fmt: skip

    async def _enrol(self, context: Context) -> Reply:
        wish: EnrolmentWish = await context.decoded(_ENROLMENT)
        return await self._given(context, enrolments.enrol, person=wish.person, lost=wish.lost)

    async def _enrol_staff(self, context: Context) -> Reply:
        wish: StaffEnrolmentWish = await context.decoded(_STAFF_ENROLMENT)
        return await self._given(context, enrol_staff, staff=context.path["staff"], lost=wish.lost)

    async def _given(self, context: Context, give: Action, **whose: Any) -> Reply:
        """Draw a code, and have its hash kept for whom it is."""
        runtime = context.live.runtime
        code = draw_typed(_TYPED_GROUPS)
        spec = runtime.spec(give)
        words = spec.check_arguments({**whose, "code": hash_of(canonical(code))})
        given = runtime.run(spec, context.caller, words)  # whose role this door has checked
        await runtime.writer.durable()
        link = f"{self._site.origins[0]}/enrol#{code}"
        return json_reply(EnrolmentCode(code, link, given.until, given.waits))

    async def _ask_key(self, context: Context) -> Reply:
        runtime, me = context.live.runtime, _holder(context)
        self._bounds.try_as(me, context.live.clock.now())
        attempt = await begin(runtime, "add", me)
        options = new_key_options(runtime, self._site, attempt, me)
        return json_reply(SignInChallenge(attempt, options))

    async def _add_key(self, context: Context) -> Reply:
        runtime, me = context.live.runtime, _holder(context)
        said: NewSignInKey = await context.decoded(_NEW_DEVICE)
        if await take(runtime, said.attempt, "add") != me:
            raise attempts.not_waiting()
        key = runtime.perform(
            passkeys.add_key, PLATFORM, person=me, site=self._site,
            attempt=said.attempt, answer=said.answer, label=said.label,
        )  # fmt: skip
        await runtime.writer.durable()
        return json_reply(passkeys.shown(key))

    async def _codes(self, context: Context) -> Reply:
        runtime, me = context.live.runtime, _holder(context)
        codes = tuple(draw_typed(_PRINTED_GROUPS) for _ in range(recovery.N_CODES))
        hashes = [hash_of(canonical(code)) for code in codes]
        runtime.perform(recovery.set_recovery_codes, PLATFORM, person=me, codes=hashes)
        await runtime.writer.durable()
        return json_reply(PrintedCodes(codes))

    async def _act(self, context: Context) -> Reply:
        runtime, session = context.live.runtime, context.caller.session
        wish: ActingWish = await context.decoded(_ACTING)
        if session is None:
            raise SignInNeeded("Sign in yourself first.", "먼저 본인으로 로그인하세요.")
        begun = runtime.perform(acting.begin_acting, PLATFORM, session=session, power=wish.power)
        await runtime.writer.durable()
        name = name_of(runtime, begun.acts_for)
        return json_reply(signed_in(runtime, self._tokens, begun, name))

    async def _sign_out(self, context: Context) -> Reply:
        runtime, session = context.live.runtime, context.caller.session
        if session is not None:
            runtime.perform(sign_out, PLATFORM, session=session)
            await runtime.writer.durable()
        return json_reply(None)


def _holder(context: Context) -> str:
    """Return who is signed in; not by a token whose role is another than their keys' is."""
    caller = context.caller
    if context.live.runtime.perform(role_of, PLATFORM, person=caller.id) is not caller.role:
        raise Refused("Sign in as yourself first.", "먼저 본인으로 로그인하세요.")
    return caller.id


def _door(
    path: str,
    allow: frozenset[Role],
    call: Call,
    *,
    summary: str,
    returns: Any = None,
    body: Any = None,
    for_actors: bool = False,
) -> Endpoint:
    return Endpoint(
        "POST", f"/api{path}", allow, call,
        summary=summary, returns=returns, body=body, for_actors=for_actors,
    )  # fmt: skip


_ENROLMENT = msgspec.json.Decoder(EnrolmentWish)
_STAFF_ENROLMENT = msgspec.json.Decoder(StaffEnrolmentWish)
_NEW_DEVICE = msgspec.json.Decoder(NewSignInKey)
_ACTING = msgspec.json.Decoder(ActingWish)
