"""All doors by which people come in, and of what they keep in wallets, on one site."""

from hapgang.app.endpoints import Endpoint
from hapgang.app.identities import identity_endpoints
from hapgang.app.identity.bounds import Bounds
from hapgang.app.identity.own_doors import OwnDoors
from hapgang.app.identity.signing_in import SigningIn
from hapgang.app.identity.site import origin_of, site_of
from hapgang.app.identity.wallets import wallet_endpoints
from hapgang.app.tokens import Tokens
from hapgang.app.visits import visit_endpoint
from hapgang.app.wiring import LiveCity


def sign_in_endpoints(
    live: LiveCity, tokens: Tokens, origin: str | None, *, is_demo: bool, has_visitors: bool
) -> list[Endpoint]:
    """Return the endpoints by which people come in, of their devices, codes, powers and wallets."""
    where = origin or origin_of()
    site, bounds = site_of(where, live.scene.title.ko), Bounds()
    return [
        *identity_endpoints(tokens, is_demo=is_demo),
        visit_endpoint(tokens, is_demo=is_demo, has_visitors=has_visitors),
        *SigningIn(tokens, site, bounds).endpoints(),
        *OwnDoors(tokens, site, bounds).endpoints(),
        *wallet_endpoints(where),
    ]
