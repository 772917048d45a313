"""Money between two cities: paid at home, had there, once, within limits; and the way back."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from hapgang.ledger.log.note import Signer, VerifierKey
from tests.app.cities.conftest import Live
from tests.app.cities.two import (
    COUNCIL,
    DAY_WON,
    EVE,
    GUEST,
    MINA,
    OFFICE,
    OPERATOR,
    OTHER,
    OUTSTANDING_WON,
    balance,
    clearing,
    code,
    done,
    file_of,
    get,
    origin_of,
    post,
    sent,
    signed_log,
    skip,
)
from tests.living import Town


def test_what_is_paid_at_home_is_had_there_and_the_rest_comes_back(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        file = await sent(home, away, agreement, 30_000)
        fact = file["receipt"]["fact"]
        assert MINA.id not in str(file) and GUEST.id not in str(file)  # noqa: PT018
        assert balance(home, MINA.id) == 170_000
        arrived = await done(away, GUEST, "/me/abroad/arrivals", **file)
        assert (arrived["amount_won"], arrived["is_new"]) == (30_000, True)
        assert balance(away, GUEST.id) == 30_000
        assert (clearing(home, away), clearing(away, home)) == (30_000, -30_000)
        again = await done(away, GUEST, "/me/abroad/arrivals", **file)
        assert (again["transfer"], again["is_new"]) == (arrived["transfer"], False)
        await done(away, GUEST, "/me/transfers", transfer="t", payee=EVE.id, amount_won=12_000)
        back = await sent(away, home, agreement, 18_000, by=GUEST, to=MINA)
        await done(home, MINA, "/me/abroad/arrivals", **back)
        assert balance(home, MINA.id) == 188_000
        assert (clearing(home, away), clearing(away, home)) == (12_000, -12_000)
        for town in (home, away):
            assert town.runtime.book.total_won() == 0
        proof = await done(
            away, EVE, f"/recognised-cities/{quote(origin_of(home), safe='')}/check",
            **await file_of(home, away, fact["id"].removeprefix("platform/")),
        )  # fmt: skip
        assert (proof["fact"], proof["continues"], proof["anchored"]) == (fact, True, None)

    live(then)


def test_a_repeat_at_home_is_one_slip(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        words = {"name": "trip", "agreement": agreement, "amount_won": 5_000,
                 "code": await code(away, GUEST)}  # fmt: skip
        first = await done(home, MINA, "/me/abroad/slips", **words)
        assert await done(home, MINA, "/me/abroad/slips", **words) == first
        assert balance(home, MINA.id) == 195_000
        other = {**words, "amount_won": 6_000}
        assert (await post(home, MINA, "/me/abroad/slips", **other)).status == 409
        assert [one["id"] for one in await get(home, MINA, "/me/abroad/slips")] == [first["id"]]

    live(then)


def test_nobody_else_gets_it_and_nothing_that_was_changed_counts(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        file = await sent(home, away, agreement, 10_000)
        assert (await post(away, OTHER, "/me/abroad/arrivals", **file)).status == 403
        changes: tuple[Callable[[Any], Any], ...] = (
            lambda it: it["receipt"]["fact"].update(amount_won=99_000),
            lambda it: it["receipt"]["fact"].update(payee="0" * 32),
            lambda it: it["receipt"].update(salt="00" * 32),
            lambda it: it["receipt"].update(index=it["receipt"]["index"] - 1),
            lambda it: it["receipt"].update(checkpoint=forged(it["receipt"]["checkpoint"])),
            lambda it: it["growth"][0].update(path=["00" * 32]),
            lambda it: it["receipt"]["fact"].update(home="hapgang/nowhere"),
        )
        for change in changes:
            changed = deepcopy(file)
            change(changed)
            answer = await post(away, GUEST, "/me/abroad/arrivals", **changed)
            assert answer.status in (404, 422), answer.body
        at_home = await post(home, MINA, "/me/abroad/arrivals", **file)
        assert at_home.status in (404, 422)
        transfer = await sent_transfer(home, away)
        wrong = await post(away, GUEST, "/me/abroad/arrivals", receipt=transfer)
        assert wrong.status in (404, 422)
        assert balance(away, GUEST.id) == 0
        await done(away, GUEST, "/me/abroad/arrivals", **file)

    live(then)


def forged(note: str) -> str:
    """Sign a checkpoint with another key of the same name."""
    text = note.rpartition("\n\n")[0] + "\n"
    return text + "\n" + Signer(text.split("\n")[0], b"x" * 32).sign(text).line()


async def sent_transfer(home: Town, away: Town) -> Any:
    """Return the receipt of a transfer at home, which is no slip."""
    words = {"transfer": "t9", "payee": EVE.id, "amount_won": 5}
    name = await done(home, MINA, "/me/transfers", **words)
    await home.live.log.publish(home.live.reads)
    return await get(home, MINA, f"/me/transfers/{quote(name, safe='')}/receipt")


def test_limits_of_a_day_and_of_what_is_owed_hold_on_both_sides(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        words = {"agreement": agreement, "code": await code(away, GUEST)}
        too_much = await post(
            home, MINA, "/me/abroad/slips", name="a", amount_won=DAY_WON + 1, **words
        )
        assert (too_much.status, too_much.json()["left_won"]) == (409, DAY_WON)
        assert balance(home, MINA.id) == 200_000
        first = await sent(home, away, agreement, DAY_WON)
        more = await post(home, MINA, "/me/abroad/slips", name="b", amount_won=1, **words)
        assert more.json()["left_won"] == 0
        left = OUTSTANDING_WON - DAY_WON
        over = await post(home, EVE, "/me/abroad/slips", name="c", amount_won=left + 1, **words)
        assert (over.status, over.json()["left_won"]) == (409, left)
        second = await sent(home, away, agreement, left, "d", by=EVE, to=GUEST)
        slip = second["receipt"]["fact"]["id"].removeprefix("platform/")
        assert (await get(home, EVE, "/me/abroad"))[0]["out_left_won"] == 0
        await done(away, GUEST, "/me/abroad/arrivals", **first)
        second = await file_of(home, away, slip, EVE)  # it has to continue what was seen since
        day = await post(away, GUEST, "/me/abroad/arrivals", **second)  # the same person's day
        assert day.status == 409
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        skip(away, tomorrow)
        await done(away, GUEST, "/me/abroad/arrivals", **second)
        assert clearing(away, home) == -OUTSTANDING_WON
        skip(home, tomorrow)
        assert (await post(home, MINA, "/me/abroad/slips", name="e", amount_won=1, **words)
                ).status == 409  # fmt: skip

    live(then)


def test_what_ended_a_second_ago_counts_no_more(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        file = await sent(home, away, agreement, 10_000)
        other = await sent(home, away, agreement, 1_000, "other")
        await done(away, GUEST, "/me/abroad/arrivals", **other)
        path = f"/recognised-cities/{quote(origin_of(home), safe='')}"
        await done(away, OPERATOR, f"{path}/end", reason="its key was stolen")
        assert (await post(away, GUEST, "/me/abroad/arrivals", **file)).status == 409
        assert (await post(away, EVE, f"{path}/check", **file)).status == 409
        assert await get(away, GUEST, "/me/abroad") == []
        again = await done(away, GUEST, "/me/abroad/arrivals", **other)  # what came has come
        assert not again["is_new"]
        assert [one["state"] for one in await get(away, None, "/currency-agreements")] == ["ended"]
        words = {"name": "z", "agreement": agreement, "amount_won": 1, "code": "0" * 32}
        assert (await post(away, EVE, "/me/abroad/slips", **words)).status == 409

    live(then)


def test_an_agreement_that_is_over_takes_nothing_and_the_money_comes_back(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        file = await sent(home, away, agreement, 9_000, "not taken")
        kept = await sent(home, away, agreement, 4_000, "taken")
        await done(away, GUEST, "/me/abroad/arrivals", **kept)
        later = datetime.now(UTC) + timedelta(days=31)
        for town in (home, away):
            skip(town, later)
        late = await post(away, GUEST, "/me/abroad/arrivals", **file)
        assert (late.status, b"comes back at home" in late.body) == (409, True)
        path = f"/currency-agreements/{quote(agreement, safe='')}"
        statement = await get(away, OPERATOR, f"{path}/statement")
        assert [line["step"] for line in statement["lines"]] == ["taken"]
        settled = await done(home, OPERATOR, f"{path}/statements", statement=statement)
        assert (settled["taken"], settled["returned"], settled["returned_won"]) == (1, 1, 9_000)
        assert settled["owes_won"] == 4_000 == -clearing(away, home)
        assert balance(home, MINA.id) == 196_000
        again = await done(home, OPERATOR, f"{path}/statements", statement=statement)
        assert (again["taken"], again["returned"]) == (0, 0)
        skip(away, datetime.now(UTC) + timedelta(days=300))
        with_end = await post(
            away, EVE, "/me/abroad/slips", name="x", agreement=agreement, amount_won=1,
            code="0" * 32,
        )  # fmt: skip
        assert b"not in force" in with_end.body

    live(then)


def test_what_is_owed_is_settled_by_bank_once(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        await done(away, GUEST, "/me/abroad/arrivals", **await sent(home, away, agreement, 7_000))
        path = f"/currency-agreements/{quote(agreement, safe='')}"
        words = {"amount_won": 7_000, "reference": "KFTC-1"}
        assert (await post(home, OPERATOR, f"{path}/settlements", way="received", **words)
                ).status == 409  # fmt: skip
        for _ in range(2):
            paid = await done(home, OPERATOR, f"{path}/settlements", way="paid", **words)
            got = await done(away, OPERATOR, f"{path}/settlements", way="received", **words)
            assert (paid["owes_won"], got["owes_won"]) == (0, 0)
        more = {"amount_won": 1, "reference": "KFTC-2"}
        assert (await post(home, OPERATOR, f"{path}/settlements", way="paid", **more)).status == 409
        said = await get(away, OPERATOR, f"{path}/statement")
        assert [line["step"] for line in said["lines"]] == ["taken", "bank in"]
        assert (await post(home, MINA, f"{path}/settlements", way="paid", **more)).status == 403
        for wrong in (
            "x",
            "2026-11-23",
            "0001-01-01T00:00:00%2B23:00",
            "9999-12-31T23:59:59-23:00",
        ):
            answer = await away.call("GET", f"/api{path}/statement?since={wrong}", caller=OPERATOR)
            assert answer.status == 422, wrong

    live(then)


def test_a_log_that_was_forked_for_one_traveller_ends_it_all(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        file = await sent(home, away, agreement, 10_000)
        await done(away, GUEST, "/me/abroad/arrivals", **file)
        size, signer = file["receipt"]["size"], home.live.log.signer
        fork = signer.checkpoint(size, b"f" * 32).whole()
        second = await sent(home, away, agreement, 1_000, "second")
        without = {"receipt": second["receipt"]}
        told = await post(away, GUEST, "/me/abroad/arrivals", **without)
        assert (told.status, told.json()["seen"]) == (409, size)  # what it has to continue
        shown = {**second, "growth": [{"from": fork, "to": fork, "path": []}]}
        answer = await post(away, GUEST, "/me/abroad/arrivals", **shown)
        assert (answer.status, b"two different logs" in answer.body) == (409, True)
        known = (await get(away, None, "/recognised-cities"))[0]
        assert (known["state"], len(known["evidence"])) == ("forked", 2)
        assert (await post(away, GUEST, "/me/abroad/arrivals", **second)).status == 409
        assert balance(away, GUEST.id) == 10_000

    live(then)


def test_it_takes_two_offices_and_the_right_signatures(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        path = f"/recognised-cities/{quote(origin_of(home), safe='')}"
        key, checkpoint = await signed_log(home)
        words = {"title_en": "Home", "title_ko": "집", "origin": origin_of(home), "keys": [key],
                 "checkpoint": checkpoint}  # fmt: skip
        assert (await post(away, OFFICE, "/recognised-cities", **words)).status == 409  # is known
        await done(away, OFFICE, f"{path}/end", reason="to begin anew")
        assert (await post(away, EVE, "/recognised-cities", **words)).status == 403
        wrong = {**words, "checkpoint": forged(checkpoint)}
        assert (await post(away, OFFICE, "/recognised-cities", **wrong)).status == 422
        other = VerifierKey(origin_of(home), b"k" * 32).text()
        await done(away, OFFICE, "/recognised-cities", **{**words, "keys": [key, other]})
        swapped = await post(away, COUNCIL, f"{path}/approve", keys=[key])
        assert swapped.status == 409, "who looked at one key approves no other"
        await done(away, OFFICE, f"{path}/end", reason="one key only")
        await done(away, OFFICE, "/recognised-cities", **words)
        assert (await post(away, OFFICE, f"{path}/approve", keys=[key])).status == 403
        note = (await get(home, None, "/currency-agreements"))[0]["note"]
        early = await post(away, OFFICE, "/currency-agreements/taken-up", note=note)
        assert early.status == 409  # not recognised yet
        await done(away, COUNCIL, f"{path}/approve", keys=[key])
        taken = await post(away, OFFICE, "/currency-agreements/taken-up", note=note)
        assert taken.status == 409  # this one is known, and has ended
        text = note.rpartition("\n\n")[0] + "\n"
        more = text.replace(f'"day_won":{DAY_WON}', '"day_won":9000000')
        assert more != text
        stolen = more + "\n" + note.rpartition("\n\n")[2]
        assert (await post(away, OFFICE, "/currency-agreements/taken-up", note=stolen)
                ).status == 422  # fmt: skip

    live(then)


def test_nobody_pays_into_what_cities_owe_each_other(live: Live) -> None:
    async def then(home: Town, away: Town, agreement: str) -> None:
        account = f"clearing:{origin_of(away).replace('/', ':')}"
        for payee in (account, f"urn:ngsi-ld:{account}"):
            words = {"transfer": "t", "payee": payee, "amount_won": 5}
            assert (await post(home, MINA, "/me/transfers", **words)).status == 403
            escrow = {"payee": payee, "confirmer": EVE.id, "title": "x", "days": 1,
                      "parts": [{"title": "y", "amount_won": 5}]}  # fmt: skip
            assert (await post(home, MINA, "/me/escrows", **escrow)).status in (403, 404, 422)
        assert clearing(home, away) == 0
        assert (await get(home, MINA, "/me/abroad"))[0]["out_left_won"] == DAY_WON
        assert "hapgang_forked_cities 0" in (await home.call("GET", "/metrics")).body.decode()

    live(then)
