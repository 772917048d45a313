"""Whatever somebody sends, and even whatever an issuer signs, is refused in words or holds."""

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import CityError
from hapgang.ledger.identity import badges, did, issuing, status
from hapgang.ledger.identity.credentials import AGE
from hapgang.ledger.identity.dcql import choose, parse_query
from hapgang.ledger.identity.jose import Json, peek, public, sign
from hapgang.ledger.identity.sdjwt import Parts, split, verify
from tests.ledger.identity.test_credentials import BADGE
from tests.ledger.identity.test_openid import ADDRESS, check, request
from tests.ledger.identity.test_presenting import ADULT, HERE, SOMEBODY
from tests.ledger.identity.wallet import ISSUER, NOW

PARTS = split(SOMEBODY.held["my age"])
CLAIMS = peek(PARTS.signed).claims
CITY = SOMEBODY.city
QUERY = {"credentials": [ADULT, HERE], "credential_sets": [{"options": [["age"], ["here"]]}]}
DOCUMENT = did.document(ISSUER, {"k": public(CITY.key)})
OFFER = issuing.offer(ADDRESS, AGE, "person", NOW)
VALUES = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**30, "", "x", "did:key:z", "a.b.c", [], {}, [[]], {"a": 1}]
) | st.text(max_size=9)


@st.composite
def changed(draw: st.DrawFn, document: Json) -> Any:
    """Return a document with one part of it replaced, somewhere."""
    whole: Any = {"": copy.deepcopy(document)}
    node, step = whole, ""
    while isinstance(node[step], dict | list) and node[step] and draw(st.integers(0, 4)):
        node = node[step]
        step = draw(st.sampled_from([*node] if isinstance(node, dict) else [*range(len(node))]))
    node[step] = draw(VALUES)
    return whole[""]


def in_words(act: Callable[[], object]) -> None:
    """Do it; whatever else than a refusal comes out of it fails the test."""
    with suppress(CityError):
        act()


@settings(max_examples=200)
@given(changed(CLAIMS))
def test_credentials(claims: Any) -> None:
    if isinstance(claims, dict):
        signed = sign(CITY.key, "dc+sd-jwt", claims)
        in_words(lambda: verify(Parts(signed, PARTS.told).whole(), CITY.key_of, NOW))
        in_words(lambda: status.check(claims, ISSUER, CITY.list_at, CITY.key_of, NOW))


@given(changed(QUERY))
def test_queries(document: Any) -> None:
    held = CITY.kept(SOMEBODY.held)
    in_words(lambda: choose(parse_query(document), held))


@given(changed(DOCUMENT))
def test_documents_of_others(document: Any) -> None:
    in_words(lambda: did.resolve(f"{ISSUER}#k", lambda _: document))


@given(changed(BADGE))
def test_badges(document: Any) -> None:
    in_words(lambda: badges.check_badge(document))
    if isinstance(document, dict):
        signed = sign(CITY.key, "JWT", {**document, "iss": ISSUER, "jti": document.get("id")})
        in_words(lambda: badges.opened_badge(signed, lambda *_: CITY.key, NOW))


@given(changed(request("a.b.c")), changed({"grant_type": "", "tx_code": "1", "a": "b"}))
def test_requests_of_wallets(wanted: Any, form: Any) -> None:
    in_words(lambda: check(wanted))
    if isinstance(form, dict):
        code = OFFER[1]["grants"][issuing.PRE_AUTHORIZED]["pre-authorized_code"]
        sent = {"grant_type": issuing.PRE_AUTHORIZED, "pre-authorized_code": code, **form}
        in_words(lambda: issuing.redeem(OFFER[0], sent, NOW))


@given(VALUES)
def test_status_lists(value: Any) -> None:
    in_words(lambda: status.read({"bits": 1, "lst": value}))
    in_words(lambda: status.read({"bits": value, "lst": "eNrbuRgAAhcBXQ"}))
