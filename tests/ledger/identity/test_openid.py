"""Issuing and asking by OpenID, step by step: every code once, in time, and by who got it."""

import secrets

import pytest

from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.identity import asking, issuing
from hapgang.ledger.identity.codes import Once, OpenIdError, draw_nonce, hash_of, nonce_until
from hapgang.ledger.identity.credentials import AGE, KINDS
from hapgang.ledger.identity.dcql import choose, parse_query
from hapgang.ledger.identity.did import key_did
from hapgang.ledger.identity.jose import Json, NotProven, new_key, peek, public, sign
from hapgang.ledger.identity.presenting import answer
from hapgang.ledger.identity.sdjwt import Asked, verify
from tests.ledger.identity.wallet import ISSUER, NOW, City

ADDRESS = "https://city.example/issue"
NONCES = secrets.token_bytes(32)
SAID = {"age_equal_or_over": {"18": True, "19": True}}
QUERY = parse_query(
    {
        "credentials": [
            {
                "id": "age",
                "format": "dc+sd-jwt",
                "meta": {"vct_values": [AGE.vct]},
                "claims": [{"path": ["age_equal_or_over", "18"], "values": [True]}],
            }
        ]
    }
)


def offered(*, pin: bool = True) -> tuple[issuing.Offer, dict[str, str]]:
    kept, document, told = issuing.offer(ADDRESS, AGE, "person-1", NOW, pin=pin)
    grant = document["grants"][issuing.PRE_AUTHORIZED]
    form = {
        "grant_type": issuing.PRE_AUTHORIZED,
        "pre-authorized_code": grant["pre-authorized_code"],
    }
    return kept, form | ({"tx_code": told} if told is not None else {})


def granted() -> tuple[issuing.Grant, str]:
    kept, form = offered()
    redeemed = issuing.redeem(kept, form, NOW)
    assert redeemed.grant is not None
    return redeemed.grant, redeemed.response["access_token"]


def proof(key: Json, header: Json | None = None, **changes: object) -> str:
    claims = {"aud": ADDRESS, "iat": NOW, "nonce": draw_nonce(NONCES, NOW + 300)} | changes
    named = {"jwk": public(key)} if header is None else header
    said = {name: value for name, value in claims.items() if value is not None}
    return sign(key, "openid4vci-proof+jwt", said, **named)


def request(*proofs: str, **changes: object) -> Json:
    return {"credential_configuration_id": "age", "proofs": {"jwt": list(proofs)}} | changes


def check(wanted: object, now_s: int = NOW, used: set[str] | None = None) -> issuing.Wanted:
    grant, token = granted()
    return issuing.check_request(
        grant,
        token,
        wanted,
        address=ADDRESS,
        nonce_key=NONCES,
        used=(used or set()).__contains__,
        now_s=now_s,
    )


def test_a_credential_comes_into_a_wallet() -> None:
    city, key = City(), new_key("Ed25519")
    wanted = check(request(proof(key), proof(key, {"kid": key_did(key)})))
    assert wanted.holders == (public(key), public(key))
    assert len(wanted.nonces) == 2
    given = issuing.credential_response([city.issue("age", SAID, wanted.holders[0])])
    shown = verify(given["credentials"][0]["credential"], city.key_of, NOW)
    assert shown.holder == public(key)


def test_a_code_is_good_once_in_time_and_with_its_pin() -> None:
    kept, form = offered()
    assert issuing.redeem(kept, form, NOW).offer is None  # used up
    for wrong, now_s, error in (
        (form | {"grant_type": "authorization_code"}, NOW, "unsupported_grant_type"),
        (form | {"pre-authorized_code": "x"}, NOW, "invalid_grant"),
        ({**form, "pre-authorized_code": None}, NOW, "invalid_grant"),
        (form, NOW + issuing.OFFER_S, "invalid_grant"),
        ({name: form[name] for name in form if name != "tx_code"}, NOW, "invalid_request"),
        (form | {"tx_code": "0000000"}, NOW, "invalid_grant"),
        (form | {"tx_code": "\ud800"}, NOW, "invalid_grant"),
    ):
        redeemed = issuing.redeem(kept, wrong, now_s)
        assert redeemed.response["error"] == error
        assert redeemed.grant is None
    assert issuing.redeem(None, form, NOW).response["error"] == "invalid_grant"
    without, form = offered(pin=False)
    assert issuing.redeem(without, form | {"tx_code": "1"}, NOW).grant is None
    assert issuing.redeem(without, form, NOW).grant is not None


def test_pins_are_not_guessed() -> None:
    kept, form = offered()
    for _ in range(issuing.TRIES):
        assert kept is not None
        kept = issuing.redeem(kept, form | {"tx_code": "nothing"}, NOW).offer
    assert kept is None
    other, _ = offered()
    assert other.pin is not None
    assert other.pin.hashed != hash_of("123456")  # bound to its code: no table of a million helps


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://other.example"}, "invalid_proof"),
        ({"iss": "somebody"}, "invalid_proof"),
        ({"iat": NOW - 3_600}, "invalid_proof"),
        ({"iat": NOW + 3_600}, "invalid_proof"),
        ({"iat": None}, "invalid_proof"),
        ({"exp": NOW - 3_600}, "invalid_proof"),
        ({"nonce": None}, "invalid_nonce"),
        ({"nonce": "x" * 75}, "invalid_nonce"),
        ({"nonce": draw_nonce(bytes(32), NOW + 300)}, "invalid_nonce"),
        ({"nonce": draw_nonce(NONCES, NOW)}, "invalid_nonce"),
    ],
)
def test_a_proof_is_for_this_issuer_now_and_fresh(changes: Json, code: str) -> None:
    with pytest.raises(OpenIdError) as refused:
        check(request(proof(new_key(), **changes)))
    assert refused.value.document()["error"] == code


def test_a_nonce_is_good_once() -> None:
    made = proof(new_key())
    (nonce, until_s), *_ = check(request(made)).nonces
    assert until_s == NOW + 300
    with pytest.raises(OpenIdError, match="used"):
        check(request(made), used={nonce})
    assert nonce_until(NONCES, "가" * 75) is None


def test_proofs_of_keys_that_are_none() -> None:
    key, other = new_key(), new_key()
    for header in (
        {"jwk": public(other)},
        {"jwk": key},
        {"kid": key_did(other)},
        {"kid": "did:web:a.b#k"},
        {"jwk": public(key), "kid": key_did(key)},
        {"x5c": []},
        {},
    ):
        with pytest.raises(OpenIdError) as refused:
            check(request(proof(key, header)))
        assert refused.value.code == "invalid_proof"
    with pytest.raises(OpenIdError):
        check(request(sign(key, "JWT", peek(proof(key)).claims, jwk=public(key))))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (None, "invalid_credential_request"),
        (request("x", credential_identifier="y"), "invalid_credential_request"),
        (request("x", credential_configuration_id="residency"), "unknown_credential_configuration"),
        (request("x", credential_response_encryption={}), "invalid_encryption_parameters"),
        (request(), "invalid_proof"),
        (request(*["x"] * 5), "invalid_proof"),
        (request("x"), "invalid_proof"),
        (request("x", proofs={"jwt": ["x"], "ldp_vp": []}), "invalid_proof"),
        (request("x", proofs=[]), "invalid_proof"),
    ],
)
def test_requests_that_are_none(wanted: object, code: str) -> None:
    with pytest.raises(OpenIdError) as refused:
        check(wanted)
    assert refused.value.code == code


def test_a_token_is_over_after_a_while() -> None:
    with pytest.raises(OpenIdError, match="token"):
        check(request(proof(new_key())), NOW + issuing.TOKEN_S)
    with pytest.raises(OpenIdError, match="token"):
        issuing.check_request(
            None, "x", {}, address=ADDRESS, nonce_key=NONCES, used=bool, now_s=NOW
        )
    assert not Once(hash_of("a"), NOW + 1).takes(5, NOW)


def test_metadata() -> None:
    found = issuing.issuer_metadata(ADDRESS, {"en": "City", "ko": "도시"}, list(KINDS.values()))
    assert list(found["credential_configurations_supported"]) == list(KINDS)
    assert issuing.server_metadata(ADDRESS)["token_endpoint"] == f"{ADDRESS}/token"
    _, document, _ = issuing.offer(ADDRESS, AGE, "p", NOW)
    assert issuing.offer_link(document).startswith("openid-credential-offer://?credential_offer=")


class Asking:
    def __init__(self) -> None:
        self.city, self.key = City(), new_key()
        self.held = {"a": self.city.issue("age", SAID, self.key)}
        self.question, self.state = asking.ask(QUERY, ISSUER, "https://city.example/answer", NOW)

    def form(self, nonce: str | None = None) -> dict[str, str]:
        asked = Asked(self.question.audience, nonce or self.question.nonce)
        choices = choose(QUERY, self.city.kept(self.held))
        return asking.form_of(answer(choices, self.held, self.key, asked, NOW), self.state)

    def take(self, form: Json, now_s: int = NOW) -> asking.Answered:
        return asking.take(self.question, form, self.city.trust(), now_s)


def test_a_question_is_signed_and_answered() -> None:
    here = Asking()
    signed = asking.request_object(
        here.question, here.state, here.city.key, f"{ISSUER}#k", NOW, "wallet-nonce"
    )
    said = peek(signed)
    assert said.header["typ"] == "oauth-authz-req+jwt"
    assert said.claims["client_id"] == f"decentralized_identifier:{ISSUER}"
    assert said.claims["wallet_nonce"] == "wallet-nonce"
    assert parse_query(said.claims["dcql_query"]) == QUERY
    link = asking.request_link(here.question, "https://city.example/ask/1", post=True)
    assert "request_uri_method=post" in link
    answered = here.take(here.form())
    assert answered.proven.attributes == {"age.age_equal_or_over.18": True}
    assert answered.proven.subject == key_did(here.key)
    here.question = answered.question
    with pytest.raises(OpenIdError, match="over"):
        here.take(here.form())
    with pytest.raises(OpenIdError, match="over"):
        asking.request_object(here.question, here.state, here.city.key, "k", NOW)


def test_answers_that_are_not_taken() -> None:
    here = Asking()
    good = here.form()
    for form, now_s, why in (
        (good | {"state": "x"}, NOW, "over"),
        (good, NOW + asking.QUESTION_S, "over"),
        ({"state": here.state, "error": "access_denied"}, NOW, "said no"),
        ({"state": here.state}, NOW, "no vp_token"),
        (good | {"vp_token": "[]"}, NOW, "not a JSON object"),
        (here.form("other"), NOW, "this question"),
    ):
        with pytest.raises(CityError, match=why):
            here.take(form, now_s)
    with pytest.raises(OpenIdError, match="over"):
        asking.take(None, good, here.city.trust(), NOW)


def test_only_the_browser_that_began_is_signed_in() -> None:
    here = Asking()
    answered = asking.take(
        here.question, here.form(), here.city.trust(), NOW, redirect_uri="https://city.example/in"
    )
    code = answered.response["redirect_uri"].partition("#response_code=")[2]
    with pytest.raises(OpenIdError, match="not yours"):
        asking.collect(answered.question, "x", NOW)
    done = asking.collect(answered.question, code, NOW)
    with pytest.raises(OpenIdError, match="not yours"):
        asking.collect(done, code, NOW)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(Invalid, match="https"):
        asking.ask(QUERY, ISSUER, "http://city.example/answer", NOW)
    here = Asking()
    with pytest.raises(Invalid, match="too long"):
        asking.request_object(here.question, here.state, here.city.key, "k", NOW, "x" * 300)
    with pytest.raises(NotProven):
        here.take(here.form("x" * 9))
