"""Signing in with a passkey, and the codes that make one: of a counter, of the printed ten.

Each is two steps: options with a challenge, and the device's answer. Secrets are drawn here; what
is kept is their hashes (`runtime/platform/identity`). An attempt is used up before its answer is
looked at, in a unit of its own.
"""

import secrets
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Reply, json_reply
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.identities import name_of
from hapgang.app.identity.bounds import Bounds
from hapgang.app.identity.codes import canonical
from hapgang.app.identity.signed_in import SignedIn, signed_in
from hapgang.app.tokens import Tokens
from hapgang.contract import ANYONE, Action
from hapgang.core.vocabulary.sessions import Label, Purpose, Session
from hapgang.ledger.identity.codes import CODE_BYTES, hash_of
from hapgang.ledger.identity.jose import b64
from hapgang.ledger.identity.passkeys import Site, creation_options, request_options
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.identity import attempts, enrolments, passkeys, recovery

Attempt = Annotated[str, Meta(min_length=20, max_length=100)]
Code = Annotated[str, Meta(min_length=8, max_length=60)]


class SignInChallenge(msgspec.Struct, frozen=True):
    """What a page gives to the browser, and sends back with its answer."""

    attempt: str
    options: dict[str, Any]  # PublicKeyCredential…OptionsJSON of WebAuthn Level 3


class SignInAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device's answer to a challenge."""

    attempt: Attempt
    answer: dict[str, Any]


class SignInCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code of a counter, or a printed one."""

    code: Code


class NewKeyAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new key that a device made for whoever has a code."""

    attempt: Attempt
    code: Code
    answer: dict[str, Any]
    label: Label


class SigningIn:
    """The doors by which somebody signs in."""

    def __init__(self, tokens: Tokens, site: Site, bounds: Bounds) -> None:
        """Sign people in on a site, with tokens of the city."""
        self._tokens = tokens
        self._site = site
        self._bounds = bounds

    def endpoints(self) -> list[Endpoint]:
        """Return the doors; anybody may knock."""
        enrol = self._with_code("enrol", enrolments.enrolled, enrolments.enrol_key)
        recover = self._with_code("recover", recovery.recovered, recovery.recover_key)
        return [
            self._door("/passkey/options", self._ask, "Ask for a challenge to sign in.",
                       SignInChallenge),
            self._door("/passkey", self._answer, "Sign in with a passkey.",
                       SignedIn, SignInAnswer),
            self._door("/enrol/options", enrol[0], "Ask to make a key, with a counter's code.",
                       SignInChallenge, SignInCode),
            self._door("/enrol", enrol[1], "Make a key with a counter's code, and sign in.",
                       SignedIn, NewKeyAnswer),
            self._door("/recovery/options", recover[0], "Ask to make a key, with a printed code.",
                       SignInChallenge, SignInCode),
            self._door("/recovery", recover[1], "Make a key with a printed code, and sign in.",
                       SignedIn, NewKeyAnswer),
        ]  # fmt: skip

    def _door(
        self, path: str, call: Call, summary: str, returns: Any, takes: Any = None
    ) -> Endpoint:
        return Endpoint(
            "POST", f"/api/sign-in{path}", frozenset(ANYONE), call,
            summary=summary, returns=returns, body=takes,
        )  # fmt: skip

    async def _ask(self, context: Context) -> Reply:
        runtime, now = context.live.runtime, context.live.clock.now()
        self._bounds.ask(context.address, now)
        attempt = await begin(runtime, "sign in")
        return json_reply(
            SignInChallenge(attempt, request_options(self._site, attempts.challenge_of(attempt)))
        )

    async def _answer(self, context: Context) -> Reply:
        runtime, now = context.live.runtime, context.live.clock.now()
        said: SignInAnswer = await context.decoded(_ANSWER)
        self._bounds.try_out(context.address, now)
        await take(runtime, said.attempt, "sign in")
        key = runtime.perform(passkeys.key_of_answer, PLATFORM, answer=said.answer)
        self._bounds.try_as(key.person, now)
        session = runtime.perform(
            passkeys.sign_in_with_key, PLATFORM,
            site=self._site, attempt=said.attempt, answer=said.answer,
        )  # fmt: skip
        return await self._told(context, session)

    def _with_code(self, purpose: Purpose, whose: Action, make: Action) -> tuple[Call, Call]:
        async def ask(context: Context) -> Reply:
            runtime, now = context.live.runtime, context.live.clock.now()
            said: SignInCode = await context.decoded(_CODE)
            self._bounds.try_out(context.address, now)
            person = runtime.perform(whose, PLATFORM, code=hash_of(canonical(said.code)))
            self._bounds.try_as(person, now)
            attempt = await begin(runtime, purpose, person)
            options = new_key_options(runtime, self._site, attempt, person)
            return json_reply(SignInChallenge(attempt, options))

        async def answer(context: Context) -> Reply:
            runtime, now = context.live.runtime, context.live.clock.now()
            said: NewKeyAnswer = await context.decoded(_NEW_KEY)
            self._bounds.try_out(context.address, now)
            person, code = await take(runtime, said.attempt, purpose), hash_of(canonical(said.code))
            if runtime.perform(whose, PLATFORM, code=code) != person:
                raise attempts.not_waiting()
            session = runtime.perform(
                make, PLATFORM, site=self._site, code=code,
                attempt=said.attempt, answer=said.answer, label=said.label,
            )  # fmt: skip
            return await self._told(context, session)

        return ask, answer

    async def _told(self, context: Context, session: Session) -> Reply:
        runtime = context.live.runtime
        await runtime.writer.durable()
        name = name_of(runtime, session.person)
        return json_reply(signed_in(runtime, self._tokens, session, name))


async def begin(runtime: Runtime, purpose: Purpose, person: str | None = None) -> str:
    """Begin an attempt that survives the city's end; return what only the page has."""
    attempt = b64(secrets.token_bytes(CODE_BYTES))
    runtime.perform(
        attempts.begin_attempt, PLATFORM, attempt=hash_of(attempt), purpose=purpose, person=person
    )
    await runtime.writer.durable()
    return attempt


async def take(runtime: Runtime, attempt: str, purpose: Purpose) -> str | None:
    """Use an attempt up before its answer is looked at; return whose it is."""
    taken = runtime.perform(attempts.take_attempt, PLATFORM, attempt=attempt, purpose=purpose)
    await runtime.writer.durable()
    if taken is None:
        raise attempts.not_waiting()
    person: str | None = taken.person
    return person


def new_key_options(runtime: Runtime, site: Site, attempt: str, person: str) -> dict[str, Any]:
    """Return what a browser makes somebody's key by; none of their devices makes a second one."""
    taken = runtime.perform(passkeys.credentials_of, PLATFORM, person=person)
    name = name_of(runtime, person).ko
    return creation_options(
        site, passkeys.handle_of(person), name, attempts.challenge_of(attempt), taken
    )


_ANSWER = msgspec.json.Decoder(SignInAnswer)
_CODE = msgspec.json.Decoder(SignInCode)
_NEW_KEY = msgspec.json.Decoder(NewKeyAnswer)
