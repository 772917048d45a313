"""All that anybody needs to count again: one document, with no secret in it."""

from collections.abc import Sequence
from concurrent.futures import Executor

from msgspec import Struct

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.ballot import Ballot, Strike
from hapgang.ledger.ballots.board import (
    Close,
    Paper,
    Roll,
    check_board,
    check_paper,
    check_roll,
    close,
    latest_of,
)
from hapgang.ledger.ballots.poll import Poll
from hapgang.ledger.ballots.tally import Result, Share, combine, result


class Export(Struct, frozen=True, forbid_unknown_fields=True):
    """A poll from its question to its result."""

    poll: Poll
    roll: Roll
    board: tuple[Ballot | Strike, ...]
    close: Close
    paper: Paper | None
    shares: tuple[Share, ...]
    result: Result


def publish(
    poll: Poll, roll: Roll, board: Sequence[Ballot | Strike], shares: Sequence[Share],
    paper: Paper | None = None,
) -> Export:  # fmt: skip
    """Count, and put together what is published. Wrong shares are left out of it."""
    sealed = close(poll, board)
    ballots = [entry for entry in latest_of(board).values() if isinstance(entry, Ballot)]
    opened = combine(poll, sealed.board, ballots, shares)
    added = check_paper(poll, roll, paper)
    found = result(poll, sealed.board, opened.counts, len(ballots), added, roll.paper)
    return Export(poll, roll, tuple(board), sealed, paper, opened.used, found)


def recount(export: Export, executor: Executor | None = None) -> Result:
    """Check everything and count anew; raise at the first thing that is wrong."""
    poll = export.poll
    ballots = check_board(poll, export.board, executor)
    check_roll(poll, export.roll, latest_of(export.board))
    if close(poll, export.board) != export.close:
        raise Invalid("the board is not the one that was closed", "마감된 게시판이 아닙니다")
    opened = combine(poll, export.close.board, ballots, export.shares)
    if opened.wrong:
        raise Invalid(f"wrong shares of {opened.wrong}", f"잘못된 몫: {opened.wrong}")
    added = check_paper(poll, export.roll, export.paper)
    found = result(poll, export.close.board, opened.counts, len(ballots), added, export.roll.paper)
    if found != export.result:
        raise Invalid("the result is another", "결과가 다릅니다")
    return found
