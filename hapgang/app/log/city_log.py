"""A city's log of facts: leaves from the database into tiles, signed each minute."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hapgang.core.errors import CityError, Conflict, NotFound, Unavailable
from hapgang.core.keyfile import key_at
from hapgang.ledger.anchor.kept import load
from hapgang.ledger.log.leaves import Leaves
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.note import Checkpoint, Note, Signer, VerifierKey
from hapgang.ledger.log.receipts import Anchor
from hapgang.ledger.log.tiles import Tiles
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money.noting import note_proofs
from hapgang.writer.recovery import Archive

if TYPE_CHECKING:
    from hapgang.app.log.anchors import Anchors
    from hapgang.app.log.witnesses import Standing
    from hapgang.runtime.perform import Runtime

EACH_S = 60.0
SOONEST_S = 2.0  # between checkpoints that somebody asks for
COVERING_S = 2.0  # that a receipt waits for its turn at the chain
_AT_ONCE = 20_000  # leaves
TILES, SALTS, SIGNING, ANCHORED = "log", "log.key", "log-signing.key", "anchors.json"
_log = logging.getLogger(__name__)


class NotSigned(Unavailable):
    """A fact is on disk, and no checkpoint has it yet."""


class FactsAreMissing(Conflict):
    """The log signed more facts than the database holds."""


class CityLog:
    """The log of one city; nothing is opened before there is a fact."""

    def __init__(self, folder: Path, city: str) -> None:
        """Keep it in the city's folder, under the city's name."""
        self.folder = folder / TILES
        self._place = folder
        self._origin = f"hapgang/{city}"
        self._log: Log | None = None
        self._lock = asyncio.Lock()
        self._to_chain = asyncio.Lock()  # of its own: witnesses and nodes take their time
        self._anchors: Anchors | None = None
        self._to_meet: Checkpoint | None = None  # by a log that is made again
        self._published_s = 0.0
        self.receipts = 0  # handed out since it was noted last

    @property
    def leaves(self) -> Leaves:
        """What makes the leaves of units."""
        return Leaves(self.salts)

    @cached_property
    def salts(self) -> bytes:
        """The key that salts are made with; made when absent."""
        return key_at(self._place / SALTS)

    @cached_property
    def signer(self) -> Signer:
        """Who signs the checkpoints; the key is made when absent."""
        return Signer.at(self._origin, self._place / SIGNING)

    @property
    def key(self) -> VerifierKey:
        """What checks the signatures; to be known to everybody."""
        return self.signer.key()

    def note_at(self, size: int) -> Note:
        """Return the checkpoint of a size, as it was signed."""
        return self._opened().note_at(size)

    @property
    def signed(self) -> Tiles:
        """The log as far as it is signed; `NotFound` before the first checkpoint."""
        return self._opened().signed

    @property
    def checkpoint(self) -> str:
        """The newest checkpoint, a signed note."""
        return self._opened().note.whole()

    async def run(self, archive: Archive, runtime: "Runtime") -> None:
        """Publish what is new, and note how much was proven, each minute, until cancelled."""
        try:
            while True:
                try:
                    await self.publish(archive)
                    await self.anchor()
                    self.note_proven(runtime)
                except Exception:  # noqa: BLE001 (whatever witnesses and nodes answer)
                    _log.exception("the log of facts could not be signed; it is tried again")
                await asyncio.sleep(EACH_S)
        finally:
            self._close()

    def note_proven(self, runtime: "Runtime") -> None:
        """Write down how many receipts were handed out since this was done last."""
        if proven := self.receipts:
            runtime.perform(note_proofs, PLATFORM, checked=proven)
            self.receipts -= proven

    async def publish(self, archive: Archive, *, soonest_s: float = 0.0) -> None:
        """Bring the log up to the database, and sign it; at most so often."""
        async with self._lock:
            if soonest_s and time.monotonic() - self._published_s < soonest_s:
                return
            n_leaves = (await archive.last()).n_leaves
            if self._log is None and not n_leaves:
                return
            log = await asyncio.to_thread(self._open)
            if log.size > n_leaves:
                raise FactsAreMissing(
                    f"the log signed {log.size:,} facts, and the database holds {n_leaves:,}: it is"
                    " an older one. Restore the newer one, or begin a log anew and say so.",
                    f"원장 기록은 {log.size:,}건에 서명했는데 데이터베이스에는 {n_leaves:,}건만"
                    " 있습니다. 더 새로운 데이터베이스를 되돌리세요.",
                )
            if log.signed.size < n_leaves:
                await self._append(log, archive)
                self._published_s = time.monotonic()

    async def anchor(self) -> None:
        """Bring what is signed to the chain, as far as that goes without waiting for a block."""
        async with self._to_chain:
            if self._log is not None:
                await asyncio.to_thread(self._step)

    async def covering(self, size: int) -> tuple[int, Anchor] | None:
        """Return the oldest anchored checkpoint of so many leaves: its size, and where it is.

        None where there is none, or a chain that has to be asked for it does not answer.
        """
        anchors = self._anchors
        if anchors is None or not anchors.is_old(size):
            return None if anchors is None else anchors.covering(size)
        try:
            await asyncio.wait_for(self._to_chain.acquire(), COVERING_S)
        except TimeoutError:
            return None
        try:
            return await asyncio.to_thread(anchors.covering, size)
        except (CityError, OSError) as error:
            _log.warning("the chain does not say what covers %d facts: %s", size, error)
            return None
        finally:
            self._to_chain.release()

    @property
    def stage(self) -> tuple[str, str]:
        """How the log stands on its chain, and why it does not go on."""
        anchors = self._anchors
        return ("off", "") if anchors is None else (anchors.stage.value, anchors.why)

    @property
    def contract(self) -> tuple[int, str]:
        """The chain's number and the contract's address; 0 and empty before it is looked at."""
        return (0, "") if self._anchors is None else self._anchors.place

    @property
    def witnesses(self) -> "list[Standing]":
        """How it stands with each outside witness."""
        return [] if self._anchors is None else self._anchors.witnesses

    def _step(self) -> None:
        from hapgang.app.log.anchors import Anchors  # noqa: PLC0415 (a city without facts needs none)

        if self._anchors is None:
            self._anchors = Anchors(
                self._place, self._origin, lambda: self.signed,
                lambda size: self.note_at(size).whole(),
            )  # fmt: skip
        self._anchors.step()

    async def _append(self, log: Log, archive: Archive) -> None:
        try:
            if (known := self._to_meet) is not None:
                await _take(log, archive, known.size)
                if log.size < known.size or log.root() != known.root:
                    raise FactsAreMissing(
                        f"the database is not the one whose {known.size:,} facts were anchored:"
                        " restore the newer one",
                        f"체인에 기록된 {known.size:,}건과 다른 데이터베이스입니다."
                        " 더 새로운 데이터베이스를 되돌리세요.",
                    )
            await _take(log, archive, None)
            await _to_its_end(log.publish)
            self._to_meet = None
        except BaseException:
            self._close_log()  # it is opened again at what was signed
            raise

    def _open(self) -> Log:
        """Return the log, opened where it is not."""
        if self._log is None:
            log, known = Log(self.folder, self.signer), self._anchored()
            if known is not None and log.size >= known.size:
                log.close()
                log, known = Log(self.folder, self.signer, known=known), None
            self._log, self._to_meet = log, known  # what is missing is made again, of the database
        return self._log

    def _anchored(self) -> Checkpoint | None:
        """Return what the chain was told last: a log that does not continue it is not opened."""
        kept = load(self._place / ANCHORED).anchored
        return Checkpoint(self._origin, kept[-1].size, kept[-1].root) if kept else None

    def _opened(self) -> Log:
        if self._log is None:
            raise NotFound("nothing is in the log yet", "아직 기록된 사실이 없습니다")
        return self._log

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None

    def _close(self) -> None:
        self._close_log()
        if self._anchors is not None:
            self._anchors.close()
            self._anchors = None


async def _to_its_end(work: Callable[..., object], *words: object) -> None:
    """Work in a thread; who is cancelled waits for it, so that two never write one log."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *words))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


async def _take(log: Log, archive: Archive, until: int | None) -> None:
    """Add the leaves that the database has more, up to a size or all."""
    while until is None or log.size < until:
        most = _AT_ONCE if until is None else min(_AT_ONCE, until - log.size)
        found = await archive.leaves_from(log.size, most)
        if not found:
            return
        if found[0][0] != log.size or found[-1][0] != log.size + len(found) - 1:
            raise FactsAreMissing(f"a leaf after {log.size:,} is missing", None)
        await _to_its_end(log.append, [commitment for _, commitment in found])
