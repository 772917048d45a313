"""A wallet of libraries that others wrote fetches a credential here and shows it here.

Needs `npm install @openid4vc/openid4vci @openid4vc/openid4vp @openid4vc/oauth2 dcql
@sd-jwt/sd-jwt-vc jose` somewhere, and HAPGANG_WALLET_NODE_MODULES naming its node_modules.
"""

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from hapgang.core.errors import CityError
from hapgang.ledger.identity import asking, issuing
from hapgang.ledger.identity.codes import OpenIdError, draw_nonce
from hapgang.ledger.identity.credentials import AGE, KINDS
from hapgang.ledger.identity.dcql import parse_query
from hapgang.ledger.identity.did import document, key_did
from hapgang.ledger.identity.jose import Json, public
from tests.ledger.identity.serving import Answer, serving
from tests.ledger.identity.wallet import ISSUER, LIST, City

MODULES = os.environ.get("HAPGANG_WALLET_NODE_MODULES", "")
HOST = "https://city.example"
SCRIPT = Path(__file__).with_name("wallet.mjs")
ADULT = {
    "id": "adult",
    "format": "dc+sd-jwt",
    "meta": {"vct_values": [AGE.vct]},
    "claims": [{"path": ["age_equal_or_over", "18"], "values": [True]}],
}


class Desk:
    """A city's desk for wallets, over the pure functions: what an HTTP room would do."""

    def __init__(self) -> None:
        self.city = City()
        self.city.now_s = int(time.time())
        self.nonces, self.used = secrets.token_bytes(32), dict[str, int]()
        self.offer, self.document, self.pin = issuing.offer(HOST, AGE, "p", self.city.now_s)
        self.grant: issuing.Grant | None = None
        self.question, self.state = asking.ask(
            parse_query({"credentials": [ADULT]}), ISSUER, f"{HOST}/answer", self.city.now_s
        )
        self.proven: asking.Proven | None = None
        self.wrong: list[str] = []

    def answer(self, method: str, path: str, body: str, token: str) -> Answer:
        metadata = issuing.issuer_metadata(HOST, {"en": "City"}, list(KINDS.values()))
        routes: dict[tuple[str, str], Callable[[], Json | str]] = {
            ("GET", "/.well-known/openid-credential-issuer"): lambda: metadata,
            ("GET", "/.well-known/oauth-authorization-server"): lambda: issuing.server_metadata(
                HOST
            ),
            ("GET", "/.well-known/did.json"): lambda: document(ISSUER, {"k": self.city.key}),
            ("GET", "/status/1"): lambda: self.city.list_at(LIST),
            ("GET", "/ask/1"): lambda: asking.request_object(
                self.question, self.state, self.city.key, f"{ISSUER}#k", self.city.now_s
            ),
            ("POST", "/nonce"): lambda: {"c_nonce": draw_nonce(self.nonces, self.city.now_s + 300)},
            ("POST", "/token"): lambda: self.redeem(dict(parse_qsl(body))),
            ("POST", "/credential"): lambda: self.give(json.loads(body), token),
            ("POST", "/revoke"): self.revoke,
            ("POST", "/answer"): lambda: self.take(dict(parse_qsl(body))),
        }
        if (method, path) not in routes:
            return 404, "{}", "application/json"
        try:
            given = routes[method, path]()
        except OpenIdError as refused:
            self.wrong.append(f"{path}: {refused}")
            return refused.status, json.dumps(refused.document()), "application/json"
        except CityError as refused:
            self.wrong.append(f"{path}: {refused}")
            return refused.status, "{}", "application/json"
        if isinstance(given, str):
            kind = "statuslist+jwt" if path.startswith("/status") else "oauth-authz-req+jwt"
            return 200, given, f"application/{kind}"
        return 400 if "error" in given else 200, json.dumps(given), "application/json"

    def redeem(self, form: Json) -> Json:
        redeemed = issuing.redeem(self.offer, form, self.city.now_s)
        self.grant = redeemed.grant
        return redeemed.response

    def give(self, request: Json, token: str) -> Json:
        wanted = issuing.check_request(
            self.grant,
            token,
            request,
            address=HOST,
            nonce_key=self.nonces,
            used=self.used.__contains__,
            now_s=self.city.now_s,
        )
        self.used |= dict(wanted.nonces)
        self.grant = None
        said = {"age_equal_or_over": {"14": True, "18": True, "65": False}}
        return issuing.credential_response(
            [self.city.issue("age", said, holder) for holder in wanted.holders]
        )

    def revoke(self) -> Json:
        self.city.revoke(self.city.given)
        return {}

    def take(self, form: Json) -> Json:
        answered = asking.take(self.question, form, self.city.trust(), self.city.now_s)
        self.question, self.proven = answered.question, answered.proven
        return answered.response


def run(here: Desk, address: str, curve: str) -> subprocess.CompletedProcess[str]:
    told = {
        "server": address,
        "city": HOST,
        "offer": issuing.offer_link(here.document),
        "pin": here.pin,
        "question": asking.request_link(here.question, f"{HOST}/ask/1"),
        "issuerJwk": public(here.city.key),
        "curve": curve,
    }
    return subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
@pytest.mark.skipif(
    not Path(MODULES, "@openid4vc").is_dir(),
    reason="HAPGANG_WALLET_NODE_MODULES names no node_modules with a wallet's libraries",
)
@pytest.mark.parametrize("curve", ["P-256", "Ed25519"])
def test_a_wallet_that_others_wrote(curve: str) -> None:
    here = Desk()
    with serving(here.answer) as port:
        done = run(here, f"http://127.0.0.1:{port}", curve)
    assert done.returncode == 0, (done.stderr, here.wrong)
    said = json.loads(done.stdout)
    assert (said["status"], said["answered"]) == (200, True)
    assert "status is not valid" in said["revoked"].lower()
    assert said["claims"] == {"14": True, "18": True, "65": False}
    assert here.proven is not None
    assert here.proven.attributes == {"adult.age_equal_or_over.18": True}
    assert here.proven.subject == key_did(said["publicJwk"])
    assert here.question.answered
    assert here.wrong == []
