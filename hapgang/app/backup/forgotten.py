"""Who was forgotten after a backup was made stays forgotten when it is restored.

Known from the lists of later backups that lie beside it, from the city itself where its database is
still there, and from what the operator names. Somebody who was forgotten after the last of these
cannot be known: the guide says what to do.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hapgang.app.backup import contents
from hapgang.app.backup.contents import FORGOTTEN, MANIFEST, Manifest
from hapgang.core.errors import Invalid
from hapgang.writer.dump import Server, connected, forgotten_in

_KNOWN = """
    WITH known AS (
        SELECT person FROM person_key UNION SELECT person FROM entity WHERE person IS NOT NULL
        UNION SELECT person FROM access UNION SELECT reader FROM access)
    SELECT person FROM known WHERE sha256(convert_to(person, 'UTF8')) = ANY ($1)
"""
_REMEMBER = """
    INSERT INTO forgotten SELECT * FROM unnest($1::bytea[], $2::timestamptz[])
    ON CONFLICT (who) DO UPDATE SET at = greatest(forgotten.at, excluded.at)
"""
Gone = dict[bytes, datetime]


class _Where(Protocol):
    """Where lists may lie."""

    @property
    def backup(self) -> Path: ...
    @property
    def cities(self) -> Path: ...
    @property
    def forgotten(self) -> Sequence[Path]: ...
    @property
    def url(self) -> str | None: ...


async def forget_again(server: Server, where: _Where, manifest: Manifest) -> int:
    """Forget in a restored database whoever was forgotten since; return how many it knew."""
    gone: Gone = {}
    for place in (*later_backups(where.backup, manifest), *where.forgotten):
        _add(gone, read_list(place))
    old = where.cities / manifest.city
    if where.url is None and (old / "pg" / "data").is_dir():
        _add(gone, await _asked(old))
    since = {who: at for who, at in gone.items() if at > manifest.at}
    async with connected(server) as connection, connection.transaction():
        known = [row[0] for row in await connection.fetch(_KNOWN, list(since))]
        if known:
            await connection.execute("SELECT forget_people($1)", known)
        await connection.execute(_REMEMBER, list(gone), list(gone.values()))
    if known:
        async with connected(server) as connection:  # their keys are to leave the files, too
            await connection.execute("VACUUM FULL person_key")
    return len(known)


def later_backups(backup: Path, manifest: Manifest) -> Iterator[Path]:
    """Yield the later backups of the same city that lie beside one."""
    for path in sorted(backup.absolute().parent.glob(f"*/{MANIFEST}")):
        if not (path.parent / FORGOTTEN).is_file():
            continue  # something else that has a file of this name
        other = contents.read_manifest(path.parent)
        if other.city == manifest.city and other.at > manifest.at:
            yield path.parent


def read_list(place: Path) -> Gone:
    """Return the list in a file, or in a backup's folder."""
    path = place / FORGOTTEN if place.is_dir() else place
    gone: Gone = {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                at = datetime.fromisoformat(row["at"])
                if at.tzinfo is None:
                    raise ValueError(f"{row['at']} has no time zone")
                gone[bytes.fromhex(row["person_sha256"])] = at
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise Invalid(
            f"{path} is no list of the forgotten: {error}",
            f"{path}을(를) 읽을 수 없습니다: {error}",
        ) from error
    return gone


async def _asked(folder: Path) -> Gone:
    """Return the list of a city whose database is still there."""
    server = Server.of(folder, None)
    try:
        async with connected(server) as connection:
            rows = await forgotten_in(connection)
    finally:
        server.close()
    return {bytes.fromhex(who): datetime.fromisoformat(at) for who, at in rows}


def _add(gone: Gone, more: Gone) -> None:
    for who, at in more.items():
        gone[who] = max(at, gone.get(who, at))
