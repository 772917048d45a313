"""Visitors without an account, and long lists that come in pages."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.runtime.platform.visits import MOST_A_MINUTE
from tests.living import Town, run
from tests.village import move_in, person

ANNE = person("anne")
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def test_visitors_come_in_where_they_are_wanted(live: Live) -> None:
    async def closed(town: Town) -> None:
        assert (await town.call("POST", "/api/visit")).status == 403
        assert not (await town.call("GET", "/api/city")).json()["visitors"]

    async def wanted(town: Town) -> None:
        assert (await town.call("GET", "/api/city")).json()["visitors"]
        visit = (await town.call("POST", "/api/visit")).json()
        assert (visit["role"], visit["expires_in_s"]) == ("visitor", 4 * 3600)
        headers = {"authorization": f"Bearer {visit['token']}"}
        wallet = (await town.call("GET", "/api/me/wallet", headers=headers)).json()
        assert (wallet["balance_won"], wallet["top_up_left_won"]) == (0, 0)
        me = (await town.call("GET", "/api/me/person", headers=headers)).json()
        assert (me["visitor"], me["licence"]) == (True, False)
        assert (await town.call("GET", "/api/me", headers=headers)).json()["name"][
            "en"
        ] == "Visitor"
        assert (await town.call("GET", "/api/quarantine", headers=headers)).status == 403
        for _ in range(MOST_A_MINUTE - 1):
            assert (await town.call("POST", "/api/visit")).status == 200
        refused = await town.call("POST", "/api/visit")
        assert (refused.status, refused.headers["retry-after"]) == (429, "60")

    live(closed)
    live(wanted, has_visitors=True)


def test_a_demonstration_gives_visitors_play_money(live: Live) -> None:
    async def demo(town: Town) -> None:
        visit = (await town.call("POST", "/api/visit")).json()
        headers = {"authorization": f"Bearer {visit['token']}"}
        wallet = (await town.call("GET", "/api/me/wallet", headers=headers)).json()
        assert (wallet["balance_won"], wallet["top_up_left_won"]) == (20_000, 20_000)

    live(demo, is_demo=True)


def test_long_lists_come_in_pages(live: Live) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 100_000)
        for _ in range(5):
            await town.call("POST", "/api/me/top-up", {"amount_won": 1_000}, caller=ANNE)
        whole = (await town.call("GET", "/api/me/transfers", caller=ANNE)).json()
        assert len(whole) == 6
        pages = [
            (await town.call("GET", f"/api/me/transfers?limit=4&offset={at}", caller=ANNE)).json()
            for at in (0, 4, 8)
        ]
        assert [len(page) for page in pages] == [4, 2, 0]
        assert pages[0] + pages[1] == whole
        for wrong in ("limit=0", "limit=201", "offset=-1", "limit=x", "page=2"):
            for list_ in ("transfers", "access"):
                answer = await town.call("GET", f"/api/me/{list_}?{wrong}", caller=ANNE)
                assert answer.status == 422, wrong

    live(then)
