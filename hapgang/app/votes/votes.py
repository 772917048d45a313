"""A city's votes beside the writer: keys, processes, boards in files, seals and counts."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from hapgang.app.votes import work
from hapgang.app.votes.boards import write_board
from hapgang.app.votes.processes import Processes
from hapgang.core.errors import CityError, Unavailable
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Consultation, PollBoard, PollTrustee
from hapgang.ledger.ballots.board import Close
from hapgang.ledger.ballots.tally import Result
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.votes.casting import note_refused
from hapgang.runtime.platform.votes.counting import finish, seal_board

if TYPE_CHECKING:
    from hapgang.runtime.perform import Runtime
    from hapgang.writer.recovery import Archive

KEYS, BOARDS = "ballot-keys", "votes"
_EACH_S = 10.0
_MOST_NOTED = 1000
_log = logging.getLogger(__name__)


class Votes:
    """What one city needs for its votes; nothing is opened before there is a poll."""

    def __init__(self, folder: Path) -> None:
        """Keep keys and boards in the city's folder."""
        self._folder = folder
        self.processes = Processes()
        self._refused: Counter[str] = Counter()
        self._wake, self._writing = asyncio.Event(), asyncio.Lock()

    def key_of(self, issuer: str) -> Path:
        """Return the file of the key that signs a poll's tokens, by its modulus."""
        return work.key_path(str(self._folder / KEYS), issuer)

    def folder_of(self, poll: str) -> Path:
        """Return the folder of a closed poll's board and export."""
        return self._folder / BOARDS / poll

    def export_of(self, poll: str) -> Path:
        """Return the file of a counted poll's export."""
        return self.folder_of(poll) / work.EXPORT

    async def make_key(self) -> str:
        """Make the issuer's key of a new poll; return its modulus."""
        folder = self._folder / KEYS
        folder.mkdir(mode=0o700, exist_ok=True)
        return await self.processes.ask(work.make_key, str(folder))

    async def share_fault(
        self, runtime: "Runtime", archive: "Archive", poll: Consultation, share: bytes
    ) -> Text | None:
        """Return what is wrong with a trustee's share."""
        assert poll.close is not None
        path, asked = await self._written(runtime, archive, poll), poll_bytes(poll)
        board: str = poll.close["board"]
        if not await self.processes.ask(work.is_board, asked, str(path), board):
            path.unlink(missing_ok=True)
            raise Unavailable(
                "The board's file was damaged and is written again; please try again.",
                "손상된 게시판 파일을 다시 만들고 있습니다. 다시 시도해 주세요.",
            )
        return await self.processes.ask(work.fault_of_share, asked, board, str(path), share)

    def refused(self, poll: str) -> None:
        """Count a ballot that was refused."""
        if poll in self._refused or len(self._refused) < _MOST_NOTED:
            self._refused[poll] += 1

    def wake(self) -> None:
        """Look soon whether a poll can be counted."""
        self._wake.set()

    async def run(self, runtime: "Runtime", archive: "Archive") -> None:
        """Seal and count what is due, until cancelled."""
        try:
            while True:
                await self.step(runtime, archive)
                self._wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_EACH_S):
                        await self._wake.wait()
        finally:
            self.processes.close()

    async def step(self, runtime: "Runtime", archive: "Archive") -> None:
        """Do for each poll what can be done now."""
        noted, self._refused = self._refused, Counter()
        for name, count in noted.items():
            runtime.perform(note_refused, PLATFORM, poll=name, count=count)
        for state in ("closed", "counted"):
            for record in list(runtime.state.with_value("Poll", "state", state) or ()):
                if isinstance(record.view, Consultation):
                    await self._go_on(runtime, archive, record.view)

    async def _go_on(self, runtime: "Runtime", archive: "Archive", poll: Consultation) -> None:
        try:
            if poll.close is None:
                await self._seal(runtime, archive, poll)
            elif not self.export_of(poll.name).exists() or poll.state == "closed":
                await self._count(runtime, archive, poll)
        except Unavailable:
            _log.warning("%s waits for what counts it", poll.name)
        except Exception:  # noqa: BLE001 (a poll must not end the city)
            _log.exception("%s could not be counted; it is tried again", poll.name)
            # It may be the board's file that is damaged: it is written from the database again.
            (self.folder_of(poll.name) / work.BOARD).unlink(missing_ok=True)

    async def _seal(self, runtime: "Runtime", archive: "Archive", poll: Consultation) -> None:
        await runtime.writer.durable()  # what the board counts is on disk
        board = await self._written(runtime, archive, poll)
        made = await self.processes.do(work.close_of, poll_bytes(poll), str(board))
        close = msgspec.json.decode(made, type=Close)
        runtime.perform(seal_board, PLATFORM, poll=poll.name, close=close)

    async def _count(self, runtime: "Runtime", archive: "Archive", poll: Consultation) -> None:
        assert poll.roll is not None
        if poll.roll["paper"] and poll.paper is None:
            return
        trustees = (
            runtime.state.get(urn("PollTrustee", f"{poll.name}:{index}"))
            for index in range(1, poll.n_trustees + 1)
        )
        views = [record.view for record in trustees if record is not None]
        shares = [v.share for v in views if isinstance(v, PollTrustee) and v.share is not None]
        if len(shares) < poll.threshold:
            return
        await self._written(runtime, archive, poll)
        words = [msgspec.json.encode(each) for each in (poll.roll, poll.paper, shares)]
        folder = str(self.folder_of(poll.name))
        made = await self.processes.do(work.count, poll_bytes(poll), *words, folder)
        if isinstance(made, Text):
            raise CityError(made.en, made.ko)
        found = msgspec.json.decode(made, type=Result)
        if poll.state == "closed":  # else its export is made again, as in a restored city
            runtime.perform(finish, PLATFORM, poll=poll.name, result=found)

    async def _written(self, runtime: "Runtime", archive: "Archive", poll: Consultation) -> Path:
        """Return the file of a closed board; written from the database where it is not there."""
        folder = self.folder_of(poll.name)
        async with self._writing:
            if (folder / work.BOARD).exists():
                return folder / work.BOARD
            record = runtime.state.get(urn("PollBoard", poll.name))
            assert record is not None
            board: Any = record.view
            assert isinstance(board, PollBoard)
            return await write_board(archive, poll.name, board.entries, folder)


def poll_bytes(poll: Consultation) -> bytes:
    """Return the poll that ballots name, as JSON; the same bytes each time."""
    assert poll.poll is not None
    return msgspec.json.encode(poll.poll)
