"""A wallet of few lines that speaks the protocols with a town, and the people of its counter."""

import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.ledger.identity.asking import form_of
from hapgang.ledger.identity.dcql import choose, parse_query
from hapgang.ledger.identity.did import keys_in
from hapgang.ledger.identity.issuing import PRE_AUTHORIZED, PROOF_TYP
from hapgang.ledger.identity.jose import Json, new_key, opened, peek, public, sign
from hapgang.ledger.identity.presenting import answer
from hapgang.ledger.identity.sdjwt import Asked, verify
from tests.app.identity.town import COUNTER, Answer, Town
from tests.ledger.identity import authenticator

ORIGIN = authenticator.ORIGIN
ANNE = Caller(urn("Person", "anne"), Role.RESIDENT)
BERT = Caller(urn("Person", "bert"), Role.RESIDENT)
TAXI = Caller("urn:ngsi-ld:Company:taxi", Role.COMPANY)
SCHOOL = Caller(urn("Staff", "school"), Role.TEACHER)
KIOSK = Caller(urn("Staff", "kiosk"), Role.OPERATOR)
FORM = {"content-type": "application/x-www-form-urlencoded"}
LICENCE = {"categories": ["B"], "valid_until": "2040-05-01"}
LEARNED = {
    "achievement": "urn:x:ai", "title": "AI", "skills": ["python"], "completed": "2026-01-01",
}  # fmt: skip


class Wallet:
    """Keys on a phone, and the credentials that are bound to them."""

    def __init__(self, town: Town, origin: str = ORIGIN) -> None:
        self.town, self.origin, self.key = town, origin, new_key()
        self.held: dict[str, str] = {}

    async def get(self, address: str) -> Answer:
        assert address.startswith(self.origin)
        return await self.town.call("GET", address.removeprefix(self.origin))

    async def post(self, path: str, form: dict[str, str]) -> Answer:
        return await self.town.call("POST", path, urlencode(form).encode(), headers=FORM)

    async def token(self, link: str, pin: str | None) -> Answer:
        """Redeem an offer."""
        code = offered(link)["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
        form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code}
        return await self.post("/identity/token", form | ({} if pin is None else {"tx_code": pin}))

    async def proof(self, nonce: str | None = None, key: Json | None = None, **more: Any) -> str:
        """Prove that the key is on this phone."""
        if nonce is None:
            nonce = (await self.town.call("POST", "/identity/nonce")).json()["c_nonce"]
        claims = {"aud": self.origin, "iat": int(time.time()), "nonce": nonce, **more}
        key = key or self.key
        return sign(key, PROOF_TYP, claims, jwk=public(key))

    async def credential(self, token: str, kind: str, *proofs: str) -> Answer:
        """Ask for what a token is good for."""
        listed = list(proofs) or [await self.proof()]
        body = {"credential_configuration_id": kind, "proofs": {"jwt": listed}}
        headers = {"authorization": f"Bearer {token}"}
        return await self.town.call("POST", "/identity/credential", body, headers=headers)

    async def fetch(self, who: Caller, kind: str, name: str = "", **more: Any) -> str:
        """Have a credential offered to somebody, and fetch it."""
        given = await offer(self.town, who, kind, **more)
        token = (await self.token(given["offer_link"], given["pin"])).json()["access_token"]
        answered = await self.credential(token, kind)
        assert answered.status == 200, answered.body
        text: str = answered.json()["credentials"][0]["credential"]
        self.held[name or kind] = text
        return text

    async def question(self, link: str) -> Json:
        """Read a question, and check who signed it."""
        words = parse_qs(urlsplit(link).query)
        token = (await self.get(words["request_uri"][0])).body.decode()
        return await self.opened(token, words["client_id"][0])

    async def opened(self, token: str, client: str) -> Json:
        did = client.removeprefix("decentralized_identifier:")
        kid = peek(token).header["kid"]
        assert kid.startswith(f"{did}#")
        claims = opened(token, (await self.keys())[kid], "oauth-authz-req+jwt").claims
        assert (claims["client_id"], claims["iss"]) == (client, did)
        return claims

    async def keys(self) -> dict[str, Json]:
        document = (await self.get(f"{self.origin}/.well-known/did.json")).json()
        return keys_in(document, document["id"])

    async def answer_to(self, request: Json, key: Json | None = None) -> dict[str, str]:
        """Return the form that answers a question with the least that does."""
        keys, now_s = await self.keys(), int(time.time())
        kept = {n: verify(t, lambda _, kid: keys[str(kid)], now_s) for n, t in self.held.items()}
        choices = choose(parse_query(request["dcql_query"]), kept)
        asked = Asked(request["client_id"], request["nonce"])
        shown = answer(choices, self.held, key or self.key, asked, now_s)
        return form_of(shown, request["state"])

    async def show(self, link: str) -> Answer:
        """Answer a question."""
        request = await self.question(link)
        path = request["response_uri"].removeprefix(self.origin)
        return await self.post(path, await self.answer_to(request))


def offered(link: str) -> Json:
    """Return what a link offers."""
    words = parse_qs(urlsplit(link).query)
    document: Json = msgspec.json.decode(words["credential_offer"][0])
    return document


async def offer(town: Town, who: Caller, kind: str, **more: Any) -> Json:
    """Have a credential offered to somebody, as they ask for it."""
    words = {"kind": kind, **more}
    given = await town.call("POST", "/api/me/credential-offers", words, caller=who)
    assert given.status == 200, given.body
    made: Json = given.json()
    return made


async def register(town: Town, who: Caller = ANNE, **more: Any) -> Json:
    """Write somebody into the register."""
    words = {
        "person": who.id, "name": "Anne", "born": "1990-05-02", "living_zone": "5-1",
        "since": "2020-01-01", **more,
    }  # fmt: skip
    made = await town.call("POST", "/api/register", words, caller=COUNTER)
    assert made.status == 200, made.body
    registration: Json = made.json()
    return registration


async def attest(
    town: Town, kind: str, said: Json, *, by: Caller = COUNTER, who: Caller = ANNE, **more: Any
) -> str:
    """Attest something to somebody."""
    words = {"person": who.id, "kind": kind, "said": said, **more}
    made = await town.call("POST", "/api/attestations", words, caller=by)
    assert made.status == 200, made.body
    name: str = made.json()["id"]
    return name


async def ask(town: Town, *needs: str, by: Caller = KIOSK) -> Json:
    """Ask for attributes."""
    words = {"purpose": {"en": "Entry", "ko": "입장"}, "needs": list(needs)}
    made = await town.call("POST", "/api/questions", words, caller=by)
    assert made.status == 200, made.body
    asked: Json = made.json()
    return asked


async def state_of(town: Town, asked: Json, by: Caller = KIOSK) -> Json:
    """Return what became of a question."""
    found = await town.call("GET", f"/api/questions/{asked['question']}", caller=by)
    assert found.status == 200, found.body
    view: Json = found.json()
    return view
