"""Doors at which wallets knock: OAuth's form of errors, and open to pages of any site.

Cross-origin reading is allowed at these doors only. Nothing there depends on cookies or on who is
signed in: a wallet shows a code, and gets what the code is for.
"""

import logging
from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec

from hapgang.app.context import Context, Reply, Respond
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.identity.wallet_words import PREFLIGHT, answers_in, takes
from hapgang.app.problems import TooLarge, headers_of, told
from hapgang.contract import ANYONE
from hapgang.core.errors import CityError, Invalid, NotFound
from hapgang.ledger.identity.codes import OpenIdError
from hapgang.ledger.identity.jose import Json

JWT = "application/jwt"
_MOST_BODY = 262_144
_log = logging.getLogger(__name__)
_OPEN = (("Access-Control-Allow-Origin", "*"),)
_PREFLIGHT = (
    *_OPEN,
    ("Access-Control-Allow-Headers", "Authorization, Content-Type"),
    ("Access-Control-Max-Age", "86400"),
)


def doors(
    path: str,
    calls: Mapping[str, tuple[Call, str]],
    *,
    media_type: str = "application/json",
) -> list[Endpoint]:
    """Return the endpoints of a door: what each method does, and what a browser asks before."""
    methods = ", ".join(calls)

    async def preflight(_: Context) -> Respond:
        reply = Reply(b"", status=204).with_header("Access-Control-Allow-Methods", methods)
        return _with(reply, _PREFLIGHT)

    found = [
        Endpoint(
            method, path, frozenset(ANYONE), _answering(call), summary=summary,
            media_type=media_type, tag="identity", reads_token=False,
            described={**answers_in(media_type), **takes(method, path)},
        )
        for method, (call, summary) in calls.items()
    ]  # fmt: skip
    found.append(
        Endpoint(
            "OPTIONS", path, frozenset(ANYONE), preflight, tag="identity", reads_token=False,
            summary="What a browser asks before a wallet of another site may come in.",
            described=PREFLIGHT,
        )
    )  # fmt: skip
    return found


def json_door(value: object, *, status: int = 200, kept_s: int = 0) -> Reply:
    """Return an answer in JSON; by default it is kept by nobody on the way."""
    kept = f"public, max-age={kept_s}" if kept_s else "no-store"
    return Reply(msgspec.json.encode(value), status=status).with_header("Cache-Control", kept)


def token_door(token: str, media_type: str) -> Reply:
    """Return an answer that is a signed token."""
    return Reply(token.encode(), media_type=media_type).with_header("Cache-Control", "no-store")


async def body_of(context: Context) -> bytes:
    """Return the body; none of these is long."""
    length = context.header(b"content-length") or "0"
    if length.isdecimal() and len(length) < 10 and int(length) <= _MOST_BODY:
        body = await context.body()
        if len(body) <= _MOST_BODY:
            return body
    raise TooLarge(f"at most {_MOST_BODY:,} bytes", f"최대 {_MOST_BODY:,}바이트입니다")


async def form_of(context: Context) -> dict[str, str]:
    """Return the fields of a form; each once (RFC 6749, 3.2)."""
    try:
        text = (await body_of(context)).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=30)
    except ValueError as wrong:
        raise Invalid("it is not a form", "양식이 아닙니다") from wrong
    form = dict(pairs)
    if len(form) != len(pairs):
        raise Invalid("a field stands twice", "같은 항목이 두 번 있습니다")
    return form


def _answering(call: Call) -> Call:
    async def answered(context: Context) -> Respond:
        try:
            reply = await call(context)
        except Exception as error:  # noqa: BLE001 (every failure has OAuth's form here)
            reply = _refused(told(error))
        assert isinstance(reply, Reply)
        return _with(reply, _OPEN)

    return answered


def _refused(error: CityError) -> Reply:
    if isinstance(error, OpenIdError):
        status = 401 if error.code == "invalid_token" else 400
        reply = json_door(error.document(), status=status)
        if status == 401:
            reply.with_header("WWW-Authenticate", 'Bearer error="invalid_token"')
        return reply
    reply = json_door(_document(error), status=error.status)
    for name, value in headers_of(error).items():
        reply.with_header(name, value)
    return reply


def _document(error: CityError) -> Json:
    if error.status >= 500:
        code = "temporarily_unavailable" if error.status == 503 else "server_error"
    else:
        code = "not_found" if isinstance(error, NotFound) else "invalid_request"
    return {"error": code, "error_description": error.message.en}


def _with(reply: Reply, headers: tuple[tuple[str, str], ...]) -> Reply:
    for name, value in headers:
        reply.with_header(name, value)
    return reply
