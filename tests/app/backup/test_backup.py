"""A city is backed up under load, lost, and restored: what it says afterwards is what it said."""

import asyncio
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role
from tests.load.clients import Client, Diary, Done, who_serves
from tests.load.processes import ROOT, CityProcesses, wait_for_lock
from tests.load.recount import Disk, check_balances, check_feed
from tests.village import person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="locks of the embedded server"),
]
OPERATOR = person("op", Role.OPERATOR)
PEOPLE = [person(f"p{n}") for n in range(4)]
LAMPS = "/ngsi-ld/v1/entities?type=Lamp&limit=1000"
BUOY = {"id": "urn:ngsi-ld:Buoy:1", "type": "Buoy", "depth": 12}
FEW = 60  # answers, between one thing and the next


class Operator:
    """Somebody at the command line of a machine with cities."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def does(self, *words: str, fails: bool = False) -> Any:
        """Run a command; return what it prints for machines, or what it complains of."""
        done = subprocess.run(
            [sys.executable, "-m", "hapgang.app.cli", *words],
            cwd=ROOT, env={**os.environ, "HAPGANG_STATE": str(self.state)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode != 0) is fails, done.stderr
        return done.stderr if fails else msgspec.json.decode(done.stdout)

    async def does_meanwhile(self, *words: str) -> Any:
        return await asyncio.to_thread(self.does, *words)


class Caller:
    """Asks one process as several people."""

    def __init__(self, city: CityProcesses) -> None:
        self.city = city
        self.number = 0

    async def ask(self, method: str, path: str, caller: Any = OPERATOR, body: Any = None) -> Any:
        client = Client(self.city, caller, Diary(), 0)
        self.number += 1
        status, answer = await client._ask(method, path, body or {}, f"{caller.id}-{self.number}")
        await client._hang_up()
        assert status < 300, (method, path, status, answer)
        return msgspec.json.decode(answer) if answer else None

    async def all_answers(self, people: list[Any]) -> list[Any]:
        """Return what a city says of everything that the load changes."""
        said = [sorted(await self.ask("GET", LAMPS), key=lambda lamp: lamp["id"])]
        health = await self.ask("GET", "/health")
        said.append([health["entities"], health["accounts"], health["sum_of_accounts_won"]])
        said += [await self.ask("GET", "/api/me/wallet", one) for one in people]
        diaries = await self.ask("GET", "/api/test/village/diaries")
        said.append(sorted(diaries, key=lambda diary: diary["id"]))
        return said


class Story:
    """A city under load, and the backups of it."""

    def __init__(self, operator: Operator, city: CityProcesses, model: Path, to: Path) -> None:
        self.operator, self.city, self.model, self.to = operator, city, model, to
        self.diary = Diary()
        self.caller = Caller(city)
        self.sure: list[Done] = []  # what was acknowledged before the backup under load began
        self.answers: list[Any] = []

    async def live(self) -> None:
        self.city.start(self.city.ports[0], standby=False)
        await who_serves(self.city)
        for one in PEOPLE:
            await self.caller.ask("POST", "/api/me/top-up", one, {"amount_won": 400_000})
        await self.caller.ask("POST", "/api/me/top-up", person("till"), {"amount_won": 1000})
        for well in range(4):
            await self.caller.ask("POST", "/api/test/village/wells", body={"well": str(well)})
        for n in range(3):
            lamp = {"id": f"urn:ngsi-ld:Lamp:shared-{n}", "type": "Lamp"}
            await self.caller.ask("POST", "/ngsi-ld/v1/entities", body=lamp)
        await asyncio.to_thread(in_the_sea, self.city, "POST", "", BUOY)
        await self._under_load()
        self.answers = await self.caller.all_answers(PEOPLE)
        await self.backup("quiet")
        await self.caller.ask("DELETE", "/api/me", PEOPLE[0])

    async def backup(self, name: str, *more: str) -> Any:
        words = ("backup", str(self.model), "--to", str(self.to / name), "--json", *more)
        return await self.operator.does_meanwhile(*words)

    async def _under_load(self) -> None:
        stop = asyncio.Event()
        clients = [
            Client(self.city, caller, self.diary, n) for n, caller in enumerate([*PEOPLE, OPERATOR])
        ]
        running = [asyncio.create_task(client.run(stop)) for client in clients]
        await self._answered(FEW)
        self.sure = list(self.diary.done)
        await self.backup("busy", "--with-keys")
        await self._answered(len(self.sure) + FEW)
        stop.set()
        await asyncio.gather(*running)

    async def _answered(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.diary.done) < count:
                await asyncio.sleep(0.01)


def in_the_sea(city: CityProcesses, method: str, path: str, body: Any = None) -> Any:
    """Ask a tenant of a city."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{city.ports[0]}/ngsi-ld/v1/entities{path}",
        method=method,
        data=msgspec.json.encode(body) if body is not None else None,
        headers={
            "NGSILD-Tenant": "sea",
            "Authorization": f"Bearer {city.token(OPERATOR)}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(asked, timeout=40) as answer:
        said = answer.read()
    return msgspec.json.decode(said) if said else None


@pytest.fixture(scope="module")
def story(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("machine")
    state = folder / "state/cities/small"
    state.parent.mkdir(parents=True, mode=0o700)
    city = CityProcesses(small_city, state, count=1)
    told = Story(Operator(folder / "state"), city, small_city, folder / "backups")
    try:
        asyncio.run(told.live())
        yield told
    finally:
        city.close()


def restored(story: Story, backup: str, name: str, *words: str) -> tuple[Path, Any]:
    made = story.operator.does("restore", str(story.to / backup), "--as", name, "--json", *words)
    return Path(made["folder"]), made


def keys(story: Story) -> tuple[str, str]:
    return "--keys", str(story.city.state)


@pytest.mark.timeout(240)
def test_a_picture_under_load_is_whole(story: Story) -> None:
    folder, made = restored(story, "busy", "under-load")
    disk = Disk(folder)
    check_feed(disk)
    check_balances(disk)
    picture = made["backup"]["own"]["picture"]
    assert len(disk.rows["feed"]) == picture["last_position"]
    kept = {(row["caller"], row["key"]) for row in disk.rows["answer"]}
    assert {(done.caller, done.key) for done in story.sure if done.kind != "read"} <= kept
    made_of = {row["id"] for row in disk.rows["entity"]}
    created = [done.body["id"] for done in story.sure if done.kind == "create"]
    assert created
    assert set(created) <= made_of
    wait_for_lock(folder / "pg/server.lock")


@pytest.mark.timeout(240)
def test_a_restored_city_answers_the_same_and_the_forgotten_stay_forgotten(story: Story) -> None:
    folder, made = restored(story, "quiet", "again", *keys(story))
    assert made["forgotten_again"] == 1  # known from the city itself, which is still there
    second = CityProcesses(folder, folder, count=1)
    try:
        second.start(second.ports[0], standby=False)
        asyncio.run(_compare(story, second))
        assert in_the_sea(second, "GET", "/urn:ngsi-ld:Buoy:1")["depth"]["value"] == 12
    finally:
        second.close()
    wait_for_lock(folder / "pg/server.lock")
    disk = Disk(folder)
    gone = PEOPLE[0].id
    assert gone not in {row["person"] for row in disk.rows["person_key"]}
    assert gone not in {row["person"] for row in disk.rows["entity"]}
    assert gone not in {row["person"] for row in disk.rows["feed"]}


async def _compare(story: Story, second: CityProcesses) -> None:
    await who_serves(second)
    lamps, health, _, *wallets, diaries = await Caller(second).all_answers(PEOPLE)
    before_lamps, before_health, _, *before_wallets, before_diaries = story.answers
    assert lamps == before_lamps
    assert health[1:] == before_health[1:]
    assert wallets == before_wallets
    gone = PEOPLE[0].id
    assert {diary["owner"] for diary in before_diaries} > {gone}
    assert diaries == [diary for diary in before_diaries if diary["owner"] != gone]


def test_what_has_no_keys_says_so_and_the_keys_of_others_do_not_fit(
    story: Story, tmp_path: Path
) -> None:
    backup = story.to / "quiet"
    assert not (backup / "keys").exists()
    assert not list(backup.rglob("*.key"))
    assert (backup / "tenants/sea.dump").exists()
    assert (story.to / "busy/keys/tenants/sea/master.key").exists()
    said = story.operator.does("restore", str(backup), "--as", "none", fails=True)
    assert "--keys" in said
    (tmp_path / "master.key").write_bytes(bytes(32))
    words = ("restore", str(backup), "--as", "none", "--keys", str(tmp_path))
    assert "another city" in story.operator.does(*words, fails=True)
    assert not (story.operator.state / "cities/none").exists()
    assert (story.to / "busy/keys/master.key").read_bytes() == (
        story.city.state / "master.key"
    ).read_bytes()
    assert oct((story.to / "busy/keys/master.key").stat().st_mode & 0o777) == "0o600"


def test_a_city_that_is_there_is_not_written_over(story: Story) -> None:
    said = story.operator.does("restore", str(story.to / "busy"), fails=True)
    assert "There is a city" in said
    said = story.operator.does(
        "backup", str(story.model), "--to", str(story.to / "busy"), fails=True
    )
    assert "exists already" in said


@pytest.mark.parametrize("what", ["database.dump", "city/city.toml", "manifest.json"])
def test_a_damaged_backup_is_refused(story: Story, tmp_path: Path, what: str) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-a", story.to / "busy", copy], check=True)
    content = bytearray((copy / what).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / what).write_bytes(content)
    said = story.operator.does("restore", str(copy), "--as", "none", fails=True)
    assert "damaged" in said
    (copy / what).unlink()
    said = story.operator.does("restore", str(copy), "--as", "none", fails=True)
    assert "missing" in said or "no backup" in said
    assert not (story.operator.state / "cities/none").exists()
    assert [path.name for path in (story.operator.state / "cities").glob(".*")] == []


def test_a_strange_file_or_path_in_a_backup_is_refused(story: Story, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-a", story.to / "busy", copy], check=True)
    (copy / "city/more.toml").write_text("x")
    said = story.operator.does("restore", str(copy), "--as", "none", fails=True)
    assert "does not belong" in said
    with (copy / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  ../../elsewhere\n")
    said = story.operator.does("restore", str(copy), "--as", "none", fails=True)
    assert "elsewhere" in said
    said = story.operator.does("restore", str(story.to / "busy"), "--as", "../up", fails=True)
    assert "small letters" in said


def test_a_backup_of_what_never_ran_is_refused(story: Story, tmp_path: Path) -> None:
    said = Operator(tmp_path).does("backup", str(story.model), fails=True)
    assert "has not run here" in said
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_nothing_is_left(story: Story) -> None:
    (story.to / "file").write_text("a file, not a folder")
    to = str(story.to / "file/backup")
    said = story.operator.does("backup", str(story.model), "--to", to, fails=True)
    assert "cannot be written" in said
