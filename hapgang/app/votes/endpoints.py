"""The doors of votes: preparing with a key, tokens, ballots, boards, shares and the export."""

from typing import Any

import msgspec
from starlette.responses import FileResponse

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.problems import TooLarge
from hapgang.app.votes import work
from hapgang.app.votes.boards import MOST_AT_ONCE, entries
from hapgang.app.votes.kiosk import Kiosks
from hapgang.app.votes.signing import BlindedMessage, Signed, digest_of, poll_named, sign
from hapgang.app.votes.trial import Trials
from hapgang.contract import ANYONE, Role
from hapgang.core.errors import Conflict, Invalid, Unavailable
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Consultation, Hex64
from hapgang.ledger.ballots.ballot import Ballot, Strike, WrongBallot
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.poll import LABEL
from hapgang.ledger.ballots.tally import Share
from hapgang.ledger.ballots.trustees import WrongShare
from hapgang.runtime.platform.votes import casting, counting, preparing
from hapgang.runtime.platform.votes.casting import Cast
from hapgang.runtime.platform.votes.making import MOST_BALLOT_BYTES
from hapgang.runtime.specs import ActionSpec, spec_of

_MOST_BODY = MOST_BALLOT_BYTES + 4_096


class Blinded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a voter asks the issuer to sign."""

    blinded: BlindedMessage


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trustee's share, signed by the key that the poll names."""

    share: Share
    signature: Hex64


class BoardPage(msgspec.Struct, frozen=True):
    """Some entries of a board, from number `first` on."""

    label: Text
    first: int
    entries: list[Any]


_words = msgspec.json.Decoder(dict[str, Any])
_blinded = msgspec.json.Decoder(Blinded)
_entry = msgspec.json.Decoder(Ballot | Strike)
_given = msgspec.json.Decoder(Given)


def votes_endpoints(trials: Trials) -> list[Endpoint]:
    """Return the endpoints."""
    anyone, agency = frozenset(ANYONE), frozenset({Role.AGENCY})
    return [
        trials.endpoint(),
        *Kiosks().endpoints(),
        Endpoint(
            "POST", "/api/polls", agency, _prepare,
            spec_of("platform", preparing.prepare_poll, agency), returns=Consultation,
            summary="Prepare a poll: what is asked, when, of whom; a key is made for its tokens.",
        ),
        Endpoint(
            "POST", "/api/me/polls/{poll}/token", frozenset({Role.RESIDENT}), _token,
            _takes(_token, Blinded), returns=Signed,
            summary="Take the right to vote, once: a blinded message is signed.",
        ),
        Endpoint(
            "POST", "/api/polls/{name}/ballots", anyone, _cast, _takes(_cast, Ballot),
            summary="Cast a ballot, or strike a pseudonym, without sign-in; returns a receipt.",
            returns=Cast,
            reads_token=False,  # whoever is signed in all the same: nobody is to know who cast it
        ),
        Endpoint(
            "GET", "/api/polls/{poll}/board", anyone, _board, returns=BoardPage,
            summary="The board's entries from number `first` on, at most `limit`.",
        ),
        Endpoint(
            "POST", "/api/polls/{poll}/shares", anyone, _share, _takes(_share, Given),
            summary="Give a trustee's share of the decryption of the sums, signed by its key.",
        ),
        Endpoint(
            "GET", "/api/polls/{poll}/export", anyone, _export,
            summary="All that anybody needs to count again.",
        ),
    ]  # fmt: skip


def _takes(call: Call, form: type[msgspec.Struct]) -> ActionSpec:
    """Describe what a door takes that stands in front of an action."""
    return ActionSpec(f"votes.{form.__name__}", "platform", call, form, None, frozenset())


async def _prepare(context: Context) -> Respond:
    words = await context.decoded(_words)
    spec, votes = context.live.runtime.spec(preparing.prepare_poll), context.live.votes
    if "issuer" in words:
        raise Invalid("The city makes the issuer's key.", "발급자 키는 도시가 만듭니다.")
    asked = spec.check_arguments({**words, "issuer": ""})
    issuer = await votes.make_key()
    try:
        done = await context.perform(spec, msgspec.structs.replace(asked, issuer=issuer))
    except BaseException:
        votes.key_of(issuer).unlink(missing_ok=True)
        raise
    return json_reply(done)


async def _token(context: Context) -> Respond:
    asked: Blinded = await context.decoded(_blinded)
    poll, runtime = context.path["poll"], context.live.runtime
    digest = digest_of(asked.blinded)
    look, take = runtime.spec(casting.answered_token), runtime.spec(casting.take_token)
    known = await _look(context, look, look.arguments(poll=poll, blinded_sha256=digest))
    if known is not None:
        return json_reply(Signed(known))
    signed = await sign(context, _poll(context), asked.blinded)
    words = take.arguments(poll=poll, blinded_sha256=digest, signed=signed)
    return json_reply(Signed(await context.perform(take, words)))


async def _cast(context: Context) -> Respond:
    poll, live = _poll(context), context.live
    try:
        entry: Ballot | Strike = await _small(context, _entry)
        await _check(context, poll, entry)
        put = live.runtime.spec(casting.put_on_board)
        return json_reply(await context.perform(put, put.arguments(poll=poll.name, entry=entry)))
    except (Invalid, Conflict, TooLarge):
        if poll.state == "open":
            live.votes.refused(poll.name)
        raise


async def _check(context: Context, poll: Consultation, entry: Ballot | Strike) -> None:
    """Check what is cheap at the writer, and the proofs beside it."""
    look = context.live.runtime.spec(casting.check_place)
    words = look.arguments(
        poll=poll.name, pseudonym=entry.pseudonym, revision=entry.revision,
        sha256=fingerprint(entry),
    )  # fmt: skip
    await _look(context, look, words)
    asked = msgspec.json.encode(poll.poll)
    fault = await context.live.votes.processes.ask(work.fault_of, asked, msgspec.json.encode(entry))
    if fault is not None:
        raise WrongBallot(fault.en, fault.ko)


async def _share(context: Context) -> Respond:
    given: Given = await context.decoded(_given)
    poll, runtime, share = _poll(context), context.live.runtime, given.share
    look, note = runtime.spec(counting.check_sharer), runtime.spec(counting.note_share)
    words = {"poll": poll.name, "share": share, "signature": given.signature}
    await _look(context, look, look.arguments(**words))
    live, body = context.live, msgspec.json.encode(share)
    fault = await live.votes.share_fault(runtime, live.reads, poll, body)
    await context.perform(note, note.arguments(**words, is_right=fault is None))
    if fault is not None:
        raise WrongShare(fault.en, fault.ko, trustee=share.trustee)
    live.votes.wake()
    return json_reply({"label": LABEL, "trustee": share.trustee})


async def _board(context: Context) -> Respond:
    poll = _poll(context)
    first, limit = _number(context, "first", 0, 10**8), _number(context, "limit", 50, MOST_AT_ONCE)
    found = await entries(context.live.reads, poll.name, first, limit)
    return json_reply(BoardPage(LABEL, first, found))


async def _export(context: Context) -> Respond:
    poll, votes = _poll(context), context.live.votes
    if poll.state != "counted":
        raise Conflict("The poll is not counted.", "아직 집계되지 않은 투표입니다.")
    path = votes.export_of(poll.name)
    if not path.is_file():
        votes.wake()
        raise Unavailable("The export is being made again.", "자료를 다시 만들고 있습니다.")
    return FileResponse(path, media_type="application/json")


def _poll(context: Context) -> Consultation:
    # A ballot has a member `poll` of its own, so its path names the poll otherwise.
    return poll_named(context, context.path.get("poll") or context.path["name"])


async def _look(context: Context, spec: ActionSpec, words: msgspec.Struct) -> Any:
    """Ask before the action itself, whose Idempotency-Key is not for this."""
    runtime = context.live.runtime
    found = runtime.run(spec, context.caller, words)
    if not runtime.writer.is_durable:
        await runtime.writer.durable()
    return found


async def _small(context: Context, decoder: "msgspec.json.Decoder[Any]") -> Any:
    length = context.header(b"content-length") or "0"
    body = b"" if length.isdecimal() and len(length) > 9 else await context.body()
    if len(body) > _MOST_BODY or int(length if length.isdecimal() else 0) > _MOST_BODY:
        raise TooLarge(
            f"A ballot has at most {_MOST_BODY:,} bytes.",
            f"투표는 최대 {_MOST_BODY:,}바이트입니다.",
        )
    return await context.with_body(body).decoded(decoder)


def _number(context: Context, name: str, default: int, most: int) -> int:
    text = context.query(name, str(default))
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise Invalid(f"{name} is 0 to {most}", f"{name}은(는) 0에서 {most} 사이입니다")
    return int(text)
