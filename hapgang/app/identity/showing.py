"""OpenID4VP 1.0: questions to wallets, signed, and their answers (docs/guides/identity.md)."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identity.elsewhere import Elsewhere
from hapgang.app.identity.keys import DOORS, Issuer, issuer_at, seconds
from hapgang.app.identity.trusting import Believing
from hapgang.app.identity.wallet_doors import doors, form_of, json_door, token_door
from hapgang.app.wiring import LiveCity
from hapgang.contract import Role
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import AskedQuestion
from hapgang.ledger.identity import asking
from hapgang.ledger.identity.codes import Once, OpenIdError, hash_of
from hapgang.ledger.identity.dcql import parse_query, query_document
from hapgang.ledger.identity.jose import b64
from hapgang.ledger.identity.needs import query_of
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity import questions
from hapgang.runtime.platform.identity.found import question_named, question_with
from hapgang.runtime.platform.identity.questions import QuestionView
from hapgang.runtime.specs import ActionSpec, spec_of

REQUEST = "application/oauth-authz-req+jwt"
_MOST_ASKED = 16_384  # bytes
_PEOPLE = frozenset({Role.RESIDENT, Role.VISITOR})
_ASKERS = frozenset({
    Role.OPERATOR, Role.AGENCY, Role.COMPANY, Role.CLINICIAN, Role.TEACHER, Role.PLANNER,
})  # fmt: skip
_TO_CITY = Text("To show the city what you may do", "할 수 있는 일을 도시에 증명하기")
Needs = Annotated[tuple[str, ...], Meta(max_length=16)]


class AskToShow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for and why: attributes by name, or else a query in DCQL."""

    purpose: Text
    needs: Needs = ()
    dcql: dict[str, Any] | None = None


class ProofWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a session is to be shown; `back`: a path, for a wallet in the same browser."""

    needs: Annotated[tuple[str, ...], Meta(min_length=1, max_length=16)]
    back: Annotated[str, Meta(pattern=r"\A(?:/[A-Za-z0-9_-]{1,60}){1,6}\Z")] | None = None


class ProofCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a wallet sent the browser back with."""

    response_code: Annotated[str, Meta(max_length=100)]


class AskedToShow(msgspec.Struct, frozen=True):
    """A question, and the link or QR code that a wallet opens."""

    question: str
    link: str
    until: datetime


_ask = msgspec.json.Decoder(AskToShow)
_proof = msgspec.json.Decoder(ProofWanted)
_code = msgspec.json.Decoder(ProofCode)


class Showing:
    """The doors of a city at an origin."""

    def __init__(self, origin: str) -> None:
        """Ask, and take answers, at an origin."""
        self._origin = origin
        self._elsewhere: Elsewhere | None = None
        self._asks = spec_of("platform", questions.note_question, _ASKERS | _PEOPLE, is_own=True)
        self._brings = spec_of("platform", questions.bring_code, _PEOPLE, is_own=True)

    def endpoints(self) -> list[Endpoint]:
        """Return the doors."""
        return [
            Endpoint(
                "POST", "/api/questions", _ASKERS, self._ask, body=AskToShow, returns=AskedToShow,
                summary="Ask somebody's wallet to show something: a link, for five minutes.",
            ),
            Endpoint(
                "POST", "/api/me/proofs", _PEOPLE, self._prove, body=ProofWanted,
                summary="Show the city something: what the wallet proves, this session holds.",
                returns=AskedToShow,
            ),
            Endpoint(
                "POST", "/api/me/proofs/{question}", _PEOPLE, self._bring, body=ProofCode,
                summary="Bring the code that a wallet sent this browser back with.",
                returns=QuestionView,
            ),
            *doors(f"{DOORS}/requests/{{question}}", {
                "GET": (self._request, "A question to a wallet, signed by the city."),
                "POST": (self._request, "The same, with a nonce of the wallet's in it."),
            }, media_type=REQUEST),
            *doors(f"{DOORS}/answers/{{question}}", {
                "POST": (self._answer, "A wallet's answer to a question."),
            }),
        ]  # fmt: skip

    async def _ask(self, context: Context) -> Respond:
        wish: AskToShow = await context.decoded(_ask)
        if (wish.dcql is None) == (not wish.needs):
            raise Invalid("say needs, or dcql", "needs나 dcql 가운데 하나를 지정하세요")
        return await _asked(context, self._asks, self._origin, wish)

    async def _prove(self, context: Context) -> Respond:
        wish: ProofWanted = await context.decoded(_proof)
        back = None if wish.back is None else f"{self._origin}{wish.back}"
        wanted = AskToShow(_TO_CITY, wish.needs)
        return await _asked(context, self._asks, self._origin, wanted, to_session=True, back=back)

    async def _bring(self, context: Context) -> Respond:
        given: ProofCode = await context.decoded(_code)
        self._brings.check_caller(context.caller)
        words = {"question": context.path["question"], "code": hash_of(given.response_code)}
        return json_reply(await context.perform(self._brings, self._brings.check_arguments(words)))

    async def _request(self, context: Context) -> Respond:
        return await _request(context, issuer_at(context.live.folder, self._origin))

    async def _answer(self, context: Context) -> Respond:
        if self._elsewhere is None:
            clock = context.live.clock
            self._elsewhere = Elsewhere(lambda: seconds(clock.now()))
        return await _answered(context, self._origin, self._elsewhere)


async def _asked(
    context: Context,
    spec: ActionSpec,
    origin: str,
    wish: AskToShow,
    *,
    to_session: bool = False,
    back: str | None = None,
) -> Respond:
    spec.check_caller(context.caller)
    questions.check_needs(wish.needs)
    runtime, keys = context.live.runtime, issuer_at(context.live.folder, origin)
    query = parse_query(query_of(wish.needs) if wish.dcql is None else wish.dcql)
    document = query_document(query)
    if len(msgspec.json.encode((document, wish.purpose))) > _MOST_ASKED:
        raise Invalid("it asks for too much at once", "한 번에 묻는 것이 너무 깁니다")
    handle = b64(secrets.token_bytes(18))
    now_s = seconds(context.live.clock.now())
    address = f"{origin}{DOORS}/answers/{handle}"
    question, state = asking.ask(query, keys.did, address, now_s)
    until = datetime.fromtimestamp(question.state.until_s, UTC)
    arguments = spec.arguments(
        question=handle, purpose=wish.purpose, needs=wish.needs, dcql=document,
        state=question.state.hashed, nonce=question.nonce, audience=question.audience,
        response_uri=address, until=until, to_session=to_session, back=back,
    )  # fmt: skip
    runtime.run(spec, context.caller, arguments)  # never once more by a key: codes are new
    await runtime.writer.durable()
    link = asking.request_link(question, f"{origin}{DOORS}/requests/{state}")
    return json_reply(AskedToShow(handle, link, until))


async def _request(context: Context, keys: Issuer) -> Respond:
    state, live = context.path["question"], context.live
    kept = question_with(live.runtime.state, hash_of(state))
    if kept is None:
        raise NotFound("there is no such question", "그런 요청이 없습니다")
    wallet_nonce = (await form_of(context)).get("wallet_nonce") if not context.is_read else None
    purpose = {"en": kept.purpose.en, "ko": kept.purpose.ko}
    token = asking.request_object(
        _question(kept), state, keys.key, keys.kid, seconds(live.clock.now()), wallet_nonce,
        purpose=purpose,
    )  # fmt: skip
    return token_door(token, REQUEST)


class _Taken(NamedTuple):
    """What came of an answer: the question as it is kept, and what was proven unless refused."""

    kept: AskedQuestion
    answered: asking.Answered | None
    relied_on: dict[str, str]


async def _answered(context: Context, origin: str, elsewhere: Elsewhere) -> Respond:
    form, live = await form_of(context), context.live
    runtime, name = live.runtime, context.path["question"]
    runtime.writer.check_room()
    taken = await elsewhere.with_all_read(lambda: _taken(live, origin, elsewhere, name, form))
    kept, answered = taken.kept, taken.answered
    if answered is None:
        runtime.perform(questions.note_refusal, PLATFORM, question=kept.id)
        await runtime.writer.durable()
        return json_door({})
    code = answered.question.response_code
    runtime.perform(
        questions.note_answer, PLATFORM, question=kept.id,
        attributes=dict(answered.proven.attributes),
        until=datetime.fromtimestamp(answered.proven.until_s, UTC),
        response_code=None if code is None else code.hashed, relied_on=taken.relied_on,
    )  # fmt: skip
    await runtime.writer.durable()
    return json_door(answered.response)


def _taken(
    live: LiveCity, origin: str, elsewhere: Elsewhere, name: str, form: dict[str, str]
) -> _Taken:
    """Look at an answer, as all is at this moment; nothing is written yet."""
    kept = question_named(live.runtime.state, name)
    believing = Believing(live, issuer_at(live.folder, origin), kept, elsewhere)
    question = None if kept is None else _question(kept)
    back = None if kept is None else kept.back
    now_s = seconds(live.clock.now())
    try:
        answered = asking.take(question, form, believing.trust(), now_s, redirect_uri=back)
    except OpenIdError as refused:
        if refused.code != "access_denied" or kept is None:
            raise
        return _Taken(kept, None, {})
    assert kept is not None
    return _Taken(kept, answered, believing.relied_on)


def _question(kept: AskedQuestion) -> asking.Question:
    return asking.Question(
        parse_query(kept.dcql), Once(kept.state, seconds(kept.until)), kept.nonce, kept.audience,
        kept.response_uri, answered=kept.answered_at is not None,
    )  # fmt: skip
