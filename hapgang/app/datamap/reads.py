"""Which sets of data a request reads, by its path."""

from collections.abc import Callable, Mapping

from hapgang.app.context import Context
from hapgang.app.datamap import words
from hapgang.app.datamap.uses import Uses

_MOST_TYPES = 20  # of one query
_Names = Callable[[Context], list[str]]


def _queried(context: Context) -> list[str]:
    state = context.live.runtime.state
    asked = context.query("type").split(",")[:_MOST_TYPES]
    return [f"type.{name}" for name in asked if state.count(name)]


def _fetched(context: Context) -> list[str]:
    record = context.live.runtime.state.get(context.path["entity"])
    return [] if record is None else [f"type.{record.type}"]


def _collected(context: Context) -> list[str]:
    return [context.path["collection"]]


def _always(name: str) -> _Names:
    return lambda _: [name]


_BY_PATH: Mapping[str, _Names] = {
    "/ngsi-ld/v1/entities": _queried,
    "/ngsi-ld/v1/entities/{entity}": _fetched,
    "/ogc/collections/{collection}/items": _collected,
    "/ogc/collections/{collection}/items/{feature}": _collected,
    "/api/scene/{layer}": lambda context: [f"layer.{context.path['layer']}"],
    "/api/kpis": _always("results.kpis"),
    "/api/runs": _always("results.rehearsals"),
    "/api/runs/{run}": _always("results.rehearsals"),
    **{f"/api/{one.service.replace('.', '/')}{one.route}": _always(one.id) for one in words.FEEDS},
}


def note_read(uses: Uses, path: str, context: Context) -> None:
    """Count what a request that went well has read; `path` is the endpoint's own."""
    names = _BY_PATH.get(path)
    if names is not None and context.is_read:
        uses.note(names(context), context.live.clock.now())
