"""A town with a counter and residents, at the origin of the software authenticator."""

from collections.abc import Awaitable, Callable
from typing import Any

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from tests.living import Answer, Town

COUNTER = Caller(urn("Staff", "counter"), Role.AGENCY)
Then = Callable[[Town], Awaitable[None]]


def bearer(token: str) -> dict[str, str]:
    """Return the header of a token."""
    return {"authorization": f"Bearer {token}"}


async def code_for(town: Town, person: str, **more: Any) -> str:
    """Return a code that the counter gives somebody."""
    given = await town.call("POST", "/api/enrolments", {"person": person, **more}, caller=COUNTER)
    assert given.status == 200, given.body
    said = given.json()
    assert said["link"] == f"https://example.org/enrol#{said['code']}"
    code: str = said["code"]
    return code


async def get(town: Town, path: str, token: str) -> Answer:
    """Read something as whoever has a token."""
    return await town.call("GET", path, headers=bearer(token))


__all__ = ["COUNTER", "Answer", "Then", "Town", "bearer", "code_for", "get"]
