"""A city's folder is written beside its place, flushed to the disk, and then put there at once."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from hapgang.core.errors import Conflict

# What an import writes; anything else in a city's folder was put there by somebody.
_OWN = frozenset({
    "city.toml", "street_nodes.parquet", "streets.parquet", "buildings.parquet", "zones.parquet",
    "places.parquet", "areas.parquet", "ground.npz", "transit", "scenarios", "quarantine",
})  # fmt: skip
# Small files of a city that outlive another import: they are copied.
_KEPT = ("population.toml",)
# What a city that was lived in leaves beside its model: moved along as it is, never copied.
_STATE = ("cache", "lake", "master.key", "pg", "runs", "token.key")
_WRITTEN_SCENARIOS = frozenset({"today.toml", "plan.toml"})


@contextmanager
def city_folder(folder: Path, *, replace: bool) -> Iterator[Path]:
    """Give an empty folder to fill; it takes its place only if the block ends well.

    An existing city is replaced on demand only, and never if it holds what no import wrote.
    """
    _check(folder, replace=replace)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{folder.name}.", suffix=".import", dir=folder.parent))
    try:
        yield fresh
        if folder.is_dir():
            _keep(folder, fresh)
        _flush(fresh)
        _put(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _check(folder: Path, *, replace: bool) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not replace:
        raise Conflict(
            f"{folder} exists already; import under another name, or replace it",
            f"{folder}이(가) 이미 있습니다. 다른 이름을 쓰거나 교체하십시오",
        )
    if not (folder / "city.toml").is_file():
        raise Conflict(
            f"{folder} is no city (no city.toml) and is not replaced",
            f"{folder}은(는) 도시 폴더가 아니므로 교체하지 않습니다",
        )
    _check_asleep(folder / "pg" / "server.lock")
    strange = sorted({path.name for path in folder.iterdir()} - _OWN - {*_KEPT, *_STATE})
    if strange:
        raise Conflict(
            f"{folder} holds {', '.join(strange)}, which no import wrote; move it away first",
            f"{folder}에 가져오기가 만들지 않은 {', '.join(strange)}이(가) 있습니다",
        )


def _check_asleep(lock: Path) -> None:
    """Raise `Conflict` while the city's own database runs: its files cannot be moved."""
    if not lock.exists():
        return
    with lock.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                "the city is running; stop it before its model is replaced",
                "도시가 실행 중입니다. 먼저 멈춘 뒤 교체하십시오",
            ) from None


def _keep(old: Path, fresh: Path) -> None:
    """Copy what people wrote for the city: its population and their own scenarios."""
    for name in _KEPT:
        if (old / name).is_file():
            shutil.copyfile(old / name, fresh / name)
    for path in sorted((old / "scenarios").glob("*.toml")):
        if path.name not in _WRITTEN_SCENARIOS:
            shutil.copyfile(path, fresh / "scenarios" / path.name)


def _flush(folder: Path) -> None:
    for path in (*sorted(folder.rglob("*")), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _put(fresh: Path, folder: Path) -> None:
    fresh.chmod(0o700)
    if not folder.exists():
        fresh.rename(folder)
    else:
        old = fresh.with_suffix(".replaced")
        folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        for name in _STATE:
            if (old / name).exists():
                (old / name).rename(folder / name)
        shutil.rmtree(old, ignore_errors=True)
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def toml(values: Mapping[str, object]) -> str:
    """Write tables of strings, numbers, lists and tables as TOML, plain values first."""
    lines: list[str] = []
    _table(values, (), lines)
    return "\n".join(lines).strip() + "\n"


def _table(values: Mapping[str, object], path: tuple[str, ...], lines: list[str]) -> None:
    for key, value in values.items():
        if not _deep(value):
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in values.items():
        name = ".".join(_key(part) for part in (*path, key))
        if isinstance(value, Mapping) and _deep(value):
            lines += ["", f"[{name}]"]
            _table(value, (*path, key), lines)
        elif _deep(value) and isinstance(value, list):
            for entry in value:
                lines += ["", f"[[{name}]]"]
                _table(entry, (*path, key), lines)


def _deep(value: object) -> bool:
    """Whether a value gets a section of its own: tables, but for texts in two languages."""
    if isinstance(value, Mapping):
        return set(value) != {"en", "ko"}
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + '"'
