"""The people of a demonstration are registered, and hold what their papers say."""

from collections.abc import Callable
from typing import Any

from hapgang.app.identity.personas import PERSONAS
from hapgang.core.ids import urn
from tests.app.identity.town import Town, get
from tests.village import SERVICES

Live = Callable[..., None]


def test_they_hold_what_their_papers_say(live: Live) -> None:
    async def then(town: Town) -> None:
        said: dict[str, Any] = {}
        for name in ("librarian", "designer", "homemaker", "pupil", "pupil"):
            wish = {"identity": urn("Person", name)}
            token = (await town.call("POST", "/api/sign-in", wish)).json()["token"]
            said[name] = (await get(town, "/api/me", token)).json()["holds"]
            mine = (await get(town, "/api/me/registration", token)).json()
            assert mine["name"] == PERSONAS[urn("Person", name)].name
            powers = (await get(town, "/api/me/powers", token)).json()
            assert powers == [] or name == "homemaker"
        assert {"resident", "age.70", "disability"} <= {*said["librarian"]}
        assert "licence.B" not in said["librarian"]
        assert {"age.19", "licence.B"} <= {*said["designer"]} & {*said["homemaker"]}
        assert said["pupil"] == ["age.6", "resident"]
        wish = {"identity": urn("Person", "homemaker")}
        token = (await town.call("POST", "/api/sign-in", wish)).json()["token"]
        (power,) = (await get(town, "/api/me/powers", token)).json()
        assert (power["principal"], power["relation"]) == (
            urn("Person", "pupil"), "carer",
        )  # fmt: skip
        assert power["actions"] == [f"{name}/*" for name in sorted(SERVICES) if name != "platform"]

    live(then, is_demo=True)
