"""What wallets look up first: who the city is, what it issues, where its doors are."""

from hapgang.app.context import Context, Reply, Respond
from hapgang.app.endpoints import Endpoint
from hapgang.app.identity.keys import DOORS, issuer_at
from hapgang.app.identity.wallet_doors import doors, json_door
from hapgang.core.errors import NotFound
from hapgang.ledger.identity.credentials import KINDS
from hapgang.ledger.identity.issuing import issuer_metadata, server_metadata

_KEPT_S = 300
_STATUS_LIST = "application/statuslist+jwt"


def well_known_doors(origin: str) -> list[Endpoint]:
    """Return the doors of a city at an origin."""

    async def identifier(context: Context) -> Respond:
        keys, now = issuer_at(context.live.folder, origin), context.live.clock.now()
        return json_door(keys.document(now), kept_s=_KEPT_S)

    async def issuer(context: Context) -> Respond:
        title = context.live.scene.title
        names = {"en": title.en, "ko": title.ko}
        metadata = issuer_metadata(origin, names, list(KINDS.values()), DOORS)
        return json_door(metadata, kept_s=_KEPT_S)

    async def server(_: Context) -> Respond:
        return json_door(server_metadata(origin, DOORS), kept_s=_KEPT_S)

    async def statuses(context: Context) -> Respond:
        number, live = context.path["list"], context.live
        if not number.isdecimal() or len(number) > 9:
            raise NotFound("there is no such status list", "그런 상태 목록이 없습니다")
        keys, state = issuer_at(live.folder, origin), live.runtime.state
        token, version = keys.status_list(state, int(number), live.clock.now())
        await live.runtime.writer.durable()  # nobody hears what may not have been
        reply = Reply(token.encode(), media_type=_STATUS_LIST).with_header("ETag", f'"{version}"')
        return reply.with_header("Cache-Control", "no-cache")

    return [
        *doors("/.well-known/did.json", {
            "GET": (identifier, "The city's DID document, with the keys that it issues by."),
        }),
        *doors("/.well-known/openid-credential-issuer", {
            "GET": (issuer, "Which credentials the city issues, and where (OpenID4VCI 1.0)."),
        }),
        *doors("/.well-known/oauth-authorization-server", {
            "GET": (server, "Where tokens are had for codes (RFC 8414)."),
        }),
        *doors(f"{DOORS}/status/{{list}}", {
            "GET": (statuses, "A status list: which credentials still stand, and nobody's name."),
        }, media_type=_STATUS_LIST),
    ]  # fmt: skip
