"""Agreements over HTTP: the number of a part stands in the path, and is a number all the same."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.living import Town, run
from tests.village import move_in, person

ANNE, BERT, CARL = person("anne"), person("bert"), person("carl")
PARTS = [{"title": "roof", "amount_won": 3_000}, {"title": "walls", "amount_won": 2_000}]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Callable[..., None]:
    def do(then: Callable[[Town], Awaitable[None]]) -> None:
        run(then, database, small_city, tmp_path / "state")

    return do


def test_parts_are_confirmed_and_given_back_by_their_number(live: Callable[..., None]) -> None:
    async def then(town: Town) -> None:
        for someone in (ANNE, BERT, CARL):
            move_in(town.runtime, someone)
        body = {"payee": BERT.id, "confirmer": CARL.id, "title": "Shed", "parts": PARTS, "days": 3}
        opened = (await town.call("POST", "/api/me/escrows", body, caller=ANNE)).json()
        place = f"/api/me/escrows/{opened['id']}/parts"
        paid = await town.call("POST", f"{place}/0/confirm", {}, caller=CARL)
        assert [part["state"] for part in paid.json()["parts"]] == ["paid", "held"]
        back = await town.call("POST", f"{place}/1/give-up", None, caller=BERT)
        assert back.json()["state"] == "ended"
        for bad, status in (("x", 422), ("-1", 422), ("20", 422), ("1.5", 422), ("7", 404)):
            answer = await town.call("POST", f"{place}/{bad}/confirm", {}, caller=CARL)
            assert answer.status == status, bad

    live(then)
