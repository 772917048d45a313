"""Mappings by name or by path; those that come with Hapgang lie beside the mapping language."""

import re
from pathlib import Path
from typing import Any

from hapgang.core.errors import NotFound
from hapgang.hub import collect
from hapgang.hub.collect.words import MOST_BYTES, parse

_FOLDER = Path(collect.__file__).parent / "mappings"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ENDINGS = (".toml", ".json")


def bundled_names() -> list[str]:
    """Return the names of the mappings that come with Hapgang."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def mapping_at(name: str, *, beside: Path | None = None) -> Any:
    """Return a mapping's document: of a file, looked for `beside` too, else a bundled one."""
    places = [Path(name)] if name.endswith(_ENDINGS) else []
    if beside is not None:
        places += [beside / name, *(beside / f"{name}{ending}" for ending in _ENDINGS)]
    if _NAME.fullmatch(name):
        places.append(_FOLDER / f"{name}.toml")
    for place in places:
        if place.is_file():
            with place.open("rb") as file:
                return parse(file.read(MOST_BYTES + 1))
    raise NotFound(
        f"There is no mapping {name[:80]}. Bundled: {', '.join(bundled_names())}.",
        f"매핑이 없습니다: {name[:80]}. 기본 제공: {', '.join(bundled_names())}.",
    )


def feed_name(name: str) -> str:
    """Return the feed's name that a mapping's name suggests."""
    plain = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")
    return plain[:40].rstrip("-") or "files"
