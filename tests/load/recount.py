"""Everything that was acknowledged, recomputed from the rows on disk by plain means."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from hapgang.hub.privacy import KeyVault
from hapgang.ledger.till import account_id
from hapgang.writer.postgres import start
from tests.load.clients import AMOUNT_WON, RESERVED_WON, WELLS, Diary, Done
from tests.village import well_id

TABLES = ("entity", "feed", "account", "transfer", "answer", "cursor", "person_key", "access")


class Disk:
    """All rows of a city that does not run."""

    def __init__(self, state: Path) -> None:
        """Read them."""
        with start(state) as server:
            self.rows = asyncio.run(_rows(server.connect_kwargs))
        self.vault = KeyVault.at(state)
        keys = {row["person"]: row["wrapped"] for row in self.rows["person_key"]}
        self.vault.load(keys)

    def body(self, row: dict[str, Any]) -> Any:
        """Return what a line of the feed says."""
        body = row["body"]
        if row["person"] is not None:
            body = self.vault.open(row["person"], body)
        return msgspec.json.decode(body)


async def _rows(connect: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    connection = await asyncpg.connect(**connect)
    try:
        return {
            table: [dict(row) for row in await connection.fetch(_rows_of(table))]
            for table in TABLES
        }
    finally:
        await connection.close()


def _rows_of(table: str) -> str:
    return f"SELECT *, xmin::text::bigint AS xmin FROM {table}"  # xmin: which transaction wrote it


def check(disk: Disk, diary: Diary) -> None:
    """Nothing lost, nothing twice, sums zero."""
    by_kind: dict[str, list[Done]] = {}
    for done in diary.done:
        by_kind.setdefault(done.kind, []).append(done)
    check_feed(disk)
    check_draws(disk, by_kind.get("draw", []))
    check_documents(disk, by_kind.get("create", []), by_kind.get("patch", []))
    check_transfers(disk, by_kind)
    check_balances(disk)
    check_diaries(disk, by_kind.get("diary", []))
    check_reads(disk, by_kind.get("read", []))
    check_answers(disk, [done for done in diary.done if done.kind != "read"])


def check_feed(disk: Disk) -> None:
    positions = sorted(row["position"] for row in disk.rows["feed"])
    assert positions == list(range(1, len(positions) + 1)), "the feed has gaps"


def check_draws(disk: Disk, draws: list[Done]) -> None:
    told = Counter(draw.answer for draw in draws)
    for number in range(WELLS):
        well = well_id(str(number))
        lines = [row for row in disk.rows["feed"] if row["entity"] == well]
        drawn = sorted(disk.body(row)["count"] for row in lines if row["kind"] == "event")
        assert drawn == list(range(1, len(drawn) + 1)), "a draw is missing or counted twice"
        (entity,) = [row for row in disk.rows["entity"] if row["id"] == well]
        assert msgspec.json.decode(entity["doc"])["value"]["value"] == len(drawn)
        check_heard(disk, well, [row for row in lines if row["kind"] == "event"])
        told.subtract(drawn)
    assert not +told, "an acknowledged draw is not on disk"
    assert not -told, "a draw is on disk that nobody was told of"


def check_heard(disk: Disk, well: str, draws: list[dict[str, Any]]) -> None:
    """What the handler did is what its cursor says, neither more nor less."""
    (cursor,) = [row for row in disk.rows["cursor"] if not row["handler"].startswith("every:")]
    taken = [disk.body(row)["count"] for row in draws if row["position"] <= cursor["position"]]
    name = well.replace("TestWell", "TestTally")
    (tally,) = [row for row in disk.rows["entity"] if row["id"] == name]
    document = msgspec.json.decode(tally["doc"])
    assert document["missed"]["value"] == 0
    assert document["heard"]["value"] == max(taken)
    updates = [row for row in disk.rows["feed"] if row["entity"] == name]
    assert len(updates) == len(taken), "a draw was heard twice"


def check_documents(disk: Disk, creates: list[Done], patches: list[Done]) -> None:
    lamps = {row["id"]: row for row in disk.rows["entity"] if row["type"] == "Lamp"}
    made = {create.body["id"] for create in creates}
    assert len(made) == len(creates)
    shared = {name for name in lamps if "shared" in name}
    assert set(lamps) - shared == made
    lines = Counter(row["entity"] for row in disk.rows["feed"] if row["kind"] == "created")
    assert all(lines[name] == 1 for name in lamps)
    written = {name for patch in patches for name in patch.body}
    documents = [msgspec.json.decode(lamps[name]["doc"]) for name in shared]
    on_disk = [name for document in documents for name in document if "-" in name]
    assert sorted(on_disk) == sorted(written)
    updates = [r for r in disk.rows["feed"] if r["kind"] == "updated" and r["entity"] in shared]
    assert len(updates) == len(patches)


def check_transfers(disk: Disk, by_kind: dict[str, list[Done]]) -> None:
    """Every payment, hold, capture, release and refund that was told is there, and no other."""
    rows = {row["id"]: row for row in disk.rows["transfer"]}
    for done in by_kind.get("send", []):
        row = rows.pop(done.answer)
        payer, payee = account_id(done.caller), account_id(done.body["payee"])
        assert (row["debit"], row["credit"], row["amount_won"]) == (payer, payee, AMOUNT_WON)
    for done in by_kind.get("reserve", []):
        row = rows.pop(done.answer)
        assert (row["step"], row["amount_won"]) == ("held", RESERVED_WON)
        assert row["debit"] == account_id(done.caller)
    for done in by_kind.get("settle", []):
        row, price_won = rows.pop(done.answer), done.body["price_won"]
        assert row["of"] == done.body["hold"]
        assert row["step"] == ("captured" if price_won else "released")
        assert not price_won or row["amount_won"] == price_won
    for done in by_kind.get("refund", []):
        row = rows.pop(done.answer)
        assert (row["of"], row["amount_won"]) == (done.body["payment"], done.body["amount_won"])
    assert all(row["memo"] in ("top-up", "welcome") for row in rows.values())


def check_balances(disk: Disk) -> None:
    """What accounts have and what is held of it follows from the transfers; the sum is zero."""
    balances: Counter[str] = Counter()
    held: Counter[str] = Counter()
    over = {row["of"] for row in disk.rows["transfer"] if row["step"] in ("captured", "released")}
    for row in disk.rows["transfer"]:
        if row["step"] in ("posted", "captured"):
            balances[row["debit"]] -= row["amount_won"]
            balances[row["credit"]] += row["amount_won"]
        if row["step"] == "held" and row["id"] not in over:
            held[row["debit"]] += row["amount_won"]
    for account in disk.rows["account"]:
        assert account["balance_won"] == balances[account["id"]], account
        assert account["held_won"] == held[account["id"]], account
    assert sum(account["balance_won"] for account in disk.rows["account"]) == 0


def check_reads(disk: Disk, reads: list[Done]) -> None:
    """Whose words an operator was shown is in the log of reads, each time."""
    shown = Counter(
        (done.caller, owner)
        for done in reads
        for owner in {diary["owner"] for diary in done.answer}
    )
    logged = Counter((row["reader"], row["person"]) for row in disk.rows["access"])
    assert shown
    assert all(logged[pair] >= times for pair, times in shown.items())


def check_diaries(disk: Disk, written: list[Done]) -> None:
    rows = {row["id"]: row for row in disk.rows["entity"] if row["type"] == "TestDiary"}
    assert set(rows) == {done.answer for done in written}
    for done in written:
        row = rows[done.answer]
        assert row["doc"] is None
        document = msgspec.json.decode(disk.vault.open(done.caller, row["sealed"]))
        assert document["text"]["value"] == done.body["text"]
        assert document["writtenBy"]["object"] == done.caller


def check_answers(disk: Disk, all_done: list[Done]) -> None:
    kept = {(row["caller"], row["key"]): row for row in disk.rows["answer"]}
    assert len(kept) == len(disk.rows["answer"])
    assert len({(done.caller, done.key) for done in all_done}) == len(all_done)
    for done in all_done:
        row = kept[done.caller, done.key]
        result = row["result"]
        if row["person"] is not None:
            result = disk.vault.open(row["person"], result)
        if done.answer is not None:
            assert msgspec.json.decode(result) == done.answer
    assert len(kept) == len(all_done), "something was done that nobody was told of"
