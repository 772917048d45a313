"""Outside witnesses of the city's log: they are asked all at once, until enough have signed.

HAPGANG_WITNESSES          addresses of witnesses, with spaces or commas between them
HAPGANG_WITNESS_THRESHOLD  how many have to sign, the city's own witness with them. The contract's
                           number holds where there is one; a higher one here asks for more
"""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial

import msgspec

from hapgang.app.log.asking import JSON, Told, checked_url, decoded, exchanged, host_of
from hapgang.app.witness.door import About, Signed, Wish
from hapgang.core.errors import CityError, Invalid, Refused, Unavailable
from hapgang.ledger.anchor.chain import Checkpoint
from hapgang.ledger.anchor.message import checkpoint_digest, signer
from hapgang.ledger.anchor.witness import Ask, gathered
from hapgang.ledger.log.tiles import Tiles

WITNESSES, THRESHOLD = "HAPGANG_WITNESSES", "HAPGANG_WITNESS_THRESHOLD"
MOST_WITNESSES = 15  # the contract takes 16, and one is the city's own
_LIMIT_S = 12.0  # after which nobody is waited for
_ADDRESS = re.compile(r"0x[0-9a-f]{40}")
_log = logging.getLogger(__name__)


class Forked(Refused):
    """A witness signed another log of the same name before: what it is shown now is a fork."""


class Standing(msgspec.Struct, frozen=True):
    """How it stands with one witness."""

    url: str
    state: str  # not asked, signed, away, refused, forked
    why: str = ""
    address: str = ""
    size: int = 0  # of the log that it signed last
    at_s: int = 0  # since 1970, when it was asked last


class Witnesses:
    """The witnesses that the operator named."""

    def __init__(
        self, urls: Sequence[str], log: Callable[[], Tiles], note: Callable[[int], str]
    ) -> None:
        """Ask them; `note` gives the log's signed checkpoint of a size."""
        self._log, self._note = log, note
        self._standing = {url: Standing(url, "not asked") for url in urls}
        self._asking: dict[str, Future[bytes]] = {}
        self._pool = ThreadPoolExecutor(max(1, len(urls)), thread_name_prefix="witness")

    @classmethod
    def named(cls, log: Callable[[], Tiles], note: Callable[[int], str]) -> "Witnesses":
        """Return the witnesses that the settings name."""
        urls = os.environ.get(WITNESSES, "").replace(",", " ").split()
        if len(urls) > MOST_WITNESSES or len(set(urls)) != len(urls):
            raise Invalid(
                f"{WITNESSES} names up to {MOST_WITNESSES} addresses, each once",
                f"{WITNESSES}에는 주소를 최대 {MOST_WITNESSES}개, 한 번씩만 적으세요",
            )
        return cls([checked_url(url.rstrip("/"), WITNESSES) for url in urls], log, note)

    @property
    def standing(self) -> list[Standing]:
        """How it stands with each."""
        return list(self._standing.values())

    def addresses(self) -> list[str]:
        """Ask each who it is, for a contract that is to be made; `Unavailable` if one is away."""
        found = []
        for url in self._standing:
            try:
                about = decoded(exchanged(f"{url}/", None).body, About)
            except (OSError, CityError) as error:
                raise _away(url, str(error)) from None
            if _ADDRESS.fullmatch(about.address) is None:
                raise _away(url, "it names no address")
            found.append(about.address)
        return found

    def signatures(
        self, wanted: Checkpoint, own: bytes, *, chain: int, contract: str,
        known: Sequence[str], threshold: int,
    ) -> list[bytes]:  # fmt: skip
        """Return enough signatures, the city's own with them; `Unavailable` if too few sign."""
        asked = {
            url: self._asked(url, wanted, chain, contract, known) for url in self._standing
        }  # all are asked, so that each watches the log, also where fewer would do
        return gathered(
            wanted, _answers(own, list(asked.values())), chain=chain, contract=contract,
            known=known, threshold=wanted_threshold(threshold),
        )  # fmt: skip

    def close(self) -> None:
        """Ask nobody any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _asked(
        self, url: str, wanted: Checkpoint, chain: int, contract: str, known: Sequence[str]
    ) -> "Future[bytes]":
        """Ask a witness, unless it has not answered the last time yet."""
        before = self._asking.get(url)
        if before is not None and not before.done():
            self._standing[url] = msgspec.structs.replace(
                self._standing[url], state="away", why="it has not answered yet"
            )
            late: Future[bytes] = Future()
            late.set_exception(Unavailable("it has not answered yet", None))
            return late
        asked = self._pool.submit(self._ask, url, wanted, chain, contract, known)
        self._asking[url] = asked
        return asked

    def _ask(
        self, url: str, wanted: Checkpoint, chain: int, contract: str, known: Sequence[str]
    ) -> bytes:
        state, why, address, size = "away", "", self._standing[url].address, wanted.size
        try:
            signature = self._signed(url, wanted, chain, contract)
            who = signer(signature, checkpoint_digest(chain, contract, wanted.size, wanted.root))
            if who is None or who not in known:
                raise Refused(
                    f"it signs as {who or 'nobody'}, whom the contract does not know",
                    "계약에 등록되지 않은 증인의 서명입니다",
                )
            state, address = "signed", who
            return signature
        except Forked as error:
            state, why = "forked", error.message.en
            _log.error("%s: %s", url, why)
            raise
        except Refused as error:
            state, why = "refused", error.message.en
            raise
        except Exception as error:
            why = str(error)
            raise Unavailable(why, None) from error  # whatever it is, the others are heard
        finally:
            size = size if state == "signed" else self._standing[url].size
            self._standing[url] = Standing(url, state, why[:300], address, size, int(time.time()))

    def _signed(self, url: str, wanted: Checkpoint, chain: int, contract: str) -> bytes:
        """Ask for a signature, from the size that the witness says it signed last."""
        old = min(self._standing[url].size, wanted.size)
        for _ in range(2):
            told = self._post(url, wanted, chain, contract, old)
            if told.status == 200:
                return _signature_in(told)
            size = _size_in(told)
            if size is None:
                raise _no(told, wanted)
            if size > wanted.size:
                raise Refused(
                    f"it signed a log of {size} leaves before: this one has {wanted.size}",
                    f"잎이 {size}개인 로그에 이미 서명했습니다.",
                )
            old = size
        raise Unavailable("it changes its mind", "증인의 응답이 서로 다릅니다")

    def _post(self, url: str, wanted: Checkpoint, chain: int, contract: str, old: int) -> Told:
        log = self._log()
        proof = log.consistency(old, wanted.size) if old else ()
        wish = Wish(
            chain, contract, wanted.size, wanted.root.hex(), old,
            tuple(each.hex() for each in proof), self._note(wanted.size),
        )  # fmt: skip
        return exchanged(f"{url}/sign", msgspec.json.encode(wish), JSON)


def wanted_threshold(least: int) -> int:
    """Return how many the operator wants to sign; at least so many as the contract asks for."""
    text = os.environ.get(THRESHOLD, "") or "1"
    if not (text.isdecimal() and 0 < int(text) <= MOST_WITNESSES + 1):
        raise Invalid(
            f"{THRESHOLD} is a number from 1 to {MOST_WITNESSES + 1}",
            f"{THRESHOLD}은(는) 1에서 {MOST_WITNESSES + 1} 사이의 숫자입니다",
        )
    return max(least, int(text))


def _answers(own: bytes, asked: "Sequence[Future[bytes]]") -> Iterator[Ask]:
    """Yield what was answered as it comes in, the city's own first."""
    yield lambda _: own
    try:
        for each in as_completed(asked, timeout=_LIMIT_S):
            yield partial(_result, each)
    except TimeoutError:
        return  # who has not answered by now is away


def _result(asked: "Future[bytes]", _: Checkpoint) -> bytes:
    return asked.result()


def _signature_in(told: Told) -> bytes:
    try:
        return bytes.fromhex(decoded(told.body, Signed).signature.removeprefix("0x"))
    except ValueError:
        raise Unavailable("its answer is no signature", "응답이 서명이 아닙니다") from None


def _size_in(told: Told) -> int | None:
    """Return the size that a witness says it signed last, where that is its answer."""
    text = told.body.strip()
    is_size = told.status == 409 and told.media_type.startswith("text/x.tlog.size")
    return int(text) if is_size and text.isdigit() and len(text) < 19 else None


def _no(told: Told, wanted: Checkpoint) -> CityError:
    why = told.body[:200].decode(errors="replace").strip()
    if told.status in (409, 422):
        return Forked(
            f"it was shown another log before and does not sign this one of {wanted.size}: {why}",
            f"다른 로그에 서명한 적이 있어 서명을 거부합니다: {why}",
        )
    if told.status in (429, 500, 502, 503, 504):
        return Unavailable(f"HTTP {told.status}: {why}", None)
    return Refused(f"HTTP {told.status}: {why}", None)


def _away(url: str, why: str) -> Unavailable:
    return Unavailable(
        f"the witness at {host_of(url)} does not say who it is: {why[:200]}",
        f"증인 {host_of(url)}이(가) 응답하지 않습니다: {why[:200]}",
    )
