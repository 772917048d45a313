"""Errors as people and programs meet them: RFC 9457 problem documents."""

import logging

import asyncpg
import msgspec
from starlette.responses import Response

from hapgang.core.errors import CityError, Invalid, Unavailable

PROBLEM = "application/problem+json"
DATABASE_LOST = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)
_WAIT_S = {429: "60", 503: "2"}
_log = logging.getLogger(__name__)


def problem(error: Exception) -> Response:
    """Return the response that tells an error; what is not the city's own is told as a failure."""
    error = told(error)
    kind = type(error)
    body = {
        **error.detail,
        "type": f"urn:hapgang:problem:{kind.__name__}",
        "title": kind.title.en,
        "title_ko": kind.title.ko,
        "status": kind.status,
        "detail": error.message.en,
        "detail_ko": error.message.ko,
    }
    return Response(msgspec.json.encode(body), kind.status, headers_of(error), PROBLEM)


def headers_of(error: CityError) -> dict[str, str]:
    """Return the headers that say what a client can do about an error."""
    if error.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if error.status == 405:
        return {"Allow": str(error.detail["allow"])}
    return {"Retry-After": wait} if (wait := _WAIT_S.get(error.status)) else {}


def told(error: Exception) -> CityError:
    """Return the city's own error for whatever went wrong; what nobody foresaw is written down."""
    if isinstance(error, CityError):
        return error
    if isinstance(error, DATABASE_LOST):
        _log.warning("the database did not answer a request: %s", error)
        return Unavailable(
            "The city's memory does not answer. Please try again in a few seconds.",
            "도시의 저장소가 응답하지 않습니다. 몇 초 뒤에 다시 시도해 주세요.",
        )
    _log.error("a request failed", exc_info=error)
    return CityError(
        "Something failed inside the city. It was written down; try again later.",
        "도시 내부 오류입니다. 기록되었으니 나중에 다시 시도해 주세요.",
    )


class TooLarge(Invalid):
    """The body is larger than the city takes in at once."""

    status = 413
