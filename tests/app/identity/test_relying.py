"""What was shown to a session counts for as long as the very credential that proved it stands."""

from collections.abc import Callable
from urllib.parse import quote

from tests.app.identity.pocket import ANNE, TAXI, Wallet, attest, register
from tests.app.identity.town import COUNTER, Town, bearer

Live = Callable[..., None]
A = {"categories": ["A"], "valid_until": "2040-05-01"}
C = {"categories": ["C"], "valid_until": "2040-05-01"}


def test_of_two_licences_on_one_key_each_proves_its_own(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet, said = Wallet(town), {}
        for name, claims in (("a", A), ("c", C)):  # the wallet has one key for both
            said[name] = await attest(town, "driving_licence", claims)
            await wallet.fetch(ANNE, "driving_licence", name, attested=said[name])
        token = (await town.call("POST", "/api/visit")).json()["token"]
        holds = town.application._callers.of

        async def prove(*needs: str) -> None:
            begun = await town.call(
                "POST", "/api/me/proofs", {"needs": needs}, headers=bearer(token)
            )
            shown = await wallet.show(begun.json()["link"])
            assert shown.status == 200, shown.body

        await prove("licence.A")
        assert holds(token).holds == {"licence.A"}
        await prove("licence.C", "licence.A")
        assert holds(token).holds == {"licence.A", "licence.C"}
        await town.call("DELETE", f"/api/attestations/{quote(said['a'])}", caller=COUNTER)
        assert holds(token).holds == {"licence.C"}

    live(then, has_visitors=True)


def test_memberships_of_two_organisations_end_one_by_one(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        driver = await attest(town, "membership", {"role": "driver"}, by=TAXI)
        cook = await attest(town, "membership", {"role": "cook"}, by=TAXI)
        for name, attested in (("driver", driver), ("cook", cook)):
            await wallet.fetch(ANNE, "membership", name, attested=attested)
        token = (await town.call("POST", "/api/visit")).json()["token"]
        begun = await town.call(
            "POST", "/api/me/proofs", {"needs": ["member.taxi.driver"]}, headers=bearer(token)
        )
        assert (await wallet.show(begun.json()["link"])).status == 200
        await town.call("DELETE", f"/api/attestations/{quote(cook)}", caller=TAXI)
        assert town.application._callers.of(token).holds == {"member.taxi.driver"}
        await town.call("DELETE", f"/api/attestations/{quote(driver)}", caller=TAXI)
        assert town.application._callers.of(token).holds == frozenset()

    live(then, has_visitors=True)
