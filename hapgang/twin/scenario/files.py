"""Scenarios as files: `scenarios/NAME.toml`, read and written."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from hapgang.core.errors import Invalid, NotFound
from hapgang.core.text import Text
from hapgang.core.vocabulary.scenarios import AddRoute, Change

SUFFIX = ".toml"
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class _ScenarioFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Text
    services: tuple[str, ...] = ()
    change: tuple[Change, ...] = ()
    service: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What a city is rehearsed with: its services with their settings, and its changes."""

    name: str
    title: Text
    services: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    settings: Mapping[str, Mapping[str, Any]]


def read_scenario(folder: Path, name: str) -> Scenario:
    """Read `scenarios/NAME.toml` of a city's folder; a name that ends in .toml is any file's."""
    if name.endswith(SUFFIX) and Path(name).is_file():
        return _read(Path(name), name)
    path = folder / "scenarios" / f"{name}{SUFFIX}"
    if Path(name).name != name or not path.is_file():
        known = ", ".join(list_scenarios(folder)) or "none"
        raise NotFound(
            f"there is no scenario “{name}” in {folder}; it has {known}",
            f"{folder}에 “{name}” 시나리오가 없습니다. 있는 것: {known}",
        )
    return _read(path, f"scenarios/{path.name}")


def _read(path: Path, told: str) -> Scenario:
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _ScenarioFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Invalid(f"{told}: {error}", f"{told}: {error}") from error
    return Scenario(
        name=path.stem,
        title=file.title,
        services=file.services,
        changes=file.change,
        settings=file.service,
    )


def list_scenarios(folder: Path) -> list[str]:
    """List the names of a city's scenarios, sorted."""
    return sorted(path.stem for path in (folder / "scenarios").glob(f"*{SUFFIX}"))


def routes_of_scenarios(folder: Path) -> frozenset[str]:
    """Return the routes that run only where a scenario adds them."""
    return frozenset(
        change.route
        for name in list_scenarios(folder)
        for change in read_scenario(folder, name).changes
        if isinstance(change, AddRoute)
    )


def toml_of(scenario: Scenario) -> str:
    """Return a scenario as the text of its file; what has its default is left out.

    Read again, the text gives the same scenario, of the name of its file.
    """
    lines = [f"title = {_value(msgspec.to_builtins(scenario.title))}"]
    lines.append(f"services = {_value(list(scenario.services))}")
    for change in scenario.changes:
        written = msgspec.to_builtins(change)
        defaults = {
            field.name: field.default for field in msgspec.structs.fields(change)
            if not field.required
        }  # fmt: skip
        lines += ["", "[[change]]"]
        lines += [
            f"{key} = {_value(value)}"
            for key, value in written.items()
            if value is not None and (key not in defaults or value != defaults[key])
        ]
    for service, settings in sorted(scenario.settings.items()):
        lines += ["", f"[service.{_text(service)}]"]
        lines += [f"{_key(key)} = {_value(value)}" for key, value in settings.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return f"[{', '.join(_value(part) for part in value)}]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """Return a basic string of TOML: as JSON writes it, DEL escaped as well."""
    quoted: bytes = msgspec.json.encode(text)
    return quoted.decode().replace("\x7f", "\\u007f")
