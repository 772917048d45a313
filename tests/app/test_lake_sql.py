"""SQL over lakes: what may be asked is answered, and nothing gets out of it by any door."""

import asyncio
import contextlib
import io
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hapgang.app import lake_cell
from hapgang.app.lake_answer import Rows, bytes_of
from hapgang.app.lake_check import NotAllowed, tables_of
from hapgang.app.lake_order import Order, Source
from hapgang.app.lake_query import Busy, OneAtATime, Query, Room, TooSlow
from hapgang.app.lake_rights import described, sources_of_run
from hapgang.app.lake_words import NotRun
from hapgang.contract import Role
from hapgang.core.errors import CityError
from hapgang.hub.feed_lake import event_columns
from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.writer.recovery import FeedRow
from tests.living import Answer, Town, run
from tests.village import person

PLANNER, OPERATOR = person("planner", Role.PLANNER), person("op", Role.OPERATOR)
COMPANY, RESIDENT = person("inc", Role.COMPANY), person("anne")
DAY = "2026-11-20"
RUN = "a-run"
TRIPS = {
    "trip": ["t1", "t2", "t3"], "person": ["p1", "p2", "p3"], "purpose": ["work"] * 3,
    "mode": ["car", "bus", "car"], "origin": ["A"] * 3, "destination": ["B"] * 3,
    "depart_s": [100.0, 50.0, 75.0], "arrive_s": [200.0, 150.0, 175.0],
    "distance_m": [1000.0, 2000.0, 4000.0], "cost_won": [0, 1500, 0], "service": [""] * 3,
    "entity": [""] * 3, "transfer": [""] * 3,
}  # fmt: skip
pytestmark = pytest.mark.slow  # every query is a process of its own
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Source]:
    lake = Lake(tmp_path / "lake", RUN)
    lake.write("trip", DAY, TRIPS)
    return sources_of_run(lake)


def ask(tables: dict[str, Source], sql: str, form: str = "json", **limits: Any) -> Any:
    limits = {"most_rows": 1000, "time_limit_s": 60.0, **limits}  # for a busy machine
    head, body = Query(sql, tables, time_zone="Asia/Seoul", form=form, **limits).run()
    return head, json.loads(body) if form == "json" else body


def test_a_query_is_answered_with_types_and_in_its_order(tables: dict[str, Source]) -> None:
    head, rows = ask(tables, "SELECT trip, mode, cost_won FROM trip ORDER BY depart_s")
    assert [(c.name, c.type) for c in head.columns] == [
        ("trip", "VARCHAR"), ("mode", "VARCHAR"), ("cost_won", "BIGINT"),
    ]  # fmt: skip
    assert rows == [["t2", "bus", 1500], ["t3", "car", 0], ["t1", "car", 0]]
    assert not head.more


def test_every_kind_of_value_can_leave(tables: dict[str, Source]) -> None:
    sql = (
        "SELECT 1 n, 2 n, sum(cost_won) s, 9007199254740993 big, 0.5::DECIMAL(3, 1) d, sqrt(-1) r,"
        " [1, 2] l, {'a': 1} st, INTERVAL 1 DAY i, 'x'::BLOB b, NULL z, DATE '2020-01-02' dd,"
        " TIMESTAMPTZ '2020-01-01 00:00:00+00' t, true yes FROM trip"
    )
    _, rows = ask(tables, sql)
    assert rows == [[1, 2, 1500, "9007199254740993", 0.5, "nan", "[1, 2]", "{'a': 1}", "1 day",
                     "x", None, "2020-01-02", "2020-01-01T09:00:00+09:00", True]]  # fmt: skip
    _, text = ask(tables, sql, "csv")
    assert text.startswith(b'\xef\xbb\xbf"n","n","s","big",')
    assert b'"2020-01-01T09:00:00.000000+0900",true' in text
    assert b'"[1, 2]","{\'a\': 1}","1 day","x",,2020-01-02' in text
    _, file = ask(tables, sql, "parquet")
    table = pq.read_table(io.BytesIO(file))
    assert table.column_names[:3] == ["n", "n_2", "s"]
    assert table.column("st").to_pylist() == ["{'a': 1}"]
    _, file = ask(tables, "SELECT depart_s FROM trip WHERE false", "parquet")
    assert str(pq.read_table(io.BytesIO(file)).schema.field("depart_s").type) == "double"


def test_there_is_more_than_is_shown(tables: dict[str, Source]) -> None:
    head, rows = ask(tables, "SELECT * FROM range(10000000000)", most_rows=5)
    assert rows == [[0], [1], [2], [3], [4]]
    assert head.more
    head, _ = ask(tables, "SELECT repeat('x', 100000) FROM range(3000)", most_rows=3000)
    assert head.more
    assert 0 < head.rows < 3000
    with pytest.raises(NotRun, match="too large"):
        ask(tables, "SELECT repeat('x', 9000000)")
    _, rows = ask(tables, "SELECT repeat('x', 100000)")
    assert rows[0][0].endswith("x…")
    assert len(rows[0][0]) < 3000


def test_what_is_longer_in_writing_than_in_columns_is_refused() -> None:
    batch = pa.record_batch({"yes": [False] * 1000})
    rows = Rows([{"name": "yes", "type": "BOOLEAN"}], batch.schema, [batch], more=False)
    assert len(bytes_of(rows, "csv", 10_000)) > 5_000
    for form in ("csv", "json"):
        with pytest.raises(NotAllowed, match="large"):
            bytes_of(rows, form, 5_000)


FORBIDDEN = {
    "files": [
        "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/*')",
        "SELECT * FROM read_parquet('x/*.parquet')", "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM parquet_metadata('x.parquet')", "FROM read_blob('/etc/passwd')",
        "SELECT (SELECT content FROM read_text('/etc/hostname'))",
        "WITH f AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM f",
        "WITH \"/etc/passwd\" AS (SELECT 1) SELECT * FROM \"/etc/passwd\"",
    ],
    "writing": [
        "COPY trip TO '/tmp/out.csv'", "COPY (SELECT 1) TO '/tmp/out.parquet'",
        "WITH w AS (COPY trip TO '/tmp/out.csv') SELECT 1", "EXPORT DATABASE '/tmp/out'",
        "WITH w AS (INSERT INTO trip VALUES (1) RETURNING *) SELECT * FROM w",
        "WITH w AS (DELETE FROM trip RETURNING *) SELECT * FROM w", "DROP TABLE trip",
        "CREATE TABLE mine AS SELECT 1", "UPDATE trip SET mode = 'walk'", "VACUUM", "CHECKPOINT",
    ],
    "databases and extensions": [
        "ATTACH '/tmp/x.db'", "INSTALL httpfs", "LOAD httpfs", "USE main", "DETACH memory",
        "CREATE SECRET s (TYPE s3)",
    ],
    "settings": [
        "SET memory_limit = '100GB'", "RESET threads", "PRAGMA database_list", "SHOW TABLES",
        "CALL pragma_version()", "SELECT current_setting('secret_directory')",
        "SELECT system.main.current_setting('secret_directory')", "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_settings", "SELECT * FROM information_schema.tables",
        "WITH duckdb_settings AS (SELECT 1) SELECT * FROM duckdb_settings",
        "SELECT * FROM (WITH pg_tables AS (SELECT 1) SELECT 1), pg_tables", "SELECT getenv('HOME')",
        "SELECT * FROM pragma_table_info('trip')", "SELECT write_log('x')", "SET VARIABLE a = 1",
    ],
    "detours": [
        "SELECT * FROM query('SELECT 1')", "SELECT * FROM query_table('trip')",
        "SELECT * FROM arrow_scan(1, 2, 3)", "SELECT * FROM pandas_scan(1)",
        "FROM json_execute_serialized_sql('{}')", "EXECUTE x", "PREPARE x AS SELECT 1",
        "EXPLAIN ANALYZE SELECT 1", "SELECT $1", "SELECT ?", "SELECT nextval('s')",
        "SELECT finalize('x'::BLOB)", "SELECT * FROM system.main.trip", "SELECT sleep_ms(100000)",
    ],
    "several": ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE trip", "SELECT 1; COPY trip TO '/x'"],
    "nothing": ["", " ; ", "-- only words"],
    "too much": ["SELECT '" + "x" * 20_000 + "'", "SELECT " + "(" * 5000 + "1" + ")" * 5000,
                 "SELECT " + "+".join(["1"] * 5000), "SELEC 1", "SELECT 1 FROM"],
}  # fmt: skip


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_only_the_tables_of_the_lake_are_read(kind: str) -> None:
    connection = duckdb.connect(":memory:")
    for sql in FORBIDDEN[kind]:
        assert is_refused(connection, sql), sql


def is_refused(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        tables_of(connection, sql, SCHEMAS)
    except NotAllowed:
        return True
    return False


@pytest.mark.parametrize("kind", ["files", "writing", "databases and extensions", "settings"])
def test_what_would_pass_the_check_still_meets_a_locked_room(
    kind: str, tables: dict[str, Source], tmp_path: Path
) -> None:
    connection = lake_cell._connection(_order(tables))
    connection.execute("SET lock_configuration = true")
    before = sorted(tmp_path.rglob("*"))
    outside = Path("/tmp/out.csv")
    told = []
    for sql in FORBIDDEN[kind]:
        with contextlib.suppress(duckdb.Error):
            told.append(connection.execute(sql).fetchall())
    assert "root:" not in str(told)
    assert sorted(tmp_path.rglob("*")) == before
    assert not outside.exists()


def _order(tables: dict[str, Source]) -> Order:
    return Order(
        sql="SELECT 1", tables=tables, time_zone="Asia/Seoul", memory_mb=100, processor_s=5,
        format="json", most_rows=10, most_bytes=10_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "FROM trip", "TABLE trip", "VALUES (1)", "DESCRIBE trip", "SUMMARIZE trip",
        "WITH a AS (SELECT * FROM trip) SELECT mode FROM a JOIN a b USING (trip)",
        "SELECT mode, count(*) FILTER (cost_won > 0) FROM trip GROUP BY ALL ORDER BY 2 LIMIT 3",
        "SELECT row_number() OVER (PARTITION BY mode ORDER BY depart_s) FROM trip QUALIFY true",
        "SELECT list_transform([1], lambda x: x + 1), unnest([1, 2]) FROM range(2)",
        "FROM trip PIVOT (count(*) FOR mode IN ('car', 'bus'))",
        "SELECT mode FROM trip UNION ALL SELECT trip FROM leg INTERSECT SELECT 'x'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) FROM n",
        "SELECT body->>'$.vehicles' FROM event WHERE time > now() - INTERVAL 1 DAY",
        'SELECT * FROM "Trip" t, LATERAL (SELECT t.depart_s) s;',
    ],
)  # fmt: skip
def test_what_reads_is_allowed(sql: str) -> None:
    tables_of(duckdb.connect(":memory:"), sql, SCHEMAS)


BOTH = (NotRun, TooSlow)  # whichever limit a busy machine meets first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
         TooSlow),
        ("SELECT count(*) FROM range(1000000) a, range(1000000) b, trip"
         " WHERE sqrt(a.range + b.range) + depart_s = 7.5", TooSlow),
        ("SELECT list(a) FROM range(1000000000) r(a)", BOTH),
        ("SELECT length(repeat('x', 2000000000))", BOTH),
        ("SELECT string_agg(repeat('x', 1000000), '') FROM range(3000)", BOTH),
        ("SELECT a.range, b.range FROM range(100000) a, range(100000) b ORDER BY random()",
         BOTH),
    ],
)  # fmt: skip
def test_what_never_ends_is_ended(
    tables: dict[str, Source], sql: str, why: type[CityError]
) -> None:
    with pytest.raises(why):
        ask(tables, sql, time_limit_s=2.0)


@pytest.mark.parametrize(
    ("sql", "said", "line", "character"),
    [
        ("SELECT mod FROM trip", "no column “mod” here. Did you mean “mode”?", 1, 8),
        ("SELECT mode\nFROM trap", "no table “trap” in this lake", 2, 6),
        ("SELECT '한글', foo(1) FROM trip", "no function “foo”", 1, 14),
        ("SELECT CAST(mode AS INT)\n  FROM trip", "Could not convert", 1, 8),
        ("SELECT mode FROM trip WHERE", "cannot be read", None, None),
    ],
)
def test_an_error_says_where_it_is(
    tables: dict[str, Source], sql: str, said: str, line: int | None, character: int | None
) -> None:
    with pytest.raises(NotRun) as raised:
        ask(tables, sql)
    assert said in raised.value.message.en
    if line is not None:
        assert (raised.value.detail["line"], raised.value.detail["character"]) == (line, character)
        assert f"{line}번째 줄" in raised.value.message.ko


def test_a_stopped_query_ends(tables: dict[str, Source]) -> None:
    query = Query("SELECT 1", tables, time_zone="UTC", form="json", most_rows=1)
    query.stop()
    with pytest.raises(NotRun):
        query.run()


def test_so_many_at_once_and_one_for_each() -> None:
    async def then() -> None:
        room = Room(at_once=1, in_line=1)
        entered: list[str] = []

        async def stay(name: str, until: asyncio.Event) -> None:
            async with room.place(name):
                entered.append(name)
                await until.wait()

        first, second = asyncio.Event(), asyncio.Event()
        one = asyncio.create_task(stay("a", first))
        two = asyncio.create_task(stay("b", second))
        await asyncio.sleep(0)
        assert entered == ["a"]
        with pytest.raises(OneAtATime):
            async with room.place("a"):
                pass
        with pytest.raises(Busy):
            async with room.place("c"):
                pass
        first.set()
        await one
        second.set()
        await two
        assert entered == ["a", "b"]
        async with room.place("a"):
            pass

    asyncio.run(then())


def keep_run(town: Town) -> None:
    folder = town.live.folder / "runs" / RUN
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("{}")
    Lake(folder / "lake", RUN).write("trip", DAY, TRIPS)


async def query(town: Town, caller: Any, sql: str, **words: Any) -> Answer:
    return await town.call("POST", "/api/lake/query", {"sql": sql, **words}, caller=caller)


def test_a_rehearsal_is_asked_by_those_who_may(live: Live) -> None:
    async def then(town: Town) -> None:
        keep_run(town)
        shown = (await town.call("GET", f"/api/lake?run={RUN}", caller=COMPANY)).json()
        assert shown["first_day"] == shown["last_day"] == DAY
        assert {t["name"]: t["rows"] for t in shown["tables"]} == {**dict.fromkeys(SCHEMAS, 0),
                                                                    "trip": 3}  # fmt: skip
        sql = "SELECT mode, count(*) n FROM trip GROUP BY ALL ORDER BY n DESC"
        for caller in (COMPANY, PLANNER, OPERATOR, person("au", Role.AUDITOR)):
            answer = await query(town, caller, sql, run=RUN)
            assert answer.json()["rows"] == [["car", 2], ["bus", 1]]
        for caller in (RESIDENT, person("v", Role.VISITOR), person("d", Role.DEVICE)):
            assert (await query(town, caller, sql, run=RUN)).status == 403
        assert (await query(town, None, sql, run=RUN)).status == 401
        for name in ("nowhere", "../" + RUN, "", "."):
            asked = await query(town, COMPANY, sql, run=name)
            assert asked.status == (403 if name == "" else 404)
        file = await query(town, PLANNER, sql, run=RUN, format="csv")
        assert file.headers["content-disposition"] == f'attachment; filename="{RUN}.csv"'
        assert file.headers["hapgang-more-rows"] == "false"
        wrong = await query(town, PLANNER, "SELECT nothing FROM trip", run=RUN)
        assert (wrong.status, wrong.json()["line"], wrong.json()["start"]) == (422, 1, 7)
        assert (await query(town, PLANNER, sql, run=RUN, format="xml")).status == 422

    live(then)


SECRETS = ("urn:ngsi-ld:Person", "c2VjcmV0", "sealed", "memo", "TestDiary", "my fare")


def write_living_lake(lake: Lake) -> None:
    at = datetime(2026, 11, 20, 8, 7, 6, tzinfo=UTC)

    def line(name: str, entity: str, who: str | None, body: bytes, at: datetime) -> FeedRow:
        return FeedRow(1, at, "act", "caller", "event", name, entity, who, body)

    lake.write("event", DAY, event_columns([
        line("Drawn", "urn:ngsi-ld:TestWell:a", None, b'{"count":3}', at),
        line("Drawn", "urn:ngsi-ld:TestWell:b", None, b'{"by":"urn:ngsi-ld:Person:x"}', at),
        line("Noted", "urn:ngsi-ld:TestDiary:x", None, b'{"text":1}', at),
        line("Odd", "urn:other:thing", None, b'{"text":2}', at),
        line("TripMade", RESIDENT.id, RESIDENT.id, b"secret", at + timedelta(hours=2)),
        line("Mended", "urn:ngsi-ld:Job:1", None, b'{"screws":4}', at),
    ]))  # fmt: skip
    lake.write("measurement", DAY, {
        "entity": ["urn:ngsi-ld:TestWell:a", "urn:ngsi-ld:Job:1", "urn:ngsi-ld:TestDiary:x"],
        "type": ["TestWell", "Job", "TestDiary"], "field": ["depth_m", "progress", "pulse"],
        "time": [at] * 3, "value": [1.0, 2.0, 3.0],
    })  # fmt: skip
    accounts = "urn:ngsi-ld:Account:"
    lake.write("transfer", DAY, {
        "transfer": [f"{accounts}Person:anne:my fare", "t2"], "time": [at] * 2,
        "debit": [f"{accounts}Person:anne", f"{accounts}test.village"],
        "credit": [f"{accounts}test.village", f"{accounts}Agency:treasury"],
        "amount_won": [1500, 700], "step": ["posted"] * 2, "of": ["of-memo", None],
        "memo": ["memo for urn:ngsi-ld:Person:anne", ""],
    })  # fmt: skip


def test_the_living_city_names_nobody(live: Live) -> None:
    async def then(town: Town) -> None:
        write_living_lake(Lake(town.live.folder / "lake", "city"))
        days = {"first_day": DAY, "last_day": DAY}

        async def rows(caller: Any, table: str) -> list[list[Any]]:
            answer = await query(town, caller, f"SELECT * FROM {table} ORDER BY ALL", **days)
            assert answer.status == 200, answer
            for secret in SECRETS:
                assert secret.encode() not in answer.body, (table, secret)
            found: list[list[Any]] = answer.json()["rows"]
            return found

        morning, later = "2026-11-20T17:07:06+09:00", "2026-11-20T19:07:06+09:00"
        assert await rows(PLANNER, "event") == [
            [morning, "Drawn", "urn:ngsi-ld:TestWell:a", "act", '{"count":3}'],
            [morning, "Drawn", "urn:ngsi-ld:TestWell:b", "act", None],
            [morning, "Mended", None, "act", None],
            [morning, "Noted", None, "act", None],
            [morning, "Odd", None, "act", None],
            [later, "TripMade", None, "act", None],
        ]
        hour, village = "2026-11-20T17:00:00+09:00", "urn:ngsi-ld:Account:test.village"
        assert await rows(PLANNER, "transfer") == [
            [hour, "person", village, 1500, "posted"],
            [hour, village, "urn:ngsi-ld:Account:Agency:treasury", 700, "posted"],
        ]
        assert len(await rows(PLANNER, "measurement")) == 1
        assert len(await rows(OPERATOR, "measurement")) == 2
        assert ["Mended", "urn:ngsi-ld:Job:1"] in [r[1:3] for r in await rows(OPERATOR, "event")]
        for sql in ("SELECT person FROM event", "SELECT memo FROM transfer", "FROM source",
                    "SELECT * FROM trip"):  # fmt: skip
            assert (await query(town, PLANNER, sql, **days)).status == 422
        assert (await query(town, COMPANY, "SELECT 1")).status == 403
        assert (await town.call("GET", "/api/lake", caller=COMPANY)).status == 403
        path = f"/api/lake?first_day={DAY}&last_day={DAY}"
        for caller, measured in ((PLANNER, 1), (OPERATOR, 2)):
            shown = (await town.call("GET", path, caller=caller)).json()["tables"]
            assert [(t["name"], t["rows"]) for t in shown] == [
                ("event", 6), ("measurement", measured), ("transfer", 2),
            ]  # fmt: skip
            told = await query(town, caller, "FROM event, transfer LIMIT 0", **days)
            assert told.json()["columns"] == [*shown[0]["columns"], *shown[2]["columns"]]
        assert (await query(town, PLANNER, "SELECT 1", first_day="soon")).status == 422
        wrong = {"first_day": "2026-11-21", "last_day": DAY}
        assert (await query(town, PLANNER, "SELECT 1", **wrong)).status == 422

    live(then)


def test_today_is_there_at_once(live: Live) -> None:
    async def then(town: Town) -> None:
        await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
        await town.call("POST", "/api/test/village/wells/a/draw")
        answer = await query(town, PLANNER, "SELECT event, entity FROM event")
        assert answer.json()["rows"] == [["Drawn", "urn:ngsi-ld:TestWell:a"]]

    live(then)


def test_tables_are_described_as_queries_find_them(tables: dict[str, Source]) -> None:
    shown = [table for table in described(tables) if table.name in ("trip", "leg", "transfer")]
    head, _ = ask(tables, "FROM " + ", ".join(table.name for table in shown) + " LIMIT 0")
    columns = [column for table in shown for column in table.columns]
    assert msgspec.to_builtins(head.columns) == msgspec.to_builtins(columns)
