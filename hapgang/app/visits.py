"""Going on without an account: an identity of its own for some hours, where the city wants it."""

from hapgang.app.context import Context, Reply, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identities import VISITOR
from hapgang.app.identity.signed_in import SignedIn, device_of, signed_in
from hapgang.app.tokens import Tokens
from hapgang.contract import ANYONE
from hapgang.core.errors import Refused
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.visits import begin_visit_session

_PLAY_WON = 20_000  # of a demonstration: an afternoon's rides; a real city gives nothing


def visit_endpoint(tokens: Tokens, *, is_demo: bool, has_visitors: bool) -> Endpoint:
    """Return the endpoint that takes in visitors; it refuses where nobody allowed them."""

    async def visit(context: Context) -> Reply:
        if not (is_demo or has_visitors):
            raise Refused(
                "This city takes in no visitors without an account; looking is open to all.",
                "이 도시는 계정 없는 방문을 받지 않습니다. 둘러보기는 누구나 할 수 있습니다.",
            )
        return json_reply(await _begin(context, tokens, play_won=_PLAY_WON if is_demo else 0))

    return Endpoint(
        "POST",
        "/api/visit",
        frozenset(ANYONE),
        visit,
        summary="Go on as a visitor without an account, for some hours.",
        returns=SignedIn,
    )


async def _begin(context: Context, tokens: Tokens, *, play_won: int) -> SignedIn:
    """Mint somebody who is known until their visit ends, and a session for just as long."""
    runtime = context.live.runtime
    begun = runtime.perform(
        begin_visit_session, PLATFORM,
        label=device_of(context), welcome_won=play_won, top_up_won=play_won,
    )  # fmt: skip
    await runtime.writer.durable()
    return signed_in(runtime, tokens, begun, VISITOR)
