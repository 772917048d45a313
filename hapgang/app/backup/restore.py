"""Making a city of a backup: checked first, built beside, there whole or not at all."""

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hapgang.app.backup import contents
from hapgang.app.backup.contents import CITY, KEYS, MASTER, Manifest, Part, damaged
from hapgang.app.backup.forgotten import forget_again
from hapgang.app.backup.make import Say
from hapgang.app.tenants import database_of
from hapgang.core.errors import Conflict, Invalid, Refused, Unavailable
from hapgang.hub.privacy import KeyVault
from hapgang.writer.dump import Picture, Server, connected, new_database, settle_down, undump
from hapgang.writer.forms import FORM
from hapgang.writer.postgres import settle

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_NAMED = re.compile(r'^name\s*=\s*"[^"\n]*"', re.MULTILINE)


class Restored(NamedTuple):
    """What came of it."""

    folder: Path
    manifest: Manifest
    forgotten: int  # people who were forgotten after the backup was made, and are again


class Wanted(NamedTuple):
    """What is to become of a backup."""

    backup: Path
    cities: Path  # the folder of cities
    name: str | None = None
    keys: Path | None = None  # the folder of a master.key, where the backup has none
    forgotten: Sequence[Path] = ()  # lists, or later backups, of who was forgotten since
    url: str | None = None  # of an empty database, instead of the embedded one


async def restore(wanted: Wanted, *, say: Say) -> Restored:
    """Make the city; `Conflict` where there is one of this name, `Damaged` for a damaged backup."""
    manifest = _readable(wanted.backup)
    name = wanted.name or manifest.city
    if not NAME.fullmatch(name):
        raise Invalid(
            f"--as {name}: small letters, digits, - and _ only, 63 at most.",
            f"--as {name}: 영문 소문자, 숫자, -, _만 63자까지 쓸 수 있습니다.",
        )
    target = wanted.cities / name
    if target.exists():
        raise Conflict(
            f"There is a city in {target}. Give another name with --as, or move it away first.",
            f"{target}에 이미 도시가 있습니다. --as로 다른 이름을 주거나 먼저 옮기세요.",
        )
    say("checked", contents.check_sums(wanted.backup))
    beside = wanted.cities / f".{name}.{os.getpid()}.part"
    try:
        wanted.cities.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.mkdir(mode=0o700)
        _place_files(wanted, manifest, beside, name, say)
        n_forgotten = await _fill_databases(wanted, manifest, beside, say)
        settle(beside)
        contents.sync_folders(beside)
        beside.rename(target)
        contents.sync(target.parent)
    except OSError as error:
        raise Unavailable(
            f"{target} cannot be written: {error.strerror or error}",
            f"{target}에 쓸 수 없습니다: {error.strerror or error}",
        ) from error
    finally:
        if beside.exists():
            settle(beside)
            shutil.rmtree(beside, ignore_errors=True)
    return Restored(target, manifest, n_forgotten)


def _readable(backup: Path) -> Manifest:
    manifest = contents.read_manifest(backup)
    if manifest.format > contents.FORMAT or manifest.own.picture.form > FORM:
        raise Conflict(
            f"A newer Hapgang ({manifest.hapgang}) made this backup: restore it with that one.",
            f"더 새로운 Hapgang({manifest.hapgang})이 만든 백업입니다. 그 버전으로 복원하세요.",
        )
    return manifest


def _place_files(wanted: Wanted, manifest: Manifest, folder: Path, name: str, say: Say) -> None:
    n_bytes = 0
    for shelf in (CITY, KEYS):
        for found in contents.files_of(wanted.backup / shelf):
            if found == contents.ALIAS and name != manifest.city:
                continue  # or each of the two would take the other's requests for its own
            n_bytes += contents.copy(wanted.backup / shelf / found, folder / found)[1]
            say("files", n_bytes)
    facts = folder / "city.toml"
    text, n = _NAMED.subn(f'name = "{name}"', facts.read_text("utf-8"), count=1)
    if n != 1:
        damaged("city.toml does not say its name")
    facts.write_text(text, "utf-8")
    for place, part in manifest.parts.items():
        _place_master(wanted, part, folder, place)


def _place_master(wanted: Wanted, part: Part, folder: Path, place: str) -> None:
    """Put the master key of the city, or of a tenant, where it belongs."""
    (folder / place).mkdir(exist_ok=True, mode=0o700, parents=True)
    master = folder / place / MASTER
    if wanted.keys is not None and not master.exists():
        with suppress(FileNotFoundError):
            contents.copy(wanted.keys / place / MASTER, master)
    needed = part.picture.rows.get("person_key", 0)
    if master.exists():
        if part.master_key not in (None, contents.fingerprint(master.read_bytes())):
            raise Refused(
                "This master.key belongs to another city, or to another time of this one.",
                "이 master.key는 이 백업의 것이 아닙니다.",
            )
    elif needed:
        raise Refused(
            f"The backup holds sealed data of {needed} people and no keys: give the folder that has"
            f" {Path(place, MASTER)} with --keys.",
            f"백업에 {needed}명의 암호화된 정보가 있지만 키가 없습니다."
            f" {Path(place, MASTER)}가 있는 폴더를 --keys로 지정하세요.",
        )


async def _fill_databases(wanted: Wanted, manifest: Manifest, folder: Path, say: Say) -> int:
    """Fill the city's database and its tenants'; return how many people are forgotten again."""
    server = Server.of(folder, wanted.url)
    n_forgotten = 0
    try:
        for place, part in manifest.parts.items():
            one = server
            if place:
                one = await new_database(server, database_of(server.connect, Path(place).name))
            file = wanted.backup / contents.database_file(place)
            say("database", file.stat().st_size)
            _compare(await undump(one, file), part.picture)
            await settle_down(one)
            await _check_keys(one, folder / place)
            n_forgotten += await forget_again(one, wanted, manifest)
    finally:
        server.close()
    return n_forgotten


def _compare(found: Picture, picture: Picture) -> None:
    for what in ("rows", "last_position", "sum_of_accounts_won", "form", "epoch"):
        if getattr(found, what) != getattr(picture, what):
            damaged(f"the database has other {what} than {contents.MANIFEST} says")


async def _check_keys(server: Server, folder: Path) -> None:
    """Raise `Unavailable` where the master key does not open the people's keys."""
    if (folder / MASTER).exists():
        async with connected(server) as connection:
            rows = await connection.fetch("SELECT person, wrapped FROM person_key LIMIT 1000")
        KeyVault.at(folder).load({row[0]: row[1] for row in rows})
