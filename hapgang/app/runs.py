"""Rehearsals that were kept: their reports, and the day for the portal's playback."""

import asyncio
import logging
import re
from pathlib import Path
from typing import Any

import msgspec
from starlette.responses import FileResponse, Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Endpoint
from hapgang.contract import ANYONE
from hapgang.core.errors import NotFound
from hapgang.core.text import Text
from hapgang.rehearsal.run import Report, are_seeds_of_one, together

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")
_MOST_RUNS = 500
_log = logging.getLogger(__name__)
_CHUNK = re.compile(r"[0-9]{2}\.bin")


class RunView(msgspec.Struct):
    """A kept run, on the list."""

    run: str
    city: str
    scenario: str
    without: tuple[str, ...]
    residents: int
    seed: int
    weather: str
    date: str
    wall_s: float
    digest: str
    title: Text | None  # of the scenario; older runs do not tell
    draft: str  # whose copy was rehearsed, if any
    draft_version: int
    base: str


class ChunkView(msgspec.Struct):
    """A file of the playback: one hour."""

    start_s: int
    end_s: int
    href: str
    bytes: int


class PlaybackView(msgspec.Struct):
    """The day's files, modes and weather."""

    date: str
    modes: list[str]
    chunks: list[ChunkView]
    weather: list[dict[str, float]]


def run_endpoints() -> list[Endpoint]:
    """Return the endpoints of kept runs; what is rehearsed is about virtual people, so open."""
    anyone = frozenset(ANYONE)
    return [
        Endpoint("GET", "/api/runs", anyone, _runs, summary="Rehearsals that were kept, newest"
                 " first.", returns=list[RunView]),
        Endpoint("GET", "/api/runs/{run}", anyone, _run, summary="A rehearsal's report: means and"
                 " spread over all kept seeds of the same day.", returns=Report),
        Endpoint("GET", "/api/runs/{run}/playback", anyone, _playback,
                 summary="The rehearsed day, hour by hour.", returns=PlaybackView),
        Endpoint("GET", "/api/runs/{run}/playback/{chunk}", anyone, _chunk,
                 summary="One hour of the rehearsed day.", media_type="application/octet-stream"),
    ]  # fmt: skip


async def _runs(context: Context) -> Response:
    return _json(await asyncio.to_thread(_listed, context.live.folder / "runs"))


def _listed(folder: Path) -> list[RunView]:
    newest = sorted(kept(folder), key=_kept_at, reverse=True)[:_MOST_RUNS]
    return [view_of(path.parent.name, report) for path in newest if (report := report_in(path))]


def kept(folder: Path) -> list[Path]:
    """Return the reports of all kept runs."""
    return [path for path in folder.glob("*/report.json") if _NAME.fullmatch(path.parent.name)]


def _kept_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def report_in(path: Path) -> Report | None:
    """Return a run; None where another is just taking its place, or it is of another version."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        _log.warning("%s cannot be read: %s", path, error)
        return None


def view_of(name: str, report: Report) -> RunView:
    """Return a run as lists show it."""
    return RunView(
        name,
        report.city,
        report.scenario,
        report.without,
        report.residents,
        report.seed,
        report.weather,
        report.date,
        report.wall_s,
        report.digest,
        report.title,
        report.draft,
        report.draft_version,
        report.base,
    )


async def _run(context: Context) -> Response:
    return _json(await asyncio.to_thread(_over_seeds, _folder(context)))


def report_of(folder: Path) -> Report:
    """Return a run's report; `NotFound` for one that cannot be read any more."""
    found = report_in(folder / "report.json")
    if found is None:
        raise NotFound(
            f"{folder.name} is of another version of Hapgang; rehearse again",
            f"{folder.name}은(는) 다른 버전의 결과입니다. 다시 예행하세요",
        )
    return found


def _over_seeds(folder: Path) -> Report:
    """Return a run's report with the means and the spread of it and its other seeds."""
    own = report_of(folder)
    beside = [path for path in kept(folder.parent) if path.parent != folder]
    others = [report_in(path) for path in sorted(beside)]
    alike = [report for report in others if report and are_seeds_of_one(own, report)]
    if not alike:
        return own
    return msgspec.structs.replace(
        together([own, *alike]), digest=own.digest, wall_s=own.wall_s, peak_mb=own.peak_mb
    )


async def _playback(context: Context) -> Response:
    folder = _folder(context)
    index: dict[str, Any] = msgspec.json.decode((folder / "playback.json").read_bytes())
    chunks = [
        ChunkView(c["start_s"], c["end_s"], f"/api/runs/{folder.name}/playback/{c['name']}",
                  c["bytes"])
        for c in index["chunks"]
    ]  # fmt: skip
    return _json(PlaybackView(index["date"], index["modes"], chunks, index["weather"]))


async def _chunk(context: Context) -> Response:
    name = context.path["chunk"]
    path = _folder(context) / "playback" / name
    if not _CHUNK.fullmatch(name) or not path.is_file():
        raise NotFound(f"there is no hour {name}", f"{name} 시간대가 없습니다")
    return FileResponse(
        path,
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-cache"},
    )


def _folder(context: Context) -> Path:
    return run_folder(context.live.folder, context.path["run"])


def run_folder(city: Path, name: str) -> Path:
    """Return where a run is kept; `NotFound` for what is not one."""
    folder = city / "runs" / name
    if not _NAME.fullmatch(name) or not (folder / "report.json").is_file():
        raise NotFound(
            f"there is no rehearsal {name}; see /api/runs", f"예행 {name}이(가) 없습니다"
        )
    return folder


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type=JSON)
