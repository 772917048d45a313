"""What holds for every service that is installed, without being told which there are."""

import ast
import inspect
import json
import re
import typing
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
import pytest

import hapgang.services
from hapgang.contract import Caller, Level, Moment, Role, Route, Service
from hapgang.core.chance import Stream
from hapgang.core.clock import VirtualClock
from hapgang.core.entity import type_of
from hapgang.core.errors import CityError, Invalid
from hapgang.hub.lake import SCHEMAS
from hapgang.rehearsal.run import rehearse
from hapgang.rehearsal.wish import Wish
from hapgang.runtime.discover import BrokenService, check_owners, discover
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.runtime.specs import ActionSpec, specs_of
from hapgang.twin.scene import load_scene
from hapgang.writer.writer import Writer
from tests.small_city import write_small_city

ROOT = Path(__file__).resolve().parents[1]
SERVICES = discover()
FOLDERS = {name: Path(hapgang.services.__path__[0], *name.split(".")) for name in SERVICES}
SECTIONS = [
    "The resident's story", "What the sources ask", "Method and sources", "KPIs and targets",
    "Measured results", "Limits", "Level",
]  # fmt: skip
MODULES = {"routes", "residents", "kpis", "actions", "speaks", "method", "model"}
LEVELS = list(Level)
every_service = pytest.mark.parametrize("name", SERVICES)


def test_there_are_services() -> None:
    assert SERVICES
    assert list(SERVICES) == sorted(SERVICES)


@every_service
def test_the_folder_has_the_seven_names_and_no_other(name: str) -> None:
    entries = {path.name for path in FOLDERS[name].iterdir() if path.name != "__pycache__"}
    modules = {entry.removesuffix(".py") for entry in entries - {"__init__.py", "README.md"}}
    assert {"__init__.py", "README.md"} <= entries
    assert modules <= MODULES
    assert {"model", "actions", "routes"} <= modules


@every_service
def test_the_package_holds_the_service_and_nothing_else(name: str) -> None:
    docstring, *statements = ast.parse((FOLDERS[name] / "__init__.py").read_text()).body
    assert isinstance(docstring, ast.Expr)
    *imports, last = statements
    assert all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in imports)
    assert isinstance(last, ast.Assign)
    assert ast.unparse(last.targets[0]) == "service"
    assert ast.unparse(last.value).startswith("Service(")


@every_service
def test_the_readme_tells_all_there_is_to_tell(name: str) -> None:
    text = (FOLDERS[name] / "README.md").read_text()
    assert text.startswith("# ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    parts = dict(zip(SECTIONS, re.split(r"^## .+$", text, flags=re.MULTILINE)[1:], strict=True))
    assert all(len(part.strip()) > 40 for part in parts.values())
    told = re.findall(r"`(\w+)`", parts["KPIs and targets"])
    assert {kpi.name for kpi in SERVICES[name].kpis} <= set(told)
    level = re.search(r"\*\*(\w+)\*\*", parts["Level"])
    assert level is not None
    assert level[1].lower() == SERVICES[name].level.value


@every_service
def test_kpis_have_a_unit_a_source_and_a_measure(name: str) -> None:
    kpis = SERVICES[name].kpis
    assert len({kpi.name for kpi in kpis}) == len(kpis)
    for kpi in kpis:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", kpi.name)
        assert kpi.unit.strip(), kpi.name
        assert len(kpi.source.en) > 8, kpi.name
        assert re.search("[가-힣]", kpi.source.ko), f"{kpi.name}: the source in Korean"
        assert kpi.title.en != kpi.title.ko, kpi.name
        assert not re.search(r"\b(file|page) ?\d", kpi.source.en), f"{kpi.name}: name the source"
        assert set(kpi.tables) <= set(SCHEMAS), kpi.name


@every_service
def test_routes_are_named_explained_and_never_twice(name: str) -> None:
    service = SERVICES[name]
    doors = [(route.method, route.path) for route in service.routes]
    assert len(set(doors)) == len(doors)
    specs = specs_of(name, service)
    for route in service.routes:
        assert route.allow, f"{route.path} lets nobody in"
        assert (inspect.getdoc(route.action) or "").strip(), f"{route.path} is not explained"
        named = set(re.findall(r"\{(\w+)\}", route.path))
        assert named <= set(specs[route.action].arguments.__struct_fields__)


def test_each_type_has_one_owner() -> None:
    check_owners(SERVICES)
    name, service = next(iter(SERVICES.items()))
    with pytest.raises(BrokenService, match="both own"):
        check_owners({name: service, "another.one": service})
    shared = replace(service, contributes=service.owns)
    with pytest.raises(BrokenService, match="is owned"):
        check_owners({name: replace(shared, owns=())})


@every_service
def test_personal_types_say_whose_they_are(name: str) -> None:
    for view in SERVICES[name].owns:
        declared = type_of(view)
        words = [field.name for field in declared.fields]
        names_somebody = {"person", "renter", "owner", "patient", "resident"} & set(words)
        assert declared.person is not None or not names_somebody, declared.name


@every_service
def test_the_level_is_earned(name: str) -> None:
    service, rank = SERVICES[name], LEVELS.index(SERVICES[name].level)
    assert list((ROOT / "tests/services").joinpath(*name.split(".")).glob("test_*.py"))
    if rank >= LEVELS.index(Level.REHEARSED):
        assert service.habits
        assert service.kpis
        assert service.page
        assert {habit.moment for habit in service.habits} <= set(Moment)
        for habit in service.habits:
            assert not habit.staff or habit.staff in settings_of(service)
    if rank >= LEVELS.index(Level.LIVE):
        assert (FOLDERS[name] / "speaks.py").exists() or (FOLDERS[name] / "speaks").exists()


def settings_of(service: Service) -> tuple[str, ...]:
    return service.settings.__struct_fields__ if service.settings is not None else ()


@every_service
def test_settings_have_defaults(name: str) -> None:
    form = SERVICES[name].settings
    assert form is None or msgspec.convert({}, form) == form()


@every_service
def test_a_page_is_there_when_it_is_promised(name: str) -> None:
    folder = (ROOT / "portal/src/services").joinpath(*name.split("."))
    assert SERVICES[name].page is bool(list(folder.glob("index.ts*")))


@every_service
def test_the_docs_have_its_table(name: str) -> None:
    text = (ROOT / "docs/api.md").read_text()
    assert f"## {name}\n" in text
    for route in SERVICES[name].routes:
        assert f"/api/{name.replace('.', '/')}{route.path}`" in text


@every_service
def test_words_that_do_not_fit_are_refused(name: str) -> None:
    for spec in specs_of(name, SERVICES[name]).values():
        with pytest.raises(Invalid):
            spec.check_arguments({"there is no such word": 1})
        for field in msgspec.structs.fields(spec.arguments):
            if field.type is not Any:
                with pytest.raises(Invalid):
                    spec.check_arguments({field.name: {"no": ["such", {"thing": None}]}})
            if field.required:
                with pytest.raises(Invalid):
                    spec.check_arguments({})


TEXTS = ["", "x", "urn:ngsi-ld:Thing:1", "a" * 2000, "'; DROP TABLE entity; --", "\n", "합강"]
NUMBERS = [0, 1, -1, 2**63, -(2**63), 10**30, 0.5, -1e308, 1e308, 1e-308]


def rubbish(hint: Any, chance: Stream) -> Any:  # noqa: PLR0911 (one line for each kind)
    """Return something of a type that no sensible caller would send."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is typing.Annotated:
        return rubbish(inside[0], chance)
    if origin is Literal:
        return chance.choice([*inside, "none of these"])
    if origin in (typing.Union, UnionType):
        return rubbish(chance.choice([part for part in inside if part is not NoneType]), chance)
    if origin in (list, tuple):
        return [rubbish(inside[0], chance) for _ in range(chance.below(4))]
    if origin is dict:
        return {chance.choice(TEXTS): rubbish(inside[1], chance)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return chance.choice([*(member.value for member in hint), "none of these"])
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return {f.name: rubbish(f.type, chance) for f in msgspec.structs.fields(hint)}
    if hint is bool:
        return chance.below(2) == 1
    return chance.choice(NUMBERS if hint in (int, float) else TEXTS)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load_scene(write_small_city(tmp_path_factory.mktemp("every")), "plan")


@every_service
def test_rubbish_of_the_right_shape_is_refused_and_costs_nothing(name: str, scene: Any) -> None:
    runtime = Runtime(
        {name: SERVICES[name], "platform": platform},
        clock=VirtualClock(datetime(2026, 9, 16, tzinfo=UTC), ZoneInfo("Asia/Seoul")),
        writer=Writer(), scene=scene, seed=1,
    )  # fmt: skip
    person = "urn:ngsi-ld:Person:1"
    runtime.perform(register_person, PLATFORM, person=person, age_band="30-39", balance_won=9000)
    if SERVICES[name].setup is not None:
        runtime.perform(SERVICES[name].setup, PLATFORM)
    chance = Stream(7)
    for spec in specs_of(name, SERVICES[name]).values():
        for role in sorted(spec.allow, key=lambda role: role.value):
            for _ in range(25):
                send_rubbish(runtime, spec, Caller(person, role), chance)
    assert runtime.book.total_won() == 0
    assert not runtime.book._held
    json.dumps(msgspec.to_builtins(runtime.book.accounts()))


def send_rubbish(runtime: Runtime, spec: ActionSpec, caller: Caller, chance: Stream) -> None:
    """Anything but the city's own error, which a caller can read, fails the test here."""
    words = {f.name: rubbish(f.type, chance) for f in msgspec.structs.fields(spec.arguments)}
    try:
        runtime.perform(spec.action, caller, **words)
    except CityError as refused:
        said = (refused.status, refused.message.en, refused.message.ko)
    else:
        said = (200, "done", "완료")
    assert said[0] in (200, 401, 403, 404, 409, 422, 503)
    assert all(said)


@every_service
def test_a_seeded_day_repeats_itself(name: str, tmp_path: Path) -> None:
    model = write_small_city(tmp_path / "small", services=f'"{name}"', residents=60)
    wish = Wish(model=str(model), residents=60, seed=7)
    first, second = (rehearse(wish, lambda *_: None) for _ in range(2))
    assert first.digest == second.digest
    assert first.kpis == second.kpis
    assert first.trips == second.trips
    assert sum(first.trips.values()) > 60


def test_the_route_helpers_say_their_method() -> None:
    made = Route.get("/x", test_there_are_services, allow=(Role.OPERATOR,))
    assert (made.method, made.media_type) == ("GET", "application/json")
