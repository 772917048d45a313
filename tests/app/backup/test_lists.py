"""Lists of the forgotten, and what lies beside a backup and is none."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from hapgang.app.backup.contents import FORGOTTEN, MANIFEST, Damaged, Manifest, Part, files_of
from hapgang.app.backup.forgotten import later_backups, read_list
from hapgang.app.backup.make import CityPlace, _files
from hapgang.app.identity.keyring import FORMER, KEY, rotate
from hapgang.core.errors import Invalid
from hapgang.writer.dump import Picture


def manifest(day: int) -> Manifest:
    at = datetime(2026, 3, day, tzinfo=UTC)
    picture = Picture(at, 1, 2, "17", 3, 0, {})
    return Manifest(
        format=1, hapgang="0", city="town", made_at=at, with_keys=False, n_files=0, n_bytes=0,
        own=Part(picture, None), tenants={},
    )  # fmt: skip


def keep(folder: Path, day: int) -> Path:
    folder.mkdir()
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest(day)))
    (folder / FORGOTTEN).write_text("person_sha256,at\n")
    return folder


def test_only_backups_of_the_city_are_asked_who_was_forgotten_since(tmp_path: Path) -> None:
    first, _, third = (keep(tmp_path / f"b{day}", day) for day in (2, 1, 3))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MANIFEST).write_text('{"name": "a web page"}')
    assert list(later_backups(first, manifest(2))) == [third]
    (third / MANIFEST).write_text("{")
    with pytest.raises(Damaged, match="b3"):
        list(later_backups(first, manifest(2)))


@pytest.mark.parametrize("line", ["00,2026-01-01T00:00:00", "0g,2026-01-01T00:00:00Z", "00"])
def test_a_list_that_cannot_be_compared_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / FORGOTTEN
    path.write_text(f"person_sha256,at\n{line}\n")
    with pytest.raises(Invalid, match="no list of the forgotten"):
        read_list(path)


def test_how_far_the_lake_has_come_is_copied_before_its_files(tmp_path: Path) -> None:
    """What a run adds meanwhile goes further than the mark, and is written again."""
    for name in ("lake/event/city_2026-03-01.1-9.parquet", "lake/mark.json", "lake/.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(files_of(tmp_path)) == ["lake/mark.json", "lake/event/city_2026-03-01.1-9.parquet"]


def test_all_keys_of_an_issuer_go_into_backups_that_have_keys(tmp_path: Path) -> None:
    """Those of before are public, but without them what they signed is believed no more."""
    state = tmp_path / "state"
    state.mkdir()
    ring = rotate(state, datetime(2026, 3, 1, tzinfo=UTC))
    assert len(ring.former) == 1
    place = CityPlace("town", tmp_path / "model", state)
    kept = {name for _, name in _files(place, with_keys=True)}
    assert kept == {f"keys/{KEY}", f"keys/{FORMER}"}
    assert list(_files(place, with_keys=False)) == []
