"""OpenID4VCI 1.0: offers, tokens, nonces and credentials (docs/guides/identity.md)."""

import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.identity.keys import DOORS, Issuer, issuer_at, seconds
from hapgang.app.identity.wallet_doors import body_of, doors, form_of, json_door
from hapgang.contract import Role
from hapgang.core.errors import Conflict, Refused
from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import CredentialKind, CredentialOffer
from hapgang.ledger.identity import issuing
from hapgang.ledger.identity.codes import Once, OpenIdError, draw_nonce, hash_of
from hapgang.ledger.identity.credentials import KINDS, issue_credential
from hapgang.ledger.identity.did import key_did
from hapgang.ledger.identity.jose import Json, parse
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity import offers
from hapgang.runtime.platform.identity.credentials import ToSign, issue_to
from hapgang.runtime.platform.identity.found import grant_with, offer_with
from hapgang.runtime.specs import ActionSpec, spec_of

_PEOPLE = frozenset({Role.RESIDENT, Role.VISITOR})
_AGENCY = frozenset({Role.AGENCY})


class WantedCredential(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which credential somebody is to be offered; of several attestations, which one."""

    kind: CredentialKind
    attested: str | None = None


class OfferedCredential(msgspec.Struct, frozen=True):
    """A link for a wallet, and the digits that are told apart from it."""

    offer_link: str
    pin: str
    until: datetime


_wanted = msgspec.json.Decoder(WantedCredential)


def issuing_endpoints(origin: str) -> list[Endpoint]:
    """Return the endpoints of a city at an origin."""
    mine = spec_of("platform", offers.offer_to_me, _PEOPLE, is_own=True)
    counter = spec_of("platform", offers.offer_at_counter, _AGENCY)

    async def offer_me(context: Context) -> Respond:
        return await _offered(context, mine, origin, {})

    async def offer_at_counter(context: Context) -> Respond:
        return await _offered(context, counter, origin, {"person": context.path["person"]})

    async def token(context: Context) -> Respond:
        return await _redeemed(context)

    async def nonce(context: Context) -> Respond:
        until_s = seconds(context.live.clock.now()) + issuing.NONCE_S
        key = issuer_at(context.live.folder, origin).nonce_key
        return json_door({"c_nonce": draw_nonce(key, until_s)})

    async def credential(context: Context) -> Respond:
        return await _issued(context, issuer_at(context.live.folder, origin))

    return [
        Endpoint(
            "POST", "/api/me/credential-offers", _PEOPLE, offer_me, body=WantedCredential,
            summary="Offer the caller's wallet a credential: a link, and digits apart from it.",
            returns=OfferedCredential,
        ),
        Endpoint(
            "POST", "/api/register/{person}/credential-offers", _AGENCY, offer_at_counter,
            body=WantedCredential, returns=OfferedCredential,
            summary="Offer a credential to the wallet of somebody at the counter.",
        ),
        *doors(f"{DOORS}/token", {"POST": (token, "A token for an offer's code and its digits.")}),
        *doors(f"{DOORS}/nonce", {"POST": (nonce, "A nonce that a wallet's proof is made with.")}),
        *doors(f"{DOORS}/credential", {
            "POST": (credential, "The credential that was offered, bound to the wallet's key."),
        }),
    ]  # fmt: skip


async def _offered(
    context: Context, spec: ActionSpec, origin: str, words: dict[str, str]
) -> Respond:
    spec.check_caller(context.caller)
    wanted: WantedCredential = await context.decoded(_wanted)
    live, now_s = context.live, seconds(context.live.clock.now())
    kept, document, pin = issuing.offer(origin, KINDS[wanted.kind], "", now_s)
    assert kept.pin is not None
    assert pin is not None
    until = _at(kept.code.until_s)
    arguments = spec.check_arguments({
        **words, "kind": wanted.kind, "attested": wanted.attested, "code": kept.code.hashed,
        "pin": kept.pin.hashed, "tries": kept.tries, "until": until,
    })  # fmt: skip
    live.runtime.run(spec, context.caller, arguments)  # never once more by a key: codes are new
    await live.runtime.writer.durable()
    return json_reply(OfferedCredential(issuing.offer_link(document), pin, until))


async def _redeemed(context: Context) -> Respond:
    form, runtime = await form_of(context), context.live.runtime
    runtime.writer.check_room()
    code = form.get("pre-authorized_code")
    kept = None if code is None else offer_with(runtime.state, hash_of(code))
    offer = None if kept is None else _offer_of(kept)
    redeemed = issuing.redeem(offer, form, seconds(context.live.clock.now()))
    if kept is not None and redeemed.grant is not None:
        token = redeemed.grant.token
        runtime.perform(
            offers.grant, PLATFORM, offer=kept.id, token=token.hashed, until=_at(token.until_s)
        )
    elif kept is not None and redeemed.offer != offer:
        left = 0 if redeemed.offer is None else redeemed.offer.tries
        runtime.perform(offers.note_tried, PLATFORM, offer=kept.id, tries=left)
    await runtime.writer.durable()
    return json_door(redeemed.response, status=400 if "error" in redeemed.response else 200)


async def _issued(context: Context, keys: Issuer) -> Respond:
    request: Any = parse(await body_of(context))
    runtime, now_s = context.live.runtime, seconds(context.live.clock.now())
    runtime.writer.check_room()
    scheme, _, token = (context.header(b"authorization") or "").partition(" ")
    kept = grant_with(runtime.state, hash_of(token)) if scheme.lower() == "bearer" else None
    grant = None
    if kept is not None:
        once = Once(kept.token, seconds(kept.until))
        grant = issuing.Grant(kept.person, kept.kind, once)
    wanted = issuing.check_request(
        grant, token, request, address=keys.origin, nonce_key=keys.nonce_key,
        used=lambda name: runtime.state.get(urn("UsedNonce", name)) is not None, now_s=now_s,
    )  # fmt: skip
    try:
        made = runtime.perform(
            issue_to, PLATFORM, token=hash_of(token), lists=keys.lists,
            holders=tuple(key_did(holder) for holder in wanted.holders),
            nonces=tuple((name, _at(until_s)) for name, until_s in wanted.nonces),
            drawn=tuple(secrets.randbits(62) for _ in wanted.holders),
        )  # fmt: skip
    except (Refused, Conflict) as wrong:
        why = wrong.message
        raise OpenIdError("credential_request_denied", why.en, why.ko) from wrong
    signed = [
        _signed(keys, one, holder, now_s)
        for one, holder in zip(made, wanted.holders, strict=True)
    ]  # fmt: skip
    await runtime.writer.durable()
    return json_door(issuing.credential_response(signed))


def _signed(keys: Issuer, made: ToSign, holder: Json, now_s: int) -> str:
    return issue_credential(
        KINDS[made.kind], made.said, keys.key, issuer=keys.did, kid=keys.kid, holder=holder,
        now_s=now_s, place=(made.place, made.address), until_s=seconds(made.until),
    )  # fmt: skip


def _offer_of(kept: CredentialOffer) -> issuing.Offer:
    until_s = seconds(kept.until)
    return issuing.Offer(
        kept.person, kept.kind, Once(kept.code, until_s), Once(kept.pin, until_s), kept.tries
    )


def _at(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
