"""Tables of the documentation that are made from the code.

python -m tests.docs.reference     writes them into their pages; a test says when that is due
"""

import argparse
import importlib
import inspect
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from hapgang.app.cli import _COMMANDS
from hapgang.app.endpoints import Endpoint
from hapgang.app.http import Application
from hapgang.app.settings import bundled
from hapgang.app.wiring import LiveCity
from hapgang.contract import Role, Service
from hapgang.core.entity import EntityType, Field, type_of
from hapgang.core.event import Event
from hapgang.runtime.discover import discover
from hapgang.runtime.platform import platform
from tests.docs.pages import ROOT

_TITLES = {
    "city": "The portal's reads, signing in, operations, rehearsals",
    "platform": "Everybody's own affairs, and the collection of data",
    "NGSI-LD": "NGSI-LD",
}
_ORDER = ("city", "platform", "NGSI-LD")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in r] for r in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def endpoints() -> list[Endpoint]:
    """Every endpoint of a demonstration city that runs all installed services."""
    with tempfile.TemporaryDirectory() as state:
        live = LiveCity(bundled("cities") / "sejong", "plan", state=Path(state))
        live.services = {**discover(), "platform": platform}
        return Application(live, is_demo=True).table.endpoints


def routes() -> str:
    """Who may call what."""
    found = endpoints()
    tags = dict.fromkeys([*_ORDER, *sorted({endpoint.tag for endpoint in found})])
    parts = []
    for tag in tags:
        rows = [
            (f"`{e.method}`", f"`{e.path}`", _who(e.allow), _words(e), e.summary or "This list.")
            for e in found
            if e.tag == tag
        ]
        head = ("", "path", "who", "words", "")
        parts.append(f"## {_TITLES.get(tag, tag)}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def _who(allow: frozenset[Role]) -> str:
    outside = [role for role in Role if role is not Role.PLATFORM]
    if allow.issuperset(outside):
        return "anybody"
    if allow.issuperset(role for role in outside if role is not Role.ANONYMOUS):
        return "signed in"
    return ", ".join(role.value for role in outside if role in allow)


def _words(endpoint: Endpoint) -> str:
    if endpoint.spec is None:
        return ""
    fields = msgspec.structs.fields(endpoint.spec.arguments)
    given = [f for f in fields if "{" + f.name + "}" not in endpoint.path]
    return ", ".join(f"`{f.name}`" if f.required else f"`{f.name}`?" for f in given)


def commands() -> str:
    """Every command with its words."""
    parts = []
    for name, (summary, module) in _COMMANDS.items():
        room = importlib.import_module(module)
        parser = argparse.ArgumentParser(prog=f"hapgang {name}")
        room.add_arguments(parser)
        sections = [f"## hapgang {name}", summary[0].upper() + summary[1:] + ".", _examples(room)]
        sections += [text for one in _parsers(parser) for text in _arguments(one, parser.prog)]
        parts.append("\n\n".join(sections))
    return "\n\n".join(parts)


def _examples(room: ModuleType) -> str:
    lines = inspect.cleandoc(room.__doc__ or "").splitlines()[2:]
    return "```\n" + "\n".join(lines).strip("\n") + "\n```"


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    subs = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    yield from [parser] if not subs else [p for sub in subs for p in sub.choices.values()]


def _arguments(parser: argparse.ArgumentParser, parent: str) -> Iterator[str]:
    if parser.prog != parent:
        yield f"### {parser.prog}"
    rows = [
        (f"`{_name(a)}`", _default(a), _text(a))
        for a in parser._actions
        if not isinstance(a, argparse._HelpAction)
    ]
    yield table(("word", "default", ""), rows)


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return action.dest.upper()
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return action.option_strings[-1] + value


def _default(action: argparse.Action) -> str:
    is_plain = action.default not in (None, False, [], argparse.SUPPRESS)
    return f"`{action.default}`" if is_plain else ("required" if action.required else "")


def _text(action: argparse.Action) -> str:
    choices = ", ".join(f"`{choice}`" for choice in action.choices or ())
    return ": ".join(part for part in (action.help, choices) if part)


def services() -> str:
    """What is installed, and how far it has come."""
    rows = [
        (f"`{name}`", f"{s.title.en} · {s.title.ko}", s.level.value, str(len(s.kpis)))
        for name, s in discover().items()
    ]
    return table(("service", "", "level", "KPIs"), rows)


def settings() -> str:
    """What a scenario may set of each service."""
    return "\n\n".join(
        f"### {name}\n\n{table(('setting', 'form', 'default'), _settings(service.settings))}"
        for name, service in {**discover(), "platform": platform}.items()
        if service.settings is not None
    )


def _settings(form: type[msgspec.Struct], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    _, components = msgspec.json.schema_components([form])
    known = components[form.__name__]["properties"]
    for field in msgspec.structs.fields(form):
        name = prefix + field.encode_name
        if isinstance(field.default, msgspec.Struct):
            yield from _settings(type(field.default), f"{name}.")
        else:
            default = "" if field.default in (None, msgspec.NODEFAULT) else f"`{field.default}`"
            yield f"`{name}`", _form(known[field.encode_name]), default


def _form(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_form(part) for part in schema["anyOf"]).replace("null", "none")
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_form(schema['items'])}"
    signs = (
        ("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"),
    )  # fmt: skip
    bounds = [f"{sign} {schema[word]:g}" for word, sign in signs if word in schema]
    return " ".join([str(schema.get("type", "text")), *bounds])


def data() -> str:
    """Every declared type with its attributes, and every event."""
    owners = {"platform": platform, **discover()}
    parts = [_entity(type_of(view), name) for name, s in owners.items() for view in _views(s)]
    rows = [(f"`{kind.__name__}`", _service_of(kind), _event(kind)) for kind in _events()]
    events = table(("event", "declared in", "holds"), rows)
    return "\n\n".join([*parts, f"## Events\n\n{events}"])


def _views(service: Service) -> list[Any]:
    return sorted((*service.owns, *service.contributes), key=lambda view: type_of(view).name)


def _entity(declared: EntityType, owner: str) -> str:
    marks = [f"{declared.sharing.value} by `{owner}`"]
    if declared.sharing.value == "shared":
        marks = ["shared"]
    if declared.person is not None:
        marks.append(f"**personal** (`{declared.person}`)")
    if declared.is_internal:
        marks.append("internal")
    about = inspect.cleandoc(declared.view.__doc__ or "").partition("\n")[0]
    rows = [(f"`{f.name}`", f"`{f.wire}`", f.kind, _notes(f)) for f in declared.fields]
    head = ("field", "on the wire", "kind", "")
    return f"## {declared.name}\n\n{about} {', '.join(marks)}.\n\n{table(head, rows)}"


def _notes(field: Field) -> str:
    unit = f"`{field.unit}`" if field.unit else ""
    return ", ".join(note for note in (unit, "indexed" if field.indexed else "") if note)


def _events() -> list[type[Event]]:
    found = [k for k in Event.__subclasses__() if k.__module__.startswith("hapgang.")]
    return sorted(found, key=lambda kind: kind.__name__)


def _event(kind: type[Event]) -> str:
    own = [f.name for f in msgspec.structs.fields(kind) if f.name not in ("entity", "person")]
    return ", ".join(f"`{name}`" for name in own)


def _service_of(kind: type[Event]) -> str:
    return f"`{kind.__module__.removeprefix('hapgang.').removesuffix('.model')}`"


def calibration() -> str:
    """What calibration has reached, as it wrote it into the city's file."""
    text = (ROOT / "cities" / "sejong" / "choice.toml").read_text("utf-8")
    found = re.findall(r"^#   (.+): (.+), wanted (.+)$", text, re.MULTILINE)
    fitted = tomllib.loads(text)
    unknowns = {**fitted["constants"], "outside_time_scale": fitted["outside_time_scale"]}
    rows = [(f"`{name}`", f"{value}") for name, value in unknowns.items()]
    reached = table(("`today`", "model, other seeds", "wanted"), found)
    return f"{reached}\n\n" + table(("unknown", f"fitted on {fitted['fitted']}"), rows)


TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "services": ("README.md", services),
    "routes": ("docs/api.md", routes),
    "commands": ("docs/commands.md", commands),
    "settings": ("docs/settings.md", settings),
    "data": ("docs/data.md", data),
    "calibration": ("docs/decisions/0005-mode-choice.md", calibration),
}


def filled(name: str) -> tuple[Path, str, str]:
    """Return a table's page, what it holds now, and what it should hold."""
    page, make = TABLES[name]
    path = ROOT / page
    before = path.read_text("utf-8")
    begin, end = f"<!-- made by tests.docs.reference: {name} -->", f"<!-- end of {name} -->"
    head, _, rest = before.partition(begin)
    _, _, tail = rest.partition(end)
    return path, before, f"{head}{begin}\n\n{make()}\n\n{end}{tail}"


if __name__ == "__main__":
    for one in TABLES:
        place, _, fresh = filled(one)
        place.write_text(fresh, "utf-8")
