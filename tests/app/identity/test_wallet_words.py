"""What the API's description says of wallets' doors is what they do."""

from typing import Any

import msgspec
import pytest

from hapgang.app.identity.issuing import issuing_endpoints
from hapgang.app.identity.showing import Showing
from hapgang.app.identity.wallet_words import FORM
from hapgang.app.identity.well_known import well_known_doors
from hapgang.app.openapi import describe

ORIGIN = "https://example.org"


@pytest.fixture(scope="module")
def doors() -> dict[str, Any]:
    found = [*well_known_doors(ORIGIN), *issuing_endpoints(ORIGIN), *Showing(ORIGIN).endpoints()]
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(describe(found)))
    return {path: calls for path, calls in told["paths"].items() if not path.startswith("/api/")}


def test_errors_have_the_form_of_oauth_and_preflights_no_body(doors: dict[str, Any]) -> None:
    assert len(doors) == 9
    for path, calls in doors.items():
        assert list(calls["options"]["responses"]["204"]) == ["description"], path
        for method, call in calls.items():
            wrong = call["responses"]["default"]["content"]["application/json"]["schema"]
            assert wrong["required"] == ["error"], (method, path)


def test_forms_are_named_where_something_is_sent(doors: dict[str, Any]) -> None:
    takes = {
        path: list(calls["post"].get("requestBody", {}).get("content", {}))
        for path, calls in doors.items()
        if "post" in calls
    }
    assert takes == {
        "/identity/token": [FORM],
        "/identity/nonce": [],
        "/identity/credential": ["application/json"],
        "/identity/requests/{question}": [FORM],
        "/identity/answers/{question}": [FORM],
    }
