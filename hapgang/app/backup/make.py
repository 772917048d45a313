"""Making a backup of a city, whether it runs or not."""

import csv
import io
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from hapgang import __version__
from hapgang.app.backup import contents
from hapgang.app.backup.contents import (
    CITY,
    KEYS,
    MADE_AGAIN,
    SECRETS,
    TENANTS,
    Manifest,
    Part,
    database_file,
)
from hapgang.app.tenants import database_of
from hapgang.core.errors import Conflict, Unavailable
from hapgang.writer.dump import Server, check_dump, dump

Say = Callable[[str, int], None]  # what is being done, and how many bytes of it are


class CityPlace(NamedTuple):
    """Where a city lies: its model, and its state."""

    name: str
    model: Path
    state: Path


async def back_up(
    place: CityPlace, to: Path, *, url: str | None, with_keys: bool, say: Say
) -> Manifest:
    """Write a backup to a new folder, which is there whole and checked, or not at all."""
    if to.exists():
        raise Conflict(f"{to} exists already; name another folder.", f"{to}이(가) 이미 있습니다.")
    beside = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.mkdir(mode=0o700)
        made = await _fill(place, beside, url=url, with_keys=with_keys, say=say)
        contents.sync_folders(beside)
        beside.rename(to)
        contents.sync(to.parent)
    except OSError as error:
        raise Unavailable(
            f"{to} cannot be written: {error.strerror or error}",
            f"{to}에 쓸 수 없습니다: {error.strerror or error}",
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return made


async def _fill(
    place: CityPlace, folder: Path, *, url: str | None, with_keys: bool, say: Say
) -> Manifest:
    """Files first: what the lake holds then is in the database of a moment later, too."""
    sums = _copy_files(place, folder, with_keys=with_keys, say=say)
    parts, gone = await _dump_all(place, folder, url, say)
    sums |= {name: contents.sum_of(folder / name) for name in map(database_file, parts)}
    listed = forgotten_file(sorted(gone.items()))
    sums[contents.FORGOTTEN] = contents.write(folder / contents.FORGOTTEN, listed)
    made = Manifest(
        format=contents.FORMAT, hapgang=__version__, city=place.name, made_at=datetime.now(UTC),
        with_keys=with_keys, n_files=len(sums),
        n_bytes=sum((folder / name).stat().st_size for name in sums), own=parts.pop(""),
        tenants={name.removeprefix(f"{TENANTS}/"): part for name, part in parts.items()},
    )  # fmt: skip
    said = msgspec.json.format(msgspec.json.encode(made), indent=2)
    sums[contents.MANIFEST] = contents.write(folder / contents.MANIFEST, said)
    lines = "".join(f"{value}  {name}\n" for name, value in sorted(sums.items()))
    contents.write(folder / contents.SUMS, lines.encode())
    say("checked", contents.check_sums(folder))
    return made


def _copy_files(place: CityPlace, folder: Path, *, with_keys: bool, say: Say) -> dict[str, str]:
    sums: dict[str, str] = {}
    n_bytes = 0
    for source, name in _files(place, with_keys=with_keys):
        try:
            sums[name], size = contents.copy(source, folder / name)
        except FileNotFoundError:  # replaced or dropped meanwhile, and so not worth keeping
            continue
        n_bytes += size
        say("files", n_bytes)
    return sums


async def _dump_all(
    place: CityPlace, folder: Path, url: str | None, say: Say
) -> tuple[dict[str, Part], dict[str, str]]:
    """Dump the city's database and its tenants', each of one instant."""
    parts: dict[str, Part] = {}
    gone: dict[str, str] = {}
    server = Server.of(place.state, url)
    try:
        for name, one in databases(server, place.state):
            file = folder / database_file(name)
            file.parent.mkdir(exist_ok=True, mode=0o700)
            picture, forgotten = await dump(one, file, lambda size: say("database", size))
            await check_dump(one, file)
            contents.sync(file)
            parts[name] = Part(picture, _key_of(place.state / name))
            gone |= dict(forgotten)
    finally:
        server.close()
    return parts, gone


def databases(server: Server, state: Path) -> Iterator[tuple[str, Server]]:
    """Yield the databases of a city and the folders below the city's that belong to them."""
    yield "", server
    for folder in sorted((state / TENANTS).glob("*/")):
        yield f"{TENANTS}/{folder.name}", server.database(database_of(server.connect, folder.name))


def _key_of(folder: Path) -> str | None:
    master = folder / contents.MASTER
    return contents.fingerprint(master.read_bytes()) if master.exists() else None


def _files(place: CityPlace, *, with_keys: bool) -> Iterator[tuple[Path, str]]:
    """Yield the files to keep and their names in the backup."""
    kept: set[str] = set()
    for folder in dict.fromkeys((place.state, place.model)):
        for name in contents.files_of(folder):
            kind = contents.kind_of(name)
            if kind in MADE_AGAIN or name in kept:
                continue
            if kind not in SECRETS:
                kept.add(name)
                yield folder / name, f"{CITY}/{name}"
            elif with_keys and folder == place.state:
                yield folder / name, f"{KEYS}/{name}"


def forgotten_file(gone: list[tuple[str, str]]) -> bytes:
    """Return the list of who was forgotten, and when."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("person_sha256", "at"), *gone])
    return out.getvalue().encode()
