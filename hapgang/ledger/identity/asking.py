"""OpenID4VP 1.0: how the city asks to be shown something, and takes the answer.

A signed request by reference, answered by `direct_post`: on the same phone or from another one.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.codes import Once, OpenIdError, draw_code
from hapgang.ledger.identity.dcql import Query, query_document
from hapgang.ledger.identity.jose import ALGORITHMS, Draw, Json, b64, parse_object, sign
from hapgang.ledger.identity.presenting import Proven, Trust, prove
from hapgang.ledger.identity.sdjwt import TYP, Asked

REQUEST_TYP = "oauth-authz-req+jwt"
QUESTION_S = 300  # assumption: as long as somebody may take to find their phone
_WALLETS = "https://self-issued.me/v2"  # OpenID4VP 1.0, 5.8: a wallet found by no metadata
_MOST_NONCE = 256


class Question(msgspec.Struct, frozen=True):
    """A question as the city keeps it, found by the hash of its state."""

    query: Query
    state: Once
    nonce: str
    audience: str
    response_uri: str
    response_code: Once | None = None
    answered: bool = False


class Answered(msgspec.Struct, frozen=True):
    """What came of an answer: what is proven, what is left of the question, what to tell."""

    proven: Proven
    question: Question
    response: Json


def ask(
    query: Query, client: str, response_uri: str, now_s: int, draw: Draw = secrets.token_bytes
) -> tuple[Question, str]:
    """Return a question to keep, and its state; `client` is the city's did:web.

    An answer names people, so it travels by https; to this very machine, where a demonstration is
    tried, nothing travels.
    """
    place = urlsplit(response_uri)
    is_here = place.hostname == "localhost" or str(place.hostname).endswith(".localhost")
    if place.scheme != "https" and not (place.scheme == "http" and is_here):
        raise Invalid("answers are taken by https only", "답은 https로만 받습니다")
    state, once = draw_code(now_s, QUESTION_S, draw)
    audience = f"decentralized_identifier:{client}"
    return Question(query, once, b64(draw(32)), audience, response_uri), state


def request_object(
    question: Question,
    state: str,
    key: Json,
    kid: str,
    now_s: int,
    wallet_nonce: str | None = None,
    *,
    purpose: Mapping[str, str] | None = None,
) -> str:
    """Return the signed request (section 5); `wallet_nonce` comes from a wallet that posts.

    purpose: what it is for, by language: of our own, others pass over it.
    """
    if wallet_nonce is not None and not 0 < len(wallet_nonce) <= _MOST_NONCE:
        raise Invalid("the wallet's nonce is too long", "지갑의 논스가 너무 깁니다")
    if not question.state.takes(state, now_s) or question.answered:
        raise OpenIdError("invalid_request", "this question is over", "이미 끝난 요청입니다")
    claims = {
        "iss": question.audience.partition(":")[2],
        "aud": _WALLETS,
        "iat": now_s,
        "exp": question.state.until_s,
        "client_id": question.audience,
        "response_type": "vp_token",
        "response_mode": "direct_post",
        "response_uri": question.response_uri,
        "nonce": question.nonce,
        "state": state,
        "dcql_query": query_document(question.query),
        "client_metadata": {
            "vp_formats_supported": {
                TYP: {"sd-jwt_alg_values": list(ALGORITHMS), "kb-jwt_alg_values": list(ALGORITHMS)}
            },
        },
        **({} if wallet_nonce is None else {"wallet_nonce": wallet_nonce}),
        **({} if purpose is None else {"purpose": dict(purpose)}),
    }
    return sign(key, REQUEST_TYP, claims, kid=kid)


def request_link(question: Question, request_uri: str, *, post: bool = False) -> str:
    """Return the link, or QR code, that a wallet opens; with `post` it may add a nonce of its."""
    asked = {"client_id": question.audience, "request_uri": request_uri}
    return f"openid4vp://?{urlencode(asked | ({'request_uri_method': 'post'} if post else {}))}"


def take(
    question: Question | None,
    form: Mapping[str, Any],
    trust: Trust,
    now_s: int,
    *,
    redirect_uri: str | None = None,
    draw: Draw = secrets.token_bytes,
) -> Answered:
    """Return what an answer (8.2) proves. A question is answered once, whatever came of it later.

    With `redirect_uri` the wallet sends the person back with a code, which only the browser that
    began can bring: so nobody is signed in by an answer that somebody else's phone gave.
    """
    state = form.get("state")
    if question is None or question.answered or not question.state.takes(state, now_s):
        raise OpenIdError("invalid_request", "this question is over", "이미 끝난 요청입니다")
    if "error" in form:
        raise OpenIdError("access_denied", "the person said no", "보여 주지 않기로 했습니다")
    text = form.get("vp_token")
    if not isinstance(text, str):
        raise OpenIdError("invalid_request", "there is no vp_token", "vp_token이 없습니다")
    asked = Asked(question.audience, question.nonce)
    proven = prove(question.query, parse_object(text), trust, asked, now_s)
    done = msgspec.structs.replace(question, answered=True)
    if redirect_uri is None:
        return Answered(proven, done, {})
    code, once = draw_code(now_s, QUESTION_S, draw)
    response = {"redirect_uri": f"{redirect_uri}#{urlencode({'response_code': code})}"}
    return Answered(proven, msgspec.structs.replace(done, response_code=once), response)


def collect(question: Question, code: object, now_s: int) -> Question:
    """Return the question once the browser that began it brought the code, which is used up."""
    if question.response_code is None or not question.response_code.takes(code, now_s):
        raise OpenIdError("invalid_request", "this answer is not yours", "본인의 답이 아닙니다")
    return msgspec.structs.replace(question, response_code=None)


def form_of(tokens: Mapping[str, list[str]], state: str) -> dict[str, str]:
    """Return the form that a wallet posts."""
    return {"vp_token": json.dumps(tokens, separators=(",", ":")), "state": state}
