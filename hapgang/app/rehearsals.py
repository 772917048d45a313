"""Rehearsals that people start from the portal: each a job in a process of its own, one at a time.

A draft is rehearsed together with its base, by the same seeds, so that a comparison is fair; runs
that were kept already are used again.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.scenarios import check_changes, read_draft
from hapgang.contract import Role
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.scenarios import Rehearsal, ScenarioDraft
from hapgang.rehearsal.build import World, world_of
from hapgang.rehearsal.run import Report, rehearse
from hapgang.rehearsal.wish import Draft, Wish
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.scenarios import (
    DRAWERS,
    RehearsalView,
    check_room,
    find_draft,
    job_to_cancel,
    note_rehearsed,
    rehearsals,
    want_rehearsal,
)
from hapgang.runtime.specs import spec_of
from hapgang.twin.scene import load_scene

_SIGNED_IN = frozenset(role for role in Role if role is not Role.ANONYMOUS)
_NICE = 10  # the living city comes first
_MOST_RUNS_OF_DRAFTS = 100  # older ones make room: people may have as many drafts as they like
_SHARES = {"city": 0.05, "people": 0.05, "day": 0.85, "report": 0.05}
_log = logging.getLogger(__name__)
Sky = Literal["clear", "rain", "dust", "heat", "drawn"]
# A few sizes, so that runs of the city's own scenarios are used again and are not too many.
Size = Literal[200, 500, 1000, 2000, 3000, 5000, 10000]


_LIST = spec_of("platform", rehearsals, _SIGNED_IN)
_CANCEL = spec_of("platform", job_to_cancel, frozenset(DRAWERS))


class Orders:
    """Takes orders of rehearsals of one city: whose model lies where, and where its runs go."""

    def __init__(self, model: Path, folder: Path) -> None:
        """Rehearse the model in a folder; runs are kept in the city's own."""
        self._model, self._folder = str(model), folder

    def order_rehearsal(
        self,
        city: CityOf,
        *,
        scenario: Annotated[str, Meta(max_length=200)],
        residents: Size = 2000,
        seeds: Annotated[int, Meta(ge=1, le=20)] = 2,
        weather: Sky = "clear",
    ) -> RehearsalView:
        """Rehearse a scenario or a draft as it is now, with the draft's base beside it."""
        check_room(city, residents=residents, seeds=seeds)
        found = find_draft(city, scenario) if _is_draft(scenario) else None
        base = Wish(
            model=self._model, residents=residents, weather=weather,
            scenario=found.base if found is not None else scenario,
        )  # fmt: skip
        wish = _carrying(base, found) if found is not None else base
        rehearsal = new_urn("Rehearsal", city.rng)
        title = found.title if found is not None else scenario
        wanted, beside = _seeds(wish, seeds), _seeds(base, seeds)
        job = city.start(
            Text(f"Rehearsing “{title}”", f"“{title}” 예행"),
            rehearse_all,
            note_rehearsed,
            wishes=wanted + (beside if found is not None else []),
            runs=str(self._folder / "runs"),
            cache=str(self._folder / "cache"),
            rehearsal=rehearsal,
        )
        return want_rehearsal(
            city,
            wanted=Rehearsal(
                id=rehearsal, wanted_by=city.caller.id, role=city.caller.role.value, title=title,
                scenario=wish.scenario, draft=found.id if found else None,
                version=found.version if found else None, residents=residents, seeds=seeds,
                weather=weather, job=job, wanted_at=city.now, runs=_names(wanted),
                beside=_names(beside) if found is not None else (),
            ),
        )  # fmt: skip


def _seeds(wish: Wish, seeds: int) -> list[Wish]:
    return [msgspec.structs.replace(wish, seed=seed) for seed in range(1, seeds + 1)]


def _names(wishes: list[Wish]) -> tuple[str, ...]:
    return tuple(wish.run_name for wish in wishes)


def _is_draft(scenario: str) -> bool:
    return scenario.startswith("urn:")


def _carrying(base: Wish, draft: ScenarioDraft) -> Wish:
    """Return the wish of a draft's version; its runs are called by both."""
    carried = Draft(
        id=draft.id, version=draft.version, title=draft.title, base=draft.base,
        changes=draft.changes,
    )  # fmt: skip
    name = f"draft-{draft.id.rpartition(':')[2]}-v{draft.version}"
    return msgspec.structs.replace(base, scenario=name, draft=carried)


def rehearse_all(
    report: Callable[[float], None], *, wishes: list[Wish], runs: str, cache: str, rehearsal: str
) -> str:
    """Rehearse every wish that was not kept yet, one after another; runs in a process of its own.

    Wishes of one scenario stand together and share its world.
    """
    os.nice(_NICE)
    world: World | None = None
    for number, wish in enumerate(wishes):
        if number == 0 or wish.scenario != wishes[number - 1].scenario:
            world = None
        out = Path(runs) / wish.run_name
        if not _is_kept(out, wish):
            world = world or world_of(wish, cache=Path(cache))

            def told(stage: str, share: float, number: int = number) -> None:
                report((number + _done(stage, share)) / len(wishes))

            rehearse(wish, told, out, world=world, cache=Path(cache))
        report((number + 1) / len(wishes))
    forget_old_drafts(Path(runs))
    return rehearsal


def _done(stage: str, share: float) -> float:
    order = list(_SHARES)
    return sum(_SHARES[one] for one in order[: order.index(stage)]) + share * _SHARES[stage]


def _is_kept(out: Path, wish: Wish) -> bool:
    """Whether a run of this wish is there, of the model and the scenario as they are now."""
    try:
        kept = msgspec.json.decode((out / "report.json").read_bytes(), type=Report)
    except (FileNotFoundError, msgspec.MsgspecError):
        return False
    return kept.city_version == load_scene(wish.folder, wish.read()).version


def forget_old_drafts(runs: Path, most: int = _MOST_RUNS_OF_DRAFTS) -> None:
    """Remove the oldest runs of drafts where there are more than `most`; others stay."""
    found = sorted(runs.glob("*-draft-*-v*/report.json"), key=lambda path: path.stat().st_mtime)
    for path in found[: max(0, len(found) - most)]:
        _log.info("the run %s makes room for newer ones", path.parent.name)
        shutil.rmtree(path.parent, ignore_errors=True)


def rehearsal_endpoints(model: Path, folder: Path) -> list[Endpoint]:
    """Return the endpoints of a city whose model and state lie in two folders."""
    drawers = frozenset(DRAWERS)
    order = spec_of("platform", Orders(model, folder).order_rehearsal, drawers)

    async def ordered(context: Context) -> Respond:
        arguments: Any = await context.decoded(msgspec.json.Decoder(order.arguments))
        await _check(context, arguments.scenario)
        return json_reply(await context.perform(order, arguments))

    return [
        Endpoint("GET", "/api/rehearsals", _SIGNED_IN, _list, returns=list[RehearsalView],
                 summary="Rehearsals that people want or wanted, newest first."),
        Endpoint("POST", "/api/rehearsals", drawers, ordered, spec=order, returns=RehearsalView,
                 summary="Rehearse a scenario or a draft, and its base beside it."),
        Endpoint("POST", "/api/rehearsals/{rehearsal}/cancel", drawers, _cancel,
                 summary="Stop a rehearsal that waits or runs: one's own; operators any."),
    ]  # fmt: skip


async def _check(context: Context, scenario: str) -> None:
    """Refuse before the job what would fail in it."""
    model = context.live.model
    if _is_draft(scenario):
        view = read_draft(context, scenario)
        await asyncio.to_thread(check_changes, model, view.base, view.changes)
    else:
        await asyncio.to_thread(check_changes, model, scenario, ())


async def _list(context: Context) -> Respond:
    return json_reply(await context.perform(_LIST, _LIST.check_arguments({})))


async def _cancel(context: Context) -> Respond:
    words = _CANCEL.check_arguments({"rehearsal": context.path["rehearsal"]})
    job = await context.perform(_CANCEL, words)
    context.live.jobs.take_started()  # it may have been wanted a moment ago
    context.live.jobs.cancel(job)
    await context.live.runtime.writer.durable()
    return json_reply({"cancelled": context.path["rehearsal"]})
