"""What became of a write that several were to do (clauses 5.2.16 to 5.2.19 and 6.3.17)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON
from hapgang.app.sources import SourceAnswer, SourceFailed
from hapgang.core.errors import CityError
from hapgang.hub.ngsild.errors import ERRORS, details_of

_FORBIDDEN = (400, 401, 403, 413, 422)
_LOOP = 508
_MULTI = 207
_MOST_DETAIL = 300


class Outcome(msgspec.Struct, frozen=True):
    """What one of those that were to write says: the city itself, or a source."""

    source: str = ""  # the registration; empty is the city
    names: tuple[str, ...] = ()  # attributes, as the client names them
    status: int = 204
    problem: dict[str, Any] | None = None
    body: Any = None  # of a 207, or of what was created

    @property
    def is_done(self) -> bool:
        """Whether all of it was written."""
        return self.problem is None and self.status != _MULTI

    @property
    def is_forbidden(self) -> bool:
        """Whether the client may not, or said what makes no sense."""
        return self.problem is not None and self.status in _FORBIDDEN


def of_answer(source: str, names: tuple[str, ...], answer: SourceAnswer) -> Outcome:
    """Return what a source says; that it was asked already is no failure (clause 6.3.18)."""
    body = _json(answer.body)
    if answer.status == _LOOP:
        return Outcome(source, names)
    if answer.status < 300:  # 2xx
        return Outcome(source, names, answer.status, None, body)
    told = body if isinstance(body, dict) else {}
    problem = {
        "type": str(told.get("type", f"{ERRORS}InternalError"))[:_MOST_DETAIL],
        "title": str(told.get("title", "The source refused"))[:_MOST_DETAIL],
        "detail": str(told.get("detail", f"it answered {answer.status}"))[:_MOST_DETAIL],
        "status": answer.status,
    }
    return Outcome(source, names, answer.status, problem)


def of_failure(source: str, names: tuple[str, ...], error: SourceFailed) -> Outcome:
    """Return that a source gave no answer."""
    status = 504 if error.is_late else 502
    problem = {
        "type": f"{ERRORS}InternalError",
        "title": "The source gave no answer",
        "detail": str(error),
        "status": status,
    }
    return Outcome(source, names, status, problem)


def of_error(names: tuple[str, ...], error: CityError, source: str = "") -> Outcome:
    """Return that it was refused here."""
    problem = dict(details_of(error))
    return Outcome(source, names, int(str(problem["status"])), problem)


def of_response(names: tuple[str, ...], response: Response) -> Outcome:
    """Return what the city itself says."""
    return Outcome("", names, response.status_code, None, _json(bytes(response.body)))


def entity_told(entity: str, outcomes: Sequence[Outcome], whole: Response) -> Response:
    """Return what a client is told of one entity; `whole` is the answer where all was done."""
    failed = [one for one in outcomes if not one.is_done]
    if not failed:
        return whole
    if len(outcomes) == 1 and failed[0].problem is not None:
        return problem_told(failed[0])
    errors = [entity_error(entity, one) for one in failed]
    success = [entity] if len(failed) < len(outcomes) else []
    return multi({"success": success, "errors": errors})


def entity_error(entity: str, outcome: Outcome) -> dict[str, Any]:
    """Return a BatchEntityError (clause 5.2.17)."""
    problem = outcome.problem or {
        "type": f"{ERRORS}InternalError",
        "title": "Only a part was done",
        "detail": _text(outcome.body),
        "status": outcome.status,
    }
    error = {"entityId": entity, "error": problem}
    return {**error, "registrationId": outcome.source} if outcome.source else error


def attributes_told(outcomes: Sequence[Outcome], whole: Response) -> Response:
    """Return what a client is told of some attributes (clause 5.2.18)."""
    failed = [one for one in outcomes if not one.is_done]
    if not failed:
        return whole
    if len(outcomes) == 1 and failed[0].problem is not None:
        return problem_told(failed[0])
    refused = [row for one in failed for row in _not_updated(one)]
    gone = {row["attributeName"] for row in refused}
    names = dict.fromkeys(name for one in outcomes for name in one.names)
    done = {name for one in outcomes if one.is_done for name in one.names}
    updated = [name for name in names if name in done or name not in gone]
    return multi({"updated": updated, "notUpdated": refused})


def problem_told(outcome: Outcome) -> Response:
    """Return a failure alone."""
    return Response(msgspec.json.encode(outcome.problem), outcome.status, media_type=JSON)


def multi(body: Any) -> Response:
    """Return what was done in parts."""
    return Response(msgspec.json.encode(body), _MULTI, media_type=JSON)


def _not_updated(outcome: Outcome) -> list[dict[str, Any]]:
    own = {"registrationId": outcome.source} if outcome.source else {}
    if outcome.problem is not None:
        reason = str(outcome.problem.get("detail", outcome.problem.get("title", "")))
        return [{"attributeName": name, "reason": reason, **own} for name in outcome.names]
    told = outcome.body.get("notUpdated") if isinstance(outcome.body, dict) else None
    rows = [
        {"attributeName": row["attributeName"], "reason": _text(row.get("reason")), **own}
        for row in (told if isinstance(told, list) else [])
        if isinstance(row, dict) and isinstance(row.get("attributeName"), str)
    ]
    reason = f"it answered {outcome.status} and said no more"
    return rows or [{"attributeName": name, "reason": reason, **own} for name in outcome.names]


def _text(value: Any) -> str:
    return (value if isinstance(value, str) else msgspec.json.encode(value).decode())[:_MOST_DETAIL]


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
