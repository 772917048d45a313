"""A witness's doors, over HTTP.

POST /sign             {chain, contract, size, root, old_size, proof, checkpoint} → {signature}
POST /add-checkpoint   C2SP's tlog-witness: a cosignature on a log's signed checkpoint
GET  /                 who this is, and what it signed last of which log

Source: C2SP tlog-witness (c2sp.org/tlog-witness), "add-checkpoint" and its status codes.
"""

import asyncio
import base64
import logging
import re
import time
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.app.witness.pace import Pace
from hapgang.app.witness.watch import NotKnown, OtherSize, Watch
from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.log.merkle import HASH_BYTES
from hapgang.ledger.log.note import VerifierKey, parse_checkpoint, parse_note

MOST_BODY_BYTES = 65_536
MOST_PROOF = 63  # hashes, as tlog-witness has it
_BODY_S = 10.0
_MOST_AT_ONCE = 32  # requests; each waits for the disk
_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")
_TEXT, _JSON, _SIZE = "text/plain; charset=utf-8", "application/json", "text/x.tlog.size"
_log = logging.getLogger(__name__)

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Send = Callable[[Any], Any]


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint that the city wants signed for its contract."""

    chain: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    contract: Annotated[str, Meta(pattern=r"\A0x[0-9a-fA-F]{40}\Z")]
    size: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    root: Hash
    old_size: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    proof: Annotated[tuple[Hash, ...], Meta(max_length=MOST_PROOF)]
    checkpoint: str  # the log's signed note of this size and root


class Signed(msgspec.Struct, frozen=True):
    """What the contract takes: r, s and v."""

    signature: str
    address: str


class Watched(msgspec.Struct, frozen=True):
    """A log that is watched, and how far it was signed."""

    log: str
    chain: int
    contract: str
    size: int
    root: str


class About(msgspec.Struct, frozen=True):
    """Who a witness is."""

    name: str
    key: str  # checks cosignatures
    address: str  # signs for contracts
    logs: list[Watched]


class TooMuch(CityError):
    """More is asked than the witness takes."""

    status = 429


class Door:
    """The ASGI application of one witness."""

    def __init__(
        self, key: VerifierKey, watches: Sequence[Watch],
        *, pace: Pace | None = None, now_s: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        """Watch these logs; `key` is how others check the cosignatures."""
        self._key = key
        self._by_origin = {watch.key.name: watch for watch in watches}
        self._pace, self._now_s = pace or Pace(60, 1.0), now_s
        self._turn, self._waiting = asyncio.Lock(), 0

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            status, body, media = await self._answer(scope, receive)
        except OtherSize as error:
            status, body, media = 409, f"{error.size}\n".encode(), _SIZE
        except CityError as error:
            status = 400 if isinstance(error, Invalid) else error.status
            body, media = f"{error.message.en}\n".encode(), _TEXT
        except OSError:
            _log.exception("nothing is signed that is not on disk")
            status, body, media = 500, b"the witness cannot write\n", _TEXT
        headers = [(b"content-type", media.encode()), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Any, receive: Any) -> tuple[int, bytes, str]:
        asked = (scope["method"], scope["path"])
        if asked == ("GET", "/"):
            return 200, msgspec.json.encode(self._about()), _JSON
        if asked not in (("POST", "/sign"), ("POST", "/add-checkpoint")):
            raise NotKnown("POST /sign or /add-checkpoint", None)
        client = scope.get("client")
        if not self._pace.takes(client[0] if client else "", time.monotonic()):
            raise TooMuch("too many requests; ask again in a minute", None)
        if self._waiting >= _MOST_AT_ONCE:
            raise TooMuch("too many requests at once; ask again", None)
        self._waiting += 1
        try:
            body = await _body_of(receive)
            async with self._turn:
                if asked[1] == "/sign":
                    return 200, await asyncio.to_thread(self._sign, body), _JSON
                return 200, await asyncio.to_thread(self._add, body), _TEXT
        finally:
            self._waiting -= 1

    def _about(self) -> About:
        logs = [
            Watched(
                name, watch.chain, watch.contract,
                watch.last.size if watch.last else 0, watch.last.root.hex() if watch.last else "",
            )
            for name, watch in self._by_origin.items()
        ]  # fmt: skip
        addresses = [watch.address for watch in self._by_origin.values()]
        return About(self._key.name, self._key.text(), addresses[0] if addresses else "", logs)

    def _sign(self, body: bytes) -> bytes:
        try:
            wish = msgspec.json.decode(body, type=Wish)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise Invalid(f"this is no wish: {wrong}", None) from None
        whole = wish.checkpoint.encode()
        watch = self._watch_of(whole)
        if (watch.chain, watch.contract) != (wish.chain, wish.contract.lower()):
            raise NotKnown("this log is watched for another contract", None)
        said = parse_checkpoint(parse_note(whole).text)
        if (said.size, said.root.hex()) != (wish.size, wish.root):
            raise Invalid("the checkpoint is of another size or root", None)
        proof = [bytes.fromhex(each) for each in wish.proof]
        signature = watch.sign(wish.old_size, proof, whole)
        return msgspec.json.encode(Signed("0x" + signature.hex(), watch.address))

    def _add(self, body: bytes) -> bytes:
        head, gap, whole = body.partition(b"\n\n")
        lines = head.split(b"\n")
        found = _OLD.fullmatch(lines[0])
        if not gap or found is None or len(lines) - 1 > MOST_PROOF:
            raise Invalid("“old N”, lines of a proof, an empty line, and a checkpoint", None)
        proof = [_hash_of(line) for line in lines[1:]]
        watch = self._watch_of(whole)
        return watch.cosign(int(found[1]), proof, whole, int(self._now_s())).encode()

    def _watch_of(self, whole: bytes) -> Watch:
        origin = parse_checkpoint(parse_note(whole).text).origin
        watch = self._by_origin.get(origin)
        if watch is None:
            raise NotKnown(f"the log {origin[:100]} is not watched here", None)
        return watch


def _hash_of(line: bytes) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except (NotBase64, ValueError):
        value = b""
    if len(value) != HASH_BYTES or base64.b64encode(value) != line:
        raise Invalid("a line of the proof is no hash in base64", None)
    return value


async def _body_of(receive: Callable[[], Any]) -> bytes:
    """Return a body of bounded length that comes in bounded time."""
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(_BODY_S):
            while more:
                message: Mapping[str, Any] = await receive()
                if message["type"] == "http.disconnect":
                    raise Invalid("nothing came", None)
                body += message.get("body", b"")
                more = bool(message.get("more_body"))
                if len(body) > MOST_BODY_BYTES:
                    raise Invalid(f"at most {MOST_BODY_BYTES:,} bytes", None)
    except TimeoutError:
        raise Invalid(f"nothing came within {_BODY_S:g} s", None) from None
    return bytes(body)
