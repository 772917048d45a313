"""The doors of other cities that need this city's log: signatures, slips, proofs, statements."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from hapgang.app.cities.asking import growth_of, is_anchored
from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.log.proofs import receipt_of
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.vocabulary.cities import CurrencyAgreement, RecognisedCity, SentSlip
from hapgang.ledger.cities.netting import (
    MOST_LINES,
    NettingLine,
    NettingStatement,
    netting_text,
    sums_of,
)
from hapgang.ledger.cities.proving import ForkedLog
from hapgang.ledger.cities.slips import SLIP
from hapgang.ledger.log.note import Note
from hapgang.ledger.log.receipts import ConsistencyReceipt, Receipt, consistency_receipt
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.cities import agreeing, recognising, travelling
from hapgang.runtime.platform.cities.found import city_id, clearing
from hapgang.runtime.platform.cities.recognising import CityProof, Growth
from hapgang.runtime.platform.cities.travelling import Arrived
from hapgang.runtime.specs import ActionSpec
from hapgang.writer.payments import lines_of
from hapgang.writer.recovery import decode

_PEOPLE = frozenset({Role.RESIDENT, Role.VISITOR})
_SIGNED_IN = frozenset(ANYONE) - {Role.ANONYMOUS}
_STEPS = {
    "sent": "sent", "taken": "taken", "returned": "returned", "bank-out": "bank out",
    "bank-in": "bank in",
}  # fmt: skip


class SlipFile(msgspec.Struct, frozen=True):
    """What a traveller takes along, and what proves that the log was not forked for them."""

    receipt: Receipt
    growth: Growth = ()


class OtherSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agreement as the other city signed it."""

    note: recognising.Note


_file = msgspec.json.Decoder(SlipFile)
_other = msgspec.json.Decoder(OtherSignature)


def cities_endpoints() -> list[Endpoint]:
    """Return the endpoints."""
    agency, offices = frozenset({Role.AGENCY}), frozenset({Role.AGENCY, Role.OPERATOR})
    return [
        Endpoint(
            "POST", "/api/recognised-cities/{city_name}/check", _SIGNED_IN, _check,
            _takes(_check, SlipFile), returns=CityProof,
            summary="What a receipt of a recognised city's log proves here.",
        ),
        Endpoint(
            "POST", "/api/currency-agreements/{agreement}/approve", offices, _approve,
            returns=CurrencyAgreement,
            summary="Approve what somebody else asked for: the city's log signs it.",
        ),
        Endpoint(
            "POST", "/api/currency-agreements/{agreement}/signature", agency, _countersign,
            _takes(_countersign, OtherSignature), returns=CurrencyAgreement,
            summary="Take in the other city's signature: the agreement comes into force.",
        ),
        Endpoint(
            "GET", "/api/currency-agreements/{agreement}/statement",
            frozenset({Role.AGENCY, Role.OPERATOR, Role.AUDITOR}), _statement,
            returns=NettingStatement,
            summary="All that went between the two cities, signed; `since`, `until`.",
        ),
        Endpoint(
            "GET", "/api/me/abroad/slips/{slip}/receipt", _PEOPLE, _slip, returns=SlipFile,
            summary="What to take along for money that is to be had in another city; `seen` is"
            " how many facts of this log that city has seen.",
        ),
        Endpoint(
            "POST", "/api/me/abroad/arrivals", _PEOPLE, _bring, _takes(_bring, SlipFile),
            returns=Arrived, summary="Get the won here that were paid at home.",
        ),
    ]  # fmt: skip


def _takes(call: Call, form: type[msgspec.Struct]) -> ActionSpec:
    """Describe what a door takes that stands in front of an action."""
    return ActionSpec(f"cities.{form.__name__}", "platform", call, form, None, frozenset())


async def _check(context: Context) -> Respond:
    asked: SlipFile = await context.decoded(_file)
    known = _known(context, context.path["city_name"])
    asked = await _grown(known, asked)
    found: CityProof = await _believed(
        context, known, recognising.prove,
        city_name=known.id, receipt=asked.receipt, growth=asked.growth,
    )  # fmt: skip
    anchored = await is_anchored(known, asked.receipt)
    return json_reply(msgspec.structs.replace(found, anchored=anchored))


async def _bring(context: Context) -> Respond:
    asked: SlipFile = await context.decoded(_file)
    known = _known(context, travelling.home_of(asked.receipt))
    if known.needs_anchor and await is_anchored(known, asked.receipt) is not True:
        raise Conflict(
            "This city takes only what is anchored. Ask for the slip's file again in a minute.",
            "체인에 기록된 증명만 받습니다. 1분 뒤 증명 파일을 다시 받으세요.",
        )
    asked = await _grown(known, asked)
    words = {"receipt": asked.receipt, "growth": asked.growth}
    return json_reply(await _believed(context, known, travelling.bring, **words))


async def _grown(known: RecognisedCity, asked: SlipFile) -> SlipFile:
    """Add how the shown log continues the one that was seen, where that city may be asked."""
    if asked.growth or known.state != "recognised":
        return asked
    growth = await growth_of(known, asked.receipt.checkpoint)
    return msgspec.structs.replace(asked, growth=growth)


async def _believed(context: Context, known: RecognisedCity, action: Any, **words: Any) -> Any:
    """Do an action that looks at another city's log; a fork is kept, and ends the recognition."""
    spec = context.live.runtime.spec(action)
    try:
        return await context.perform(spec, spec.check_arguments(words))
    except ForkedLog as fork:
        context.live.runtime.perform(
            recognising.note_fork, PLATFORM,
            city_name=known.id, first=fork.first, second=fork.second,
        )  # fmt: skip
        await context.live.runtime.writer.durable()
        raise


async def _approve(context: Context) -> Respond:
    """Sign an agreement with the log's key, for whom the action lets."""
    runtime, signer = context.live.runtime, context.live.log.signer
    agreement = context.path["agreement"]
    look, approve = runtime.spec(agreeing.agreement_text), runtime.spec(agreeing.approve_agreement)
    text = await context.perform(look, look.arguments(agreement=agreement))
    note = Note(text, (signer.sign(text),)).whole()
    words = {"agreement": agreement, "note": note, "own_key": signer.key().text()}
    return json_reply(await context.perform(approve, approve.check_arguments(words)))


async def _countersign(context: Context) -> Respond:
    asked: OtherSignature = await context.decoded(_other)
    spec = context.live.runtime.spec(agreeing.countersign_agreement)
    words = {
        "agreement": context.path["agreement"], "note": asked.note,
        "own_key": context.live.log.key.text(),
    }  # fmt: skip
    return json_reply(await context.perform(spec, spec.check_arguments(words)))


async def _slip(context: Context) -> Respond:
    """Hand out a slip's receipt, and how the log continues what the other city saw of it."""
    live, name = context.live, context.path["slip"]
    record = live.runtime.state.get(name) or live.runtime.closed.find(name)
    slip = record.view if record is not None else None
    if not isinstance(slip, SentSlip) or slip.payer != context.caller.id:
        raise NotFound("you have no such slip", "그런 내역이 없습니다")
    leaf = await live.reads.find_leaf(SLIP, slip.fact)
    if leaf is None or leaf.body is None or leaf.person is None:
        raise NotFound("you have no such slip", "그런 내역이 없습니다")
    receipt = await receipt_of(context, decode(live.vault.open(leaf.person, leaf.body)))
    seen = context.query("seen")
    growth = await _growth(context, seen, receipt.size) if seen else ()
    return json_reply(SlipFile(receipt, growth))


async def _growth(context: Context, seen: str, size: int) -> tuple[ConsistencyReceipt, ...]:
    log = context.live.log
    signed = log.signed
    if not seen.isdecimal() or len(seen) > 15 or int(seen) > signed.size:
        raise Invalid(f"seen is 0 to {signed.size}", f"seen은 0에서 {signed.size} 사이입니다")
    note = await asyncio.to_thread(log.note_at, signed.size)
    found = []
    for each in (int(seen), size):
        older = await asyncio.to_thread(log.note_at, each)
        found.append(await asyncio.to_thread(consistency_receipt, signed, older, note))
    return tuple(found)


async def _statement(context: Context) -> Respond:
    """Sign what went between this city and another in a time; all of it by default."""
    live = context.live
    record = live.runtime.state.get(context.path["agreement"])
    if record is None or not isinstance(record.view, CurrencyAgreement):
        raise NotFound("there is no such agreement", "그런 협약이 없습니다")
    agreement = record.view
    known = _known(context, agreement.city)
    now = live.runtime.clock.now().astimezone(UTC)
    period = (
        _instant(context, "since", agreement.begins_at), min(now, _instant(context, "until", now))
    )  # fmt: skip
    await live.runtime.writer.durable()  # what was taken before now is on disk, and counted
    account = account_id(clearing(known))
    opening_won, rows = await lines_of(live.reads.pool, account, *period, MOST_LINES + 1)
    if len(rows) > MOST_LINES:
        raise Conflict(
            f"These are more than {MOST_LINES:,} lines: choose a shorter time.",
            f"{MOST_LINES:,}건이 넘습니다. 기간을 줄이세요.",
        )
    lines = tuple(_line(account, row) for row in rows)
    sums = sums_of(agreement.id, live.log.signer.name, period, opening_won, lines)
    text = netting_text(sums)
    note = Note(text, (live.log.signer.sign(text),)).whole()
    return json_reply(NettingStatement(note, lines))


def _line(account: str, row: Any) -> NettingLine:
    step, _, rest = row.id.removeprefix(f"{account}:").partition(":")
    name = row.memo if step in ("sent", "taken", "returned") else rest
    return msgspec.convert(
        {"step": _STEPS[step], "slip": name, "amount_won": row.amount_won, "at": row.at},
        NettingLine,
    )


def _instant(context: Context, name: str, default: datetime) -> datetime:
    text = context.query(name)
    if not text:
        return default
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(text.replace(" ", "+"))
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    raise Invalid(f"{name} is like 2026-11-23T00:00:00Z", f"{name} 형식을 확인하세요")


def _known(context: Context, name: str) -> RecognisedCity:
    state = context.live.runtime.state
    record = state.get(name) or state.get(city_id(name))
    if record is None or not isinstance(record.view, RecognisedCity):
        raise NotFound("there is no such city here", "그런 도시가 없습니다")
    return record.view
