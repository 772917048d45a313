"""The scenario studio over HTTP: drafts, what changes do, files, rehearsals and their bounds."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.contract import Caller, Role
from hapgang.core.vocabulary.scenarios import Rehearsal
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import forget_me
from hapgang.runtime.platform.scenarios import BOUNDS
from hapgang.twin.scenario import read_scenario
from tests.living import Answer, Town, run
from tests.village import person

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
PLANNER, OTHER = person("planner", Role.PLANNER), person("other", Role.PLANNER)
ANNE, VISITOR = person("anne"), person("guest", Role.VISITOR)
DRAFTS = "/api/scenario-drafts"
CLOSE = {"do": "close", "links": ["outer_ring:5f", "outer_ring:5b"]}
Then = Callable[[Town], Awaitable[None]]


@pytest.fixture
def live(database: dict[str, Any], tmp_path: Path) -> Callable[[Then], None]:
    def do(then: Then) -> None:
        run(then, database, CITY, tmp_path / "state", services={"platform": platform})

    return do


async def made(town: Town, caller: Caller = PLANNER, **words: Any) -> Answer:
    body = {"title": "Mine", "base": "plan", "changes": [CLOSE], **words}
    return await town.call("POST", DRAFTS, body, caller=caller)


def test_a_draft_is_made_read_edited_and_thrown_away(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        draft = (await made(town)).json()
        assert (draft["version"], draft["mine"], draft["role"]) == (1, True, "planner")
        path = f"{DRAFTS}/{draft['id']}"
        seen = (await town.call("GET", path, caller=ANNE)).json()
        assert (seen["mine"], seen["changes"][0]["links"]) == (False, CLOSE["links"])
        assert PLANNER.id not in msgspec.json.encode(seen).decode()
        body = {"version": 1, "title": "Ours", "changes": []}
        assert (await town.call("PUT", path, body, caller=OTHER)).status == 403
        key = {"Idempotency-Key": "k1"}
        edited = (await town.call("PUT", path, body, caller=PLANNER, headers=key)).json()
        assert (edited["version"], edited["title"], edited["changes"]) == (2, "Ours", [])
        stale = await town.call("PUT", path, body, caller=PLANNER)
        assert (stale.status, stale.json()["version"]) == (409, 2)
        history = (await town.call("GET", f"/api/history/{draft['id']}", caller=PLANNER)).json()
        assert len(history) == 2
        assert (await town.call("DELETE", path, caller=OTHER)).status == 403
        assert (await town.call("DELETE", path, caller=PLANNER)).status == 200
        assert (await town.call("GET", path, caller=PLANNER)).status == 404

    live(then)


def test_who_may_draw_and_how_much(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        assert (await town.call("POST", DRAFTS, {"title": "x", "base": "plan"})).status == 401
        auditor = person("auditor", Role.AUDITOR)
        assert (await made(town, auditor)).status == 403
        assert (await town.call("GET", DRAFTS, caller=auditor)).json() == []
        for _ in range(BOUNDS[Role.VISITOR].drafts):
            assert (await made(town, VISITOR)).status == 200
        assert (await made(town, VISITOR)).status == 409
        assert (await made(town, base="moon")).status == 404
        assert (await made(town, base="../plan")).status == 404
        assert (await made(town, title="")).status == 422
        assert (await made(town, changes=[CLOSE] * 101)).status == 422
        wrong = await made(town, changes=[CLOSE, {"do": "close", "links": ["zz"]}])
        assert wrong.status == 422
        assert wrong.json()["detail"].startswith("Change 2:")
        town.runtime.perform(forget_me, VISITOR)
        assert (await town.call("GET", DRAFTS, caller=PLANNER)).json() == []

    live(then)


def test_changes_are_tried_before_they_are_kept(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        slow = {"do": "speed", "kind": "motorway", "max_kmh": 30}
        wish = {"base": "plan", "changes": [CLOSE, slow, {"do": "close", "links": ["zz"]}]}
        found = (await town.call("POST", "/api/scenarios/check", wish, caller=ANNE)).json()
        assert [effect["links"] for effect in found["effects"]] == [2, 26, 0]
        assert "zz" in found["effects"][2]["problem"]["en"]
        states = {state["link"]: state for state in found["streets"]}
        assert states["outer_ring:5f"] == {
            "link": "outer_ring:5f", "modes": [], "speed_kmh": 30.0,
        }  # fmt: skip
        model = (await town.call("GET", "/api/scenarios/model")).json()
        street = next(one for one in model["streets"] if one["street"] == "outer_ring:5f")
        assert street["links"] == CLOSE["links"]
        assert sum(len(one["links"]) for one in model["streets"]) == 1474
        assert len(model["stops"]) == 38

    live(then)


def test_a_draft_leaves_as_a_file_of_the_same_form(
    live: Callable[[Then], None], tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        draft = (await made(town)).json()
        for name, changes in ((draft["id"], 1), ("plan", 10)):
            told = await town.call("GET", f"/api/scenarios/{name}/file", caller=ANNE)
            assert told.headers["content-type"].startswith("application/toml")
            assert told.headers["content-disposition"].endswith('.toml"')
            path = tmp_path / "exported.toml"
            path.write_bytes(told.body)
            scenario = read_scenario(CITY, str(path))
            assert len(scenario.changes) == changes
            assert scenario.services == read_scenario(CITY, "plan").services
            assert scenario.settings == read_scenario(CITY, "plan").settings

    live(then)


def test_rehearsals_are_bounded_and_cancelled_by_their_own(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        town.live.jobs._waiting.clear()
        town.live.jobs._busy.add("platform")  # so that they wait
        draft = (await made(town)).json()["id"]

        async def order(caller: Caller, **words: Any) -> Answer:
            body = {"scenario": draft, "residents": 200, "seeds": 1, **words}
            key = {"Idempotency-Key": str(words)}
            return await town.call("POST", "/api/rehearsals", body, caller=caller, headers=key)

        for words in ({"residents": 5000}, {"seeds": 5}, {"residents": 777}, {"weather": "lava"}):
            assert (await order(ANNE, **words)).status == 422
        assert (await order(ANNE, scenario="moon")).status == 404
        assert (await order(ANNE, scenario="urn:ngsi-ld:ScenarioDraft:none")).status == 404
        first = (await order(ANNE)).json()
        assert (first["state"], first["version"], first["mine"]) == ("waiting", 1, True)
        assert first["beside"] == ["2026-09-16-plan-clear-200-1"]
        assert (await order(ANNE)).json() == first  # the same key: it is not done twice
        assert (await order(ANNE, weather="rain")).status == 409
        stops = f"/api/rehearsals/{first['id']}/cancel"
        assert (await town.call("POST", stops, caller=PLANNER)).status == 403
        assert (await town.call("POST", stops, caller=ANNE)).status == 200
        (seen,) = (await town.call("GET", "/api/rehearsals", caller=PLANNER)).json()
        assert (seen["state"], seen["mine"]) == ("cancelled", False)
        assert ANNE.id not in msgspec.json.encode(seen).decode()
        assert (await order(ANNE, weather="rain")).status == 200
        assert town.runtime.state.count(Rehearsal.__name__) == 2

    live(then)


def test_a_rehearsal_cut_off_says_so_at_the_next_start(live: Callable[[Then], None]) -> None:
    async def before(town: Town) -> None:
        town.live.jobs._busy.add("platform")
        body = {"scenario": "today", "residents": 200, "seeds": 1}
        assert (await town.call("POST", "/api/rehearsals", body, caller=ANNE)).status == 200

    async def after(town: Town) -> None:
        (seen,) = (await town.call("GET", "/api/rehearsals", caller=ANNE)).json()
        assert seen["state"] == "failed"
        assert "start it again" in seen["error"]

    live(before)
    live(after)
