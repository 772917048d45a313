"""Receipts of a living city's facts: signed, and anchored where they are."""

import asyncio
from contextlib import suppress
from typing import Any

from hapgang.app.context import Context
from hapgang.app.log.city_log import SOONEST_S, CityLog, NotSigned
from hapgang.core.errors import NotFound
from hapgang.ledger.log.receipts import Receipt, receipt
from hapgang.ledger.log.tiles import Tiles


async def receipt_of(context: Context, fact: dict[str, Any]) -> Receipt:
    """Return the receipt of a fact; `NotSigned` where no checkpoint has it yet."""
    live = context.live
    leaf = await live.reads.find_leaf(fact["kind"], fact["id"])
    if leaf is None:
        raise NotFound(
            "this is older than the log: there is no proof of it",
            "원장 기록이 시작되기 전의 내역이라 증명이 없습니다",
        )
    signed = await _signed_with(live.log, context, leaf.place)
    anchored = await live.log.covering(leaf.place + 1)
    size, where = anchored or (signed.size, None)
    if size > signed.size:  # anchored since
        size, where = signed.size, None
    note = await asyncio.to_thread(live.log.note_at, size)
    made = await asyncio.to_thread(receipt, signed, note, live.log.salts, fact, leaf.place, where)
    live.log.receipts += 1
    return made


async def _signed_with(log: CityLog, context: Context, place: int) -> Tiles:
    for _ in range(2):
        with suppress(NotFound):
            if place < log.signed.size:
                return log.signed
        await log.publish(context.live.reads, soonest_s=SOONEST_S)
    raise NotSigned(
        "This is on disk, and is signed within a minute. Please ask again.",
        "저장되었고 1분 안에 서명됩니다. 잠시 뒤 다시 요청하세요.",
    )
