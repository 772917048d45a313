"""The scenario studio's reads and writes: scenarios of the city's folder, drafts, what changes do.

What a draft says is tried on the model before it is saved, outside of the writer.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

from hapgang.app.context import JSON, Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.studio_model import StreetState, StudioModel, states_of, studio_model
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.text import Text
from hapgang.core.vocabulary.scenarios import Change
from hapgang.runtime.platform.scenarios import (
    DRAWERS,
    MOST_CHANGES,
    DraftView,
    delete_draft,
    draft,
    drafts,
    edit_draft,
    make_draft,
)
from hapgang.runtime.specs import ActionSpec, spec_of, wrong_words
from hapgang.twin.scenario import (
    Scenario,
    effects_of,
    list_scenarios,
    read_scenario,
    toml_of,
)
from hapgang.twin.scene import Scene, content_version, load_scene

_SIGNED_IN = frozenset(role for role in Role if role is not Role.ANONYMOUS)
_DRAWERS = frozenset(DRAWERS)
_OBJECT = msgspec.json.Decoder(dict[str, Any])
TOML = "application/toml"


class ScenarioView(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario of the city's folder."""

    name: str
    title: Text
    services: tuple[str, ...]
    changes: tuple[Change, ...]


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to try."""

    base: str
    changes: Annotated[tuple[Change, ...], Meta(max_length=MOST_CHANGES)]


class ChangeEffect(msgspec.Struct, frozen=True):
    """What one change does: how many directed streets differ, or why it cannot be made."""

    links: int
    problem: Text | None


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What changes do, one by one, and every street that is not as it was."""

    effects: list[ChangeEffect]
    streets: list[StreetState]


_CHECK = msgspec.json.Decoder(Check)


def scenario_endpoints() -> list[Endpoint]:
    """Return the endpoints of scenarios and drafts."""
    anyone = frozenset(ANYONE)
    return [
        Endpoint("GET", "/api/scenarios", anyone, _scenarios, returns=list[ScenarioView],
                 summary="The scenarios of the city's folder."),
        Endpoint("GET", "/api/scenarios/model", anyone, _model, returns=StudioModel,
                 summary="What a scenario can change: streets, stops, lines, areas; as built."),
        Endpoint("POST", "/api/scenarios/check", _SIGNED_IN, _check, returns=Checked,
                 summary="What changes would do; nothing is kept."),
        Endpoint("GET", "/api/scenarios/{scenario}/file", _SIGNED_IN, _file, media_type=TOML,
                 summary="A scenario or a draft as the file `scenarios/NAME.toml`."),
        _drafts("GET", "", drafts, _SIGNED_IN, list[DraftView]),
        _drafts("POST", "", make_draft, _DRAWERS, DraftView),
        _drafts("GET", "/{draft}", draft, _SIGNED_IN, DraftView),
        _drafts("PUT", "/{draft}", edit_draft, _DRAWERS, DraftView),
        _drafts("DELETE", "/{draft}", delete_draft, _DRAWERS, None),
    ]  # fmt: skip


def _drafts(method: str, path: str, action: Any, allow: frozenset[Role], returns: Any) -> Endpoint:
    """Return the endpoint of an action on drafts, whose changes are tried first."""
    spec = spec_of("platform", action, allow)

    async def call(context: Context) -> Respond:
        arguments = await _arguments(context, spec)
        changes = getattr(arguments, "changes", None)
        if changes is not None:
            base = getattr(arguments, "base", None) or read_draft(context).base
            await asyncio.to_thread(check_changes, context.live.model, base, changes)
        return json_reply(await context.perform(spec, arguments))

    return Endpoint(
        method, f"/api/scenario-drafts{path}", allow, call, spec=spec, returns=returns,
        summary=(action.__doc__ or "").partition("\n")[0],
    )  # fmt: skip


async def _arguments(context: Context, spec: ActionSpec) -> msgspec.Struct:
    words = context.words() if context.is_read else await context.decoded(_OBJECT)
    try:
        return msgspec.convert({**words, **context.path}, spec.arguments)
    except msgspec.ValidationError as error:
        raise wrong_words(error) from None


_READ = spec_of("platform", draft, _SIGNED_IN)


def read_draft(context: Context, draft: str | None = None) -> DraftView:
    """Return a draft, by default the one in the path, outside of the request's own action.

    The request's Idempotency-Key is for what it does, not for what is looked up before.
    """
    arguments = _READ.check_arguments({"draft": draft or context.path["draft"]})
    view: DraftView = context.live.runtime.run(_READ, context.caller, arguments)
    return view


def check_changes(model: Path, base: str, changes: Sequence[Change]) -> None:
    """Raise `Invalid` for the first change that cannot be made, `NotFound` for an unknown base."""
    _, effects = effects_of(as_built(model, base, changes), changes)
    for number, effect in enumerate(effects, 1):
        if effect.problem is not None:
            raise Invalid(
                f"Change {number}: {effect.problem.en}", f"{number}번째 변경: {effect.problem.ko}"
            )


def as_built(model: Path, base: str, changes: Sequence[Change]) -> Scene:
    """Return the city before any change, under a scenario whose changes are still to be made."""
    if base not in list_scenarios(model):
        known = ", ".join(list_scenarios(model))
        raise NotFound(
            f"there is no scenario “{base}”; there are {known}",
            f"“{base}” 시나리오가 없습니다. 있는 것: {known}",
        )
    scenario = replace(read_scenario(model, base), changes=tuple(changes))
    return replace(_bare(model, content_version(model)), scenario=scenario)


@lru_cache(maxsize=2)
def _bare(model: Path, _version: str) -> Scene:
    nothing = Scenario(name="as-built", title=Text("As built", "지은 그대로"), settings={})
    return load_scene(model, nothing)


async def _scenarios(context: Context) -> Respond:
    return json_reply(await asyncio.to_thread(_listed, context.live.model))


def _listed(model: Path) -> list[ScenarioView]:
    found = [read_scenario(model, name) for name in list_scenarios(model)]
    return [
        ScenarioView(name=one.name, title=one.title, services=one.services, changes=one.changes)
        for one in found
    ]


async def _model(context: Context) -> Respond:
    body = await asyncio.to_thread(_model_bytes, context.live.model)
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-cache"})


def _model_bytes(model: Path) -> bytes:
    return _model_of(model, content_version(model))


@lru_cache(maxsize=2)
def _model_of(model: Path, version: str) -> bytes:
    return msgspec.json.encode(studio_model(_bare(model, version)))


async def _check(context: Context) -> Respond:
    wish: Check = await context.decoded(_CHECK)
    return json_reply(await asyncio.to_thread(_checked, context.live.model, wish))


def _checked(model: Path, wish: Check) -> Checked:
    before = as_built(model, wish.base, wish.changes)
    after, effects = effects_of(before, wish.changes)
    return Checked(
        effects=[ChangeEffect(effect.links, effect.problem) for effect in effects],
        streets=states_of(before, after),
    )


async def _file(context: Context) -> Respond:
    name = context.path["scenario"]
    if name.startswith("urn:"):
        view = read_draft(context, name)
        await context.live.runtime.writer.durable()
        text = await asyncio.to_thread(_draft_text, context.live.model, view)
        file = f"draft-{name.rpartition(':')[2]}.toml"
    else:
        if name not in list_scenarios(context.live.model):
            raise NotFound(f"there is no scenario “{name}”", f"“{name}” 시나리오가 없습니다")
        scenario = await asyncio.to_thread(read_scenario, context.live.model, name)
        text, file = toml_of(scenario), f"{name}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(text, media_type=TOML, headers=headers)


def _draft_text(model: Path, view: DraftView) -> str:
    base = read_scenario(model, view.base)
    title = Text(view.title, view.title)
    return toml_of(replace(base, title=title, changes=view.changes))
