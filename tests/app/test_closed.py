"""Closed entities are found again on disk by what they say."""

from pathlib import Path
from typing import Any

from hapgang.contract import Role
from tests.living import Town, run
from tests.village import person

OPERATOR, ANNE = person("op", Role.OPERATOR), person("anne")


def test_closed_entities_are_found_by_query_and_page(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        for number in range(7):
            state = "dry" if number < 5 else "fallen in"
            well = {"well": str(number), "state": state, "count": number}
            shut = await town.call("POST", "/api/test/village/shut", well, caller=OPERATOR)
            assert shut.status == 200, shut

        async def found(query: str) -> tuple[list[str], str | None]:
            answer = await town.call("GET", f"/api/closed?{query}", caller=OPERATOR)
            assert answer.status == 200, answer
            page = answer.json()
            return [one["id"][-1] for one in page["entities"]], page["after"]

        assert await found("type=TestWell") == (list("0123456"), None)
        assert await found("type=TestWell&q=value>=3;value<5") == (["3", "4"], None)
        first, after = await found("type=TestWell&limit=2&q=state~=^d")
        assert (first, after is not None) == (["0", "1"], True)
        rest, _ = await found(f"type=TestWell&limit=2&q=state~=^d&after={after}")
        assert rest == ["2", "3"]
        assert await found("type=TestWell&limit=2&q=state~=in$") == (["5", "6"], None)
        assert await found("type=Nothing") == ([], None)
        assert (await town.call("GET", "/api/closed?type=Job", caller=OPERATOR)).status == 404
        assert (await town.call("GET", "/api/closed?type=X&q=((", caller=OPERATOR)).status == 422
        assert (await town.call("GET", "/api/closed", caller=OPERATOR)).status == 422
        assert (await town.call("GET", "/api/closed?type=TestWell", caller=ANNE)).status == 403

    run(then, database, small_city, tmp_path / "state")
