"""The doors of the log: checkpoints, tiles and proofs for everybody, receipts for whom they are.

With them those of other cities' logs.
"""

import asyncio
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from hapgang.app.cities.endpoints import cities_endpoints
from hapgang.app.context import Context, Reply, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.log.proofs import receipt_of
from hapgang.app.log.witnesses import Standing
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Invalid, NotFound
from hapgang.ledger.log.leaves import transfer_fact
from hapgang.ledger.log.receipts import (
    ConsistencyReceipt,
    Receipt,
    consistency_receipt,
)
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.money.noting import note_audit
from hapgang.writer.recovery import decode

_TEXT = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"
_TILE = re.compile(r"[0-9]{1,2}/(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[0-9]{1,3})?")
_MOST_PARTS = 8  # of a tile's path
_OWNERS = frozenset({Role.RESIDENT, Role.VISITOR, Role.COMPANY, Role.OPERATOR, Role.AUDITOR})


class WitnessState(msgspec.Struct, frozen=True):
    """How it stands with one outside witness."""

    host: str
    address: str
    state: str  # not asked, signed, away, refused or forked
    size: int  # of the log that it signed last
    at: datetime | None  # when it was asked last
    why: str


class LogState(msgspec.Struct, frozen=True):
    """How far the log has come."""

    facts: int  # written, those included that no checkpoint has yet
    signed: int
    key: str
    chain: str  # off, idle, sent, waiting, anchored, away, refused or forked
    chain_why: str
    chain_id: int  # 0 before there is one
    contract: str
    witnesses: list[WitnessState]


def log_endpoints() -> list[Endpoint]:
    """Return the log's endpoints."""
    anyone = frozenset(ANYONE)
    tiles = ["/".join(f"{{part{n}}}" for n in range(count)) for count in range(2, _MOST_PARTS + 1)]
    return [
        Endpoint(
            "GET", "/api/log/checkpoint", anyone, _checkpoint, media_type="text/plain",
            summary="The newest checkpoint of the city's log of facts: a signed note.",
        ),
        Endpoint(
            "GET", "/api/log", anyone, _state, returns=LogState,
            summary="How far the city's log of facts has come, and how it stands on its chain.",
        ),
        Endpoint(
            "GET", "/api/log/key", anyone, _key, media_type="text/plain",
            summary="The key that checks the log's checkpoints.",
        ),
        Endpoint(
            "GET", "/api/log/consistency", anyone, _consistency, returns=ConsistencyReceipt,
            summary="A proof that the log of size `from` is the beginning of today's.",
        ),
        *(
            Endpoint(
                "GET", f"/api/log/tile/{path}", anyone, _tile, media_type=_BYTES,
                summary="A tile of the log, in the layout of C2SP's tlog-tiles.",
            )
            for path in tiles
        ),
        Endpoint(
            "GET", "/api/me/transfers/{transfer}/receipt", _OWNERS, _receipt, returns=Receipt,
            summary="What proves one of the caller's transfers without the city.",
        ),
        Endpoint(
            "GET", "/api/log/facts/{kind}/{fact}/receipt", anyone, _fact, returns=Receipt,
            summary="What proves a fact of the caller's, or one that is nobody's.",
        ),
        *cities_endpoints(),
    ]  # fmt: skip


async def _checkpoint(context: Context) -> Respond:
    return Reply(context.live.log.checkpoint.encode(), media_type=_TEXT)


async def _state(context: Context) -> Respond:
    log = context.live.log
    stage, why = log.stage
    try:
        size = log.signed.size
    except NotFound:
        size = 0
    written = context.live.runtime.writer.n_leaves
    witnesses = [_witness_state(each) for each in log.witnesses]
    return json_reply(LogState(written, size, log.key.text(), stage, why, *log.contract, witnesses))


def _witness_state(known: Standing) -> WitnessState:
    at = datetime.fromtimestamp(known.at_s, UTC) if known.at_s else None
    host = urlsplit(known.url).netloc
    return WitnessState(host, known.address, known.state, known.size, at, known.why)


async def _key(context: Context) -> Respond:
    return Reply(context.live.log.key.text().encode(), media_type=_TEXT)


async def _tile(context: Context) -> Respond:
    path = "/".join(context.path.values())
    if _TILE.fullmatch(path) is None:
        raise NotFound("a tile is at /api/log/tile/L/NNN or .../NNN.p/W", None)
    file = context.live.log.folder / "tile" / path
    try:
        content = await asyncio.to_thread(file.read_bytes)
    except OSError:
        raise NotFound(f"there is no tile {path}", f"{path} 타일이 없습니다") from None
    kept = "public, max-age=60" if ".p/" in path else "public, max-age=31536000, immutable"
    return Reply(content, media_type=_BYTES).with_header("Cache-Control", kept)


async def _consistency(context: Context) -> Respond:
    log = context.live.log
    signed = log.signed
    text = context.query("from")
    if not text.isdecimal() or len(text) > 15 or int(text) > signed.size:
        raise Invalid(
            f"from is a size, 0 to {signed.size}", f"from은 0에서 {signed.size} 사이입니다"
        )
    older, newer = [await asyncio.to_thread(log.note_at, size) for size in (int(text), signed.size)]
    return json_reply(await asyncio.to_thread(consistency_receipt, signed, older, newer))


async def _receipt(context: Context) -> Respond:
    found = await context.live.reads.dated_transfer(context.path["transfer"])
    own = account_id(context.caller.id)
    is_own = found is not None and own in (found[1].debit, found[1].credit)
    if found is None or not (is_own or context.caller.role is Role.AUDITOR):
        raise NotFound("you have no such transfer", "그런 이체 내역이 없습니다")
    if not is_own:
        spec = context.live.runtime.spec(note_audit)
        await context.perform(spec, spec.check_arguments({"transfer": found[1].id}))
    return json_reply(await receipt_of(context, transfer_fact(found[1], found[0])))


def _seen_by(caller: str, kind: str) -> tuple[str | None, ...]:
    """Return whose facts a caller may have: what became of a shop's account is not told to all."""
    return (caller,) if kind == "account" else (caller, None)


async def _fact(context: Context) -> Respond:
    """Hand out the receipt of a fact that is the caller's, or nobody's."""
    kind, name = context.path["kind"], context.path["fact"]
    leaf = await context.live.reads.find_leaf(kind, name)
    if leaf is None or leaf.body is None or leaf.person not in _seen_by(context.caller.id, kind):
        raise NotFound("you have no such fact in the log", "기록에 그런 사실이 없습니다")
    body = leaf.body
    if leaf.person is not None:
        body = context.live.vault.open(leaf.person, body)
    return json_reply(await receipt_of(context, decode(body)))
