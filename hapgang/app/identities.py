"""Signing in. A demonstration city has a handful of known people; nobody else can sign in there."""

from typing import Any

import msgspec

from hapgang.app.context import Context, Reply, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identity.personas import register_persona
from hapgang.app.identity.signed_in import SignedIn, device_of, registered_name, signed_in
from hapgang.app.tokens import Tokens
from hapgang.contract import ANYONE, Role, Text
from hapgang.core.errors import NotFound
from hapgang.core.ids import urn
from hapgang.core.vocabulary.people import AgeBand, Concession, Walking
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.identity.sessions import begin_session
from hapgang.runtime.platform.people import register_person

_WELCOME_WON = 50_000
VISITOR = Text("Visitor", "방문객")  # whom nobody knows by another name


class Identity(msgspec.Struct, frozen=True):
    """Somebody who can sign in to a demonstration."""

    id: str
    name: Text
    role: Role
    about: Text
    age_band: AgeBand = AgeBand.THIRTIES
    walking: Walking = "well"
    licence: bool = True
    concession: Concession = "none"


def _person(name: str) -> str:
    return urn("Person", name)


# The four personas of the "Sejong 5-1 Living Zone" survey document; the others are ours.
IDENTITIES = (
    Identity(
        _person("librarian"),
        Text("Librarian, 75", "사서, 75세"),
        Role.RESIDENT,
        Text("Walks badly; lives on the 2nd floor.", "걷기가 불편하고 2층에 삽니다."),
        AgeBand.OVER_70,
        "badly",
        licence=False,
        concession="senior",
    ),
    Identity(
        _person("designer"),
        Text("Designer, 45", "디자이너, 45세"),
        Role.RESIDENT,
        Text("Lives on the 6th floor; away twice a week.", "6층에 살고 일주일에 두 번 출장입니다."),
        AgeBand.FORTIES,
    ),
    Identity(
        _person("homemaker"),
        Text("Homemaker, 32", "주부, 32세"),
        Role.RESIDENT,
        Text("Loves live shows.", "공연을 좋아합니다."),
        AgeBand.THIRTIES,
    ),
    Identity(
        _person("pupil"),
        Text("Pupil, 11", "초등학생, 11세"),
        Role.RESIDENT,
        Text("Plays badminton; lives above a shop.", "배드민턴을 치고 상가주택 3층에 삽니다."),
        AgeBand.TEENS,
        "well",
        licence=False,
        concession="child",
    ),
    Identity(
        _person("visitor"),
        Text("Visitor", "방문자"),
        Role.VISITOR,
        Text("Came for the day.", "오늘 하루 방문했습니다."),
        AgeBand.TWENTIES,
    ),
    Identity(
        urn("Staff", "operator"),
        Text("Control-room operator", "관제 운영자"),
        Role.OPERATOR,
        Text("Watches the city and its services.", "도시와 서비스를 살핍니다."),
    ),
    Identity(
        urn("Staff", "planner"),
        Text("City planner", "도시 계획가"),
        Role.PLANNER,
        Text("Compares rehearsals with targets.", "예행 결과를 목표와 비교합니다."),
    ),
    Identity(
        urn("Staff", "counter"),
        Text("City office counter", "시청 민원 창구"),
        Role.AGENCY,
        Text(
            "Registers people, admits shops, prepares polls.",
            "주민을 등록하고 가맹점을 받고 투표를 준비합니다.",
        ),
    ),
    Identity(
        urn("Staff", "ledger"),
        Text("Ledger office", "원장 담당 부서"),
        Role.AGENCY,
        Text(
            "Approves what another office asked for, such as a court's order.",
            "법원 명령처럼 다른 부서가 요청한 일을 승인합니다.",
        ),
    ),
)
_BY_ID = {identity.id: identity for identity in IDENTITIES}


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who wants to sign in."""

    identity: str


_SIGN_IN = msgspec.json.Decoder(SignIn)


class Me(msgspec.Struct):
    """Who is signed in."""

    id: str
    role: Role
    name: Text
    session: str | None  # none: a machine's token
    holds: tuple[str, ...]  # attributes, as of now
    actor: str | None = None  # who acts, where that is somebody else
    actor_name: Text | None = None
    only: tuple[str, ...] | None = None  # what they may do then


def identity_endpoints(tokens: Tokens, *, is_demo: bool) -> list[Endpoint]:
    """Return the sign-in endpoints; outside a demonstration nobody can be chosen."""
    known = IDENTITIES if is_demo else ()

    async def identities(_: Context) -> Reply:
        return json_reply([_public(identity) for identity in known])

    async def sign_in(context: Context) -> Reply:
        wish: SignIn = await context.decoded(_SIGN_IN)
        identity = _BY_ID.get(wish.identity)
        if identity is None or identity not in known:
            raise NotFound(
                "Nobody by this name can sign in here.", "로그인할 수 없는 사용자입니다."
            )
        runtime = context.live.runtime
        make_known(runtime, identity)
        begun = runtime.perform(
            begin_session, PLATFORM,
            person=identity.id, role=identity.role, by="demonstration", label=device_of(context),
        )  # fmt: skip
        await runtime.writer.durable()
        return json_reply(signed_in(runtime, tokens, begun, identity.name))

    known_roles = frozenset(role for role in Role if role is not Role.ANONYMOUS)
    return [
        Endpoint(
            "GET", "/api/identities", frozenset(ANYONE), identities,
            summary="Who can sign in to this demonstration.", returns=list[dict[str, Any]],
        ),
        Endpoint(
            "POST", "/api/sign-in", frozenset(ANYONE), sign_in,
            summary="Sign in as one of the demonstration's people.", returns=SignedIn, body=SignIn,
        ),
        Endpoint(
            "GET", "/api/me", known_roles, _me,
            summary="Who is signed in.", returns=Me, for_actors=True,
        ),
    ]  # fmt: skip


async def _me(context: Context) -> Reply:
    caller, runtime = context.caller, context.live.runtime
    return json_reply(
        Me(
            caller.id,
            caller.role,
            name_of(runtime, caller.id, caller.role),
            caller.session,
            tuple(sorted(caller.holds | runtime.held(caller))),
            caller.actor,
            None if caller.actor is None else name_of(runtime, caller.actor),
            caller.only,
        )
    )


def name_of(runtime: Runtime, person: str, role: Role = Role.RESIDENT) -> Text:
    """Return what to call somebody, to tell them or who acts for them; else the id."""
    if (identity := _BY_ID.get(person)) is not None:
        return identity.name
    if (registered := registered_name(runtime, person)) is not None:
        return registered
    return VISITOR if role is Role.VISITOR else Text(person, person)


def make_known(runtime: Runtime, identity: Identity) -> None:
    """Register one of the demonstration's people, where they are not known yet."""
    if identity.role not in (Role.RESIDENT, Role.VISITOR):
        return
    runtime.perform(
        register_person,
        PLATFORM,
        person=identity.id,
        age_band=identity.age_band,
        walking=identity.walking,
        licence=identity.licence,
        concession=identity.concession,
        visitor=identity.role is Role.VISITOR,
        balance_won=_WELCOME_WON,
    )
    register_persona(runtime, identity.id)


def _public(identity: Identity) -> dict[str, Any]:
    return {
        "id": identity.id, "name": identity.name, "role": identity.role, "about": identity.about,
    }  # fmt: skip
