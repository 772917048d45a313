"""Once a device is reported lost, nothing that was begun on it goes on."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.app.identity.phone import Phone
from tests.app.identity.pocket import ANNE, Wallet, offer, register
from tests.app.identity.town import Town, bearer, code_for, get

Live = Callable[..., None]


async def lose(town: Town, *, at_counter: bool, tablet: Phone) -> str:
    """Report Anne's phone; return the token of her tablet."""
    if at_counter:
        code = await code_for(town, ANNE.id, lost=True)
        token: str = (await tablet.enrol(town, code)).json()["token"]
        return token
    token = (await tablet.sign_in(town)).json()["token"]
    assert (await town.call("POST", "/api/me/lost", headers=bearer(token))).status == 200
    return token


@pytest.mark.parametrize("at_counter", [True, False])
def test_who_has_the_phone_fetches_no_credential_and_comes_back_by_no_code(
    live: Live, at_counter: bool
) -> None:
    async def then(town: Town) -> None:
        await register(town)
        phone, tablet = Phone("Anne's phone"), Phone("Tablet")
        on_it = (await phone.enrol(town, await code_for(town, ANNE.id))).json()["token"]
        await tablet.add(town, on_it)
        made = await town.call("POST", "/api/me/recovery-codes", headers=bearer(on_it))
        codes: list[str] = made.json()["codes"]
        thief = Wallet(town)
        offered = await offer(town, ANNE, "age")
        other = await offer(town, ANNE, "residency")
        token = (await thief.token(other["offer_link"], other["pin"])).json()["access_token"]

        here = await lose(town, at_counter=at_counter, tablet=tablet)

        again = await thief.token(offered["offer_link"], offered["pin"])
        assert (again.status, again.json()["error"]) == (400, "invalid_grant")
        assert (await thief.credential(token, "residency")).status == 401
        assert town.runtime.state.count("IssuedCredential") == 0
        assert (await Phone("Thief's").enrol(town, codes[0], "recovery")).status == 403
        # who reported it begins anew
        fresh = await town.call("POST", "/api/me/recovery-codes", headers=bearer(here))
        assert (await Phone("c").enrol(town, fresh.json()["codes"][0], "recovery")).status == 200
        assert len((await get(town, "/api/me/passkeys", here)).json()) == 2

    live(then)


def test_a_code_in_the_middle_of_its_use_is_over_too(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        phone, thief = Phone("Anne's phone"), Phone("Thief's")
        on_it = (await phone.enrol(town, await code_for(town, ANNE.id))).json()["token"]
        made = await town.call("POST", "/api/me/recovery-codes", headers=bearer(on_it))
        code = made.json()["codes"][0]
        asked = await town.call("POST", "/api/sign-in/recovery/options", {"code": code})
        said: Any = asked.json()
        await code_for(town, ANNE.id, lost=True)
        body = {
            "attempt": said["attempt"], "code": code, "label": "x",
            "answer": thief.make(said["options"]),
        }  # fmt: skip
        assert (await town.call("POST", "/api/sign-in/recovery", body)).status == 403
        assert town.runtime.state.count("SignInKey") == 0

    live(then)
