"""What answers look like whatever they are about: errors, places, what a path or a header lacks."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.ngsild.answers import created
from hapgang.app.ngsild.distribution.outcomes import Outcome, problem_told
from hapgang.app.notify.places import Places
from hapgang.contract import Role
from tests.living import Town, ask, run
from tests.village import person

API = "/ngsi-ld/v1"
OPERATOR = person("op", Role.OPERATOR)
Live = Callable[[Callable[[Town], Awaitable[None]]], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def start(then: Callable[[Town], Awaitable[None]]) -> None:
        notify = Places(allows_loopback=True)
        run(then, database, small_city, tmp_path / "state", notify=notify)

    return start


def test_errors_are_plain_json_whatever_is_accepted(live: Live) -> None:
    async def then(town: Town) -> None:
        for form in ("application/json", "application/ld+json", "application/problem+json"):
            path = f"{API}/csourceSubscriptions/nothing"
            for method in ("GET", "DELETE"):
                refused = await town.call(method, path, caller=OPERATOR, headers={"accept": form})
                assert refused.headers["content-type"] == "application/json", (method, form)
                assert "link" not in refused.headers
                assert refused.json()["type"].startswith("https://uri.etsi.org/ngsi-ld/errors/")

    live(then)
    elsewhere = problem_told(Outcome("urn:r:1", (), 502, {"title": "The source gave no answer"}))
    assert elsewhere.headers["content-type"] == "application/json"


def test_a_place_is_told_in_a_header_written_as_everybody_does() -> None:
    assert (b"Location", b"/ngsi-ld/v1/entities/urn:x:1") in created(
        f"{API}/entities/urn:x:1"
    ).raw_headers


def test_a_body_of_no_form_is_no_body_of_another_form(live: Live) -> None:
    async def then(town: Town) -> None:
        path = f"{API}/csourceSubscriptions/urn:ngsi-ld:Subscription:1"
        caller = {"authorization": f"Bearer {town.token(OPERATOR)}"}
        for kind, status in (({}, 400), ({"content-type": "text/plain"}, 415)):
            told = await ask(town.application, "PATCH", path, b"{,,}", {**caller, **kind})
            assert (told.status, told.json()["type"].rpartition("/")[2]) == (
                status, "InvalidRequest",
            )  # fmt: skip

    live(then)


def test_a_path_without_an_attributes_name_is_the_attributes_own(live: Live) -> None:
    async def then(town: Town) -> None:
        path = f"{API}/temporal/entities/urn:x:1/attrs//urn:x:2"
        wrong = await town.call("PATCH", path, {"a": 1}, caller=OPERATOR)
        assert (wrong.status, wrong.headers["allow"]) == (405, "DELETE")
        lacking = await town.call("DELETE", path, caller=OPERATOR)
        assert lacking.status == 400
        nobody = await town.call("POST", f"{API}/entities//attrs/x", {"a": 1}, caller=OPERATOR)
        assert nobody.status == 400

    live(then)


def test_links_to_pages_name_the_form_of_the_page(live: Live) -> None:
    async def then(town: Town) -> None:
        for number in (1, 2):
            body = {
                "id": f"urn:ngsi-ld:Subscription:{number}", "type": "Subscription",
                "entities": [{"type": "Lamp"}],
                "notification": {"endpoint": {"uri": "http://127.0.0.1:1"}},
            }  # fmt: skip
            made = await town.call("POST", f"{API}/csourceSubscriptions", body, caller=OPERATOR)
            assert made.headers["location"] == f"{API}/csourceSubscriptions/{body['id']}"
        for form in ("application/json", "application/ld+json"):
            path = f"{API}/csourceSubscriptions?limit=1"
            page = await town.call("GET", path, caller=OPERATOR, headers={"accept": form})
            *_, last = page.headers["link"].split(", ")
            assert last == f'<{path}&offset=1>;rel="next";type="{form}"'

    live(then)
