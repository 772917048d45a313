"""All doors of credentials: what is issued to wallets, what they show, and badges."""

import msgspec

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identity.issuing import issuing_endpoints
from hapgang.app.identity.keys import issuer_at, seconds
from hapgang.app.identity.showing import Showing
from hapgang.app.identity.well_known import well_known_doors
from hapgang.contract import Role
from hapgang.core.errors import NotFound
from hapgang.core.vocabulary.identity import Attested
from hapgang.ledger.identity.badges import Achievement, badge, sign_badge
from hapgang.ledger.identity.jose import Json
from hapgang.runtime.platform.identity.attestations import my_attestations
from hapgang.runtime.specs import spec_of

_PEOPLE = frozenset({Role.RESIDENT, Role.VISITOR})


class MyBadge(msgspec.Struct, frozen=True):
    """An Open Badge 3.0: the credential, and the same signed, as badge wallets take it."""

    document: Json
    token: str


def wallet_endpoints(origin: str) -> list[Endpoint]:
    """Return the doors of a city at an origin."""
    return [
        *well_known_doors(origin),
        *issuing_endpoints(origin),
        *Showing(origin).endpoints(),
        _badge_endpoint(origin),
    ]


def _badge_endpoint(origin: str) -> Endpoint:
    mine = spec_of("platform", my_attestations, _PEOPLE, is_own=True)

    async def given(context: Context) -> Respond:
        mine.check_caller(context.caller)
        attested: list[Attested] = await context.perform(mine, mine.arguments())
        for one in attested:
            if one.id == context.path["attestation"] and _is_badge(one):
                return json_reply(_badge(context, origin, one))
        raise NotFound("you have no such nanodegree", "그런 나노디그리가 없습니다")

    return Endpoint(
        "GET", "/api/me/attestations/{attestation}/badge", _PEOPLE, given, returns=MyBadge,
        summary="What somebody learned, as an Open Badge 3.0 that badge wallets take.",
    )  # fmt: skip


def _is_badge(attested: Attested) -> bool:
    return attested.kind == "nanodegree" and attested.revoked_at is None


def _badge(context: Context, origin: str, attested: Attested) -> MyBadge:
    live, said = context.live, attested.said
    keys = issuer_at(live.folder, origin)
    learned = Achievement(
        said["achievement"], said["title"], said["title"],
        f"Completed on {said['completed']}, as {attested.by} attests.", tuple(said["skills"]),
    )  # fmt: skip
    document = badge(
        learned, name=attested.id, issuer=keys.did, issuer_name=live.scene.title.en,
        holder=attested.person, at_s=seconds(attested.at),
    )  # fmt: skip
    return MyBadge(document, sign_badge(keys.key, document, keys.kid))
