"""The local currency over HTTP: many at once, what is read back, and what an auditor finds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hapgang.app import statements, treasury
from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import shops
from hapgang.runtime.platform.money.experiments import pay_experiments
from hapgang.writer.payments import Month, month_at_shops
from tests.living import Town, run
from tests.village import SEOUL, move_in, person

ANNE, BERT, DORA = person("anne"), person("bert"), person("dora")
AGENCY = person("agency", Role.AGENCY)
OFFICE, AUDITOR = person("office", Role.OPERATOR), person("auditor", Role.AUDITOR)
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def settle_in(town: Town) -> str:
    """Let three people move in, and Dora open a shop."""
    for someone in (ANNE, BERT, DORA):
        move_in(town.runtime, someone)
    shop: str = town.runtime.perform(shops.apply_for_shop, DORA, name="빵집", business="56").id
    town.runtime.perform(shops.admit_shop, OFFICE, shop=shop, is_local=True)
    return shop


def won(town: Town, owner: str) -> int:
    return town.runtime.book.account(account_id(owner)).balance_won


async def ok(town: Town, method: str, path: str, caller: Caller, **body: Any) -> Any:
    answer = await town.call(method, f"/api{path}", body or None, caller=caller)
    assert answer.status == 200, answer
    return answer.json()


def test_many_at_once_never_overspend(live: Live) -> None:
    async def then(town: Town) -> None:
        settle_in(town)

        async def pay(i: int) -> int:
            body = {"transfer": str(i), "payee": BERT.id, "amount_won": 300}
            return (await town.call("POST", "/api/me/transfers", body, caller=ANNE)).status

        statuses = await asyncio.gather(*(pay(i) for i in range(100)))
        assert sorted(statuses) == [200] * 33 + [409] * 67
        assert (won(town, ANNE.id), won(town, BERT.id)) == (100, 19_900)
        many = [{"transfer": f"b{i}", "payee": ANNE.id, "amount_won": 10} for i in range(1_000)]
        done = await ok(town, "POST", "/me/transfers/batch", BERT, payments=many, linked=True)
        assert len(done) == 1_000
        assert won(town, ANNE.id) == 10_100

    live(then)


def test_a_bill_that_many_pay_at_once_is_paid_once(live: Live) -> None:
    async def then(town: Town) -> None:
        shop = settle_in(town)
        bill = await ok(town, "POST", f"/shops/{shop}/bills", DORA, amount_won=700)
        body = {"payload": bill["payload"]}
        answers = await asyncio.gather(
            *(
                town.call("POST", "/api/me/code-payments", {**body, "transfer": f"{i}"}, caller=one)
                for i, one in enumerate((ANNE, BERT) * 20)
            )
        )
        assert sorted(answer.status for answer in answers) == [200] + [409] * 39
        assert won(town, shop) == 700
        refused = next(answer.json() for answer in answers if answer.status == 409)
        assert "used already" in refused["detail"]
        assert "이미 사용한" in refused["detail_ko"]

    live(then)


def test_a_rush_for_a_bonus_takes_not_one_won_too_many(live: Live) -> None:
    async def then(town: Town) -> None:
        settle_in(town)
        now = datetime.now(UTC)
        issue = await ok(
            town, "POST", "/issues", OFFICE, title="Rush", bonus_pct=10, budget_won=9_500,
            most_won=100_000, opens_at=(now - timedelta(hours=1)).isoformat(),
            closes_at=(now + timedelta(hours=1)).isoformat(),
        )  # fmt: skip
        guests = [person(f"guest{i}") for i in range(60)]
        for guest in guests:
            move_in(town.runtime, guest, 0)
        body = {"amount_won": 10_000, "issue": issue["id"]}
        answers = await asyncio.gather(
            *(town.call("POST", "/api/me/top-up", body, caller=guest) for guest in guests)
        )
        assert sorted(answer.status for answer in answers) == [200] * 9 + [409] * 51
        assert won(town, issue["id"]) == 500
        assert sum(won(town, guest.id) for guest in guests) == 9 * 11_000

    live(then)


def test_statements_run_and_only_owners_read_them(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(town: Town) -> None:
        shop = settle_in(town)
        code = await ok(town, "GET", f"/shops/{shop}/code", DORA)
        pay = {"payload": code["payload"], "transfer": "1", "amount_won": 400}
        paid = await ok(town, "POST", "/me/code-payments", ANNE, **pay)
        refund = {"payment": paid["transfer"], "transfer": "r", "amount_won": 100}
        await ok(town, "POST", f"/shops/{shop}/refunds", DORA, **refund)
        own = await ok(town, "GET", "/me/statement", ANNE)
        assert [line["balance_won"] for line in own["lines"]] == [10_000, 9_600, 9_700]
        assert (own["opening_won"], own["closing_won"], own["is_whole"]) == (0, 9_700, True)
        till = await ok(town, "GET", f"/me/statement?account={shop}", DORA)
        assert till["closing_won"] == 300
        for account in (shop, DORA.id):
            answer = await town.call("GET", f"/api/me/statement?account={account}", caller=ANNE)
            assert answer.status == 403
        text = await town.call("GET", "/api/me/statement?format=csv", caller=ANNE)
        assert text.headers["content-type"] == "text/csv; charset=utf-8"
        assert text.body.startswith(b"\xef\xbb\xbfat,")  # so that spreadsheets read Korean
        monkeypatch.setattr(statements, "_MOST_LINES", 1)
        assert (await town.call("GET", "/api/me/statement?format=csv", caller=ANNE)).status == 409
        monkeypatch.undo()
        assert text.body.decode().splitlines()[-1].endswith(",100,9700")
        day = datetime.now(town.runtime.clock.zone).date()
        assert (await ok(town, "GET", f"/me/statement?day={day}", ANNE))["lines"] == own["lines"]
        for wrong in ("2025-02-30", "9999-12-31", "0001-01-01", "today"):
            answer = await town.call("GET", f"/api/me/statement?day={wrong}", caller=ANNE)
            assert answer.status == 422
        past = await ok(town, "GET", "/me/statement?month=2025-12", ANNE)
        assert (past["lines"], past["closing_won"]) == ([], 0)
        for wrong in ("2025-13", "x", "2025-12-01"):
            answer = await town.call("GET", f"/api/me/statement?month={wrong}", caller=ANNE)
            assert answer.status == 422

    live(then)


def test_a_guardian_reads_the_wards_statement_and_the_ward_sees_that(live: Live) -> None:
    async def then(town: Town) -> None:
        settle_in(town)
        path = f"/me/statement?account={ANNE.id}"
        assert (await town.call("GET", f"/api{path}", caller=BERT)).status == 403
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        order = await ok(
            town, "POST", "/account-orders", OFFICE, person=ANNE.id, kind="guard", case="2026-9",
            reason="court of family", until=until, others=[BERT.id], most_won_a_day=1_000,
        )  # fmt: skip
        other = person("office2", Role.OPERATOR)
        await ok(town, "POST", f"/account-orders/{order['id']}/approve", other)
        assert (await ok(town, "GET", path, BERT))["closing_won"] == 10_000
        looks = await ok(town, "GET", "/me/access", ANNE)
        assert any(BERT.id in str(look) and "statement" in str(look) for look in looks)

    live(then)


def test_an_auditor_finds_what_was_changed_behind_the_book(live: Live) -> None:
    async def then(town: Town) -> None:
        settle_in(town)
        path = "/treasury/reconciliation"
        await town.runtime.writer.durable()
        sound = await ok(town, "GET", path, AUDITOR)
        assert (sound["differences"], sound["sum_won"]) == ([], 0)
        assert (sound["issued_won"], sound["circulating_won"]) == (30_000, 30_000)
        anne = account_id(ANNE.id)
        await town.live.reads.pool.execute(
            "UPDATE account SET balance_won = balance_won + 1 WHERE id = $1", anne
        )
        changed = await ok(town, "GET", path, AUDITOR)
        assert {one["what"] for one in changed["differences"]} == {
            "balance", "sum of all accounts", "circulating"
        }  # fmt: skip
        assert (await town.call("GET", f"/api{path}", caller=ANNE)).status == 403

    live(then)


def test_everybody_sees_a_collections_book_and_nobody_who_gave(live: Live) -> None:
    async def then(town: Town) -> None:
        shop = settle_in(town)
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        words = {"title": "Trees", "purpose": "Trees", "goal_won": 1_000, "until": until}
        campaign = (await ok(town, "POST", "/campaigns", OFFICE, **words))["id"]
        gift = {"amount_won": 500, "transfer": "1"}
        await ok(town, "POST", f"/campaigns/{campaign}/gifts", ANNE, **gift)
        await ok(town, "POST", f"/campaigns/{campaign}/gifts", BERT, **gift, shown_as="Bert")
        use = {"amount_won": 600, "transfer": "1", "what_for": "saplings"}
        await ok(town, "POST", f"/campaigns/{campaign}/uses", OFFICE, **use, payee=shop)
        answer = await town.call("GET", f"/api/campaigns/{campaign}/book")
        lines = answer.json()
        assert [(line["kind"], line["name"], line["left_won"]) for line in lines] == [
            ("gift", None, 500), ("gift", "Bert", 1_000), ("use", "saplings", 400)
        ]  # fmt: skip
        assert lines[2]["payee"] == account_id(shop)
        assert b"anne" not in answer.body
        assert (await town.call("GET", "/api/campaigns/x/book")).status == 404

    live(then)


def test_no_flood_of_gifts_hides_what_was_used_last(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(town: Town) -> None:
        monkeypatch.setattr(statements, "_MOST_LINES", 3)
        shop = settle_in(town)
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        words = {"title": "Trees", "purpose": "Trees", "goal_won": 1_000, "until": until}
        campaign = (await ok(town, "POST", "/campaigns", OFFICE, **words))["id"]
        for i in range(4):
            gift = {"amount_won": 100, "transfer": f"{i}"}
            await ok(town, "POST", f"/campaigns/{campaign}/gifts", ANNE, **gift)
        use = {"amount_won": 250, "transfer": "1", "what_for": "saplings", "payee": shop}
        await ok(town, "POST", f"/campaigns/{campaign}/uses", OFFICE, **use)
        path = f"/campaigns/{campaign}/book"
        lines = await ok(town, "GET", path, BERT)
        assert [(line["kind"], line["left_won"]) for line in lines] == [
            ("gift", 300), ("gift", 400), ("use", 150)
        ]  # fmt: skip
        month = f"{datetime.now(town.runtime.clock.zone):%Y-%m}"
        lines = await ok(town, "GET", f"{path}?month={month}", BERT)
        assert [line["left_won"] for line in lines] == [100, 200, 300]
        assert await ok(town, "GET", f"{path}?month=2025-12", BERT) == []

    live(then)


def test_fees_are_compared_from_real_payments_once_five_people_paid(live: Live) -> None:
    async def then(town: Town) -> None:
        shop = settle_in(town)
        code = await ok(town, "GET", f"/shops/{shop}/code", DORA)
        month = await ok(town, "GET", "/currency/month?month=2025-12", ANNE)
        assert (month["paid_won"], month["circulating_won"]) == (None, 0)
        for i in range(5):
            guest = person(f"guest{i}")
            move_in(town.runtime, guest, 10_000)
            pay = {"payload": code["payload"], "transfer": "1", "amount_won": 10_000}
            paid = await ok(town, "POST", "/me/code-payments", guest, **pay)
        words = {
            "title": "Bread",
            "budget_won": 1_000,
            "until": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        }
        programme = (await ok(town, "POST", "/voucher-programmes", OFFICE, **words))["id"]
        given = {"people": [guest.id], "amount_won": 1_000}
        path = f"/voucher-programmes/{programme}/vouchers"
        voucher = (await ok(town, "POST", path, OFFICE, **given))[0]
        spent = await ok(town, "POST", f"/me/vouchers/{voucher}/payments", guest,
                         **{**pay, "amount_won": 1_000}, goods="buying")  # fmt: skip
        back = {"payment": spent["transfer"], "transfer": "v", "amount_won": 1_000}
        await ok(town, "POST", f"/shops/{shop}/refunds", DORA, **back)
        await town.runtime.writer.durable()
        ages = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        found = await month_at_shops(town.live.reads.pool, *ages)
        assert (found.payments, found.payers) == (6, 5)  # a programme is nobody who pays
        refund = {"payment": paid["transfer"], "transfer": "r", "amount_won": 10_000}
        await ok(town, "POST", f"/shops/{shop}/refunds", DORA, **refund)
        paid_in = f"{datetime.now(town.runtime.clock.zone):%Y-%m}"
        town.runtime.clock = VirtualClock(datetime.now(UTC) + timedelta(days=1), SEOUL)
        month = await ok(town, "GET", f"/currency/month?month={paid_in}", AUDITOR)
        assert (month["payments"], month["paid_won"]) == (6, 40_000)
        assert (month["card_fees_won"], month["card_company_won"], month["network_won"]) == (
            1_000, 880, 120
        )  # fmt: skip
        assert (month["points_won"], month["points_paid_won"]) == (400, 0)
        assert (month["local_share"], month["circulating_won"]) == (1.0, 81_000)
        assert month["velocity"] > 0

    live(then)


def test_no_month_tells_of_today_or_of_a_single_top_up(live: Live) -> None:
    async def then(town: Town) -> None:
        settle_in(town)
        await ok(town, "POST", "/me/top-up", ANNE, amount_won=1_001)
        await town.runtime.writer.durable()
        for month in ("2025-12", f"{datetime.now(SEOUL):%Y-%m}", "2099-12"):
            told = await ok(town, "GET", f"/currency/month?month={month}", BERT)
            assert told["circulating_won"] == 0, month
        town.runtime.clock = VirtualClock(datetime.now(UTC) + timedelta(days=1), SEOUL)
        told = await ok(town, "GET", "/currency/month?month=2099-11", BERT)
        assert told["circulating_won"] == 31_000

    live(then)


def test_strangers_have_one_sum_made_at_a_time_and_each_once(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[datetime] = []
    under_way: list[int] = [0]

    async def slow(pool: Any, since: datetime, until: datetime) -> Month:
        begun.append(since)
        under_way[0] += 1
        assert under_way[0] == 1
        await asyncio.sleep(0.01)
        under_way[0] -= 1
        return await month_at_shops(pool, since, until)

    async def then(town: Town) -> None:
        monkeypatch.setattr(treasury, "month_at_shops", slow)
        paths = [f"/api/currency/month?month=2025-{month:02d}" for month in (1, 2, 3)] * 10
        answers = await asyncio.gather(*(town.call("GET", path) for path in paths))
        assert {answer.status for answer in answers} == {200}
        assert len(begun) == 3

    live(then)


def test_an_experiment_is_reported_from_what_people_spent(live: Live) -> None:
    async def then(town: Town) -> None:
        shop = settle_in(town)
        code = await ok(town, "GET", f"/shops/{shop}/code", DORA)
        words = {"title": "Income", "purpose": "to see", "treated_pct": 50, "monthly_won": 1_000}
        name = (await ok(town, "POST", "/experiments", OFFICE, **words, months=2,
                         budget_won=100_000))["id"]  # fmt: skip
        people = [person(f"p{i}") for i in range(20)]
        for one in people:
            move_in(town.runtime, one, 5_000)
            await ok(town, "POST", f"/experiments/{name}/join", one)
        now = datetime.now(UTC)
        tomorrow = (now + timedelta(days=1)).astimezone(town.runtime.clock.zone).date()
        await ok(town, "POST", f"/experiments/{name}/list", OFFICE, seed_source="a lottery",
                 draws_on=str(tomorrow))  # fmt: skip
        town.runtime.clock = VirtualClock(now + timedelta(days=1), SEOUL)
        await ok(town, "POST", f"/experiments/{name}/lots", OFFICE, seed="1-2-3-4-5-6",
                 starts_on=str(tomorrow))  # fmt: skip
        town.runtime.perform(pay_experiments, PLATFORM)
        early = await town.call("GET", f"/api/experiments/{name}/report")
        assert early.status == 409
        for one in people:
            spend = won(town, one.id) // 2
            await ok(town, "POST", "/me/code-payments", one, payload=code["payload"],
                     transfer="1", amount_won=spend)  # fmt: skip
        later = now + timedelta(days=33)
        town.runtime.clock = VirtualClock(later, SEOUL)
        report = (await town.call("GET", f"/api/experiments/{name}/report")).json()
        whole = report["groups"][0]
        assert (report["months"], whole["treated"], whole["control"]) == (1, 10, 10)
        assert whole["spent_won"]["treated"] == 3_000
        assert whole["spent_won"]["control"] == 2_500
        assert whole["spent_won"]["difference"] == 500
        assert whole["local_share"]["treated"] == 1.0
        assert report["experiment"]["seed"] == "1-2-3-4-5-6"

    live(then)


def test_a_shop_sees_what_it_took_and_gave_back(live: Live) -> None:
    async def then(town: Town) -> None:
        shop = settle_in(town)
        code = await ok(town, "GET", f"/shops/{shop}/code", DORA)
        await ok(town, "POST", "/reward-budgets", OFFICE, title="Buy", reason="buying",
                 share_pct=1, budget_won=1_000, most_a_day_won=500, most_won=500,
                 until=(datetime.now(UTC) + timedelta(days=9)).isoformat())  # fmt: skip
        paid = [
            await ok(town, "POST", "/me/code-payments", caller, payload=code["payload"],
                     transfer="1", amount_won=5_000)
            for caller in (ANNE, BERT)
        ]  # fmt: skip
        await ok(town, "POST", "/me/transfers", ANNE, transfer="2", payee=shop, amount_won=1)
        false = {"transfer": "2:points", "payee": BERT.id, "amount_won": 9}  # no points at all
        await ok(town, "POST", "/me/transfers", ANNE, **false)
        for name, won_back in (("a", 300), ("b", 700)):
            await ok(town, "POST", f"/shops/{shop}/refunds", DORA, payment=paid[0]["transfer"],
                     transfer=name, amount_won=won_back)  # fmt: skip
        today = datetime.now(UTC).astimezone(SEOUL).date()
        took = await ok(town, "GET", f"/shops/{shop}/takings?day={today}", DORA)
        assert (took["payments"], took["taken_won"], took["net_won"]) == (3, 10_001, 9_001)
        assert (took["refunds"], took["refunded_won"], took["points_won"]) == (2, 1_000, 100)
        assert took["card_fees_won"] == 225  # 250 of 10,000
        assert sum(hour["taken_won"] for hour in took["hours"]) == 10_001
        assert [one["refunded_won"] for one in took["newest"]] == [0, 0, 1_000]
        other = (await ok(town, "POST", "/shops", DORA, name="Flour", business="47"))["id"]
        await ok(town, "POST", f"/shops/{other}/admit", OFFICE, is_local=True)
        await ok(town, "POST", "/me/transfers", ANNE, transfer="f", payee=other, amount_won=400)
        await ok(town, "GET", "/me/account", AGENCY)
        bought = {"payload": code["payload"], "transfer": "1", "amount_won": 1_000}
        grant = {"payee": AGENCY.id, "amount_won": 1_000, "memo": "", "transfer": "1"}
        await ok(town, "POST", "/treasury/payments", OFFICE, **grant)
        await ok(town, "POST", "/me/code-payments", AGENCY, **bought)  # an office buys, too
        between = {"payee": shop, "amount_won": 400, "transfer": "b2b", "account": other}
        await ok(town, "POST", "/me/transfers", DORA, **between)
        await ok(town, "POST", f"/shops/{shop}/refunds", DORA, amount_won=400, transfer="c",
                 payment=f"{account_id(other)}:b2b")  # fmt: skip
        took = await ok(town, "GET", f"/shops/{shop}/takings?day={today}", DORA)
        assert (took["payments"], took["taken_won"], took["refunded_won"]) == (4, 11_001, 1_000)
        assert (await ok(town, "GET", f"/shops/{shop}/takings?day=2026-01-01", DORA))["hours"] == []
        refused = await town.call("GET", f"/api/shops/{shop}/takings", caller=ANNE)
        assert refused.status == 403

    live(then)
