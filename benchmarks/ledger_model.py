"""The ledger by plain means, written apart from the product: rows in, sums out, and what differs.

It reads the tables themselves and knows nothing of how they come about.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Row(NamedTuple):
    """A transfer as it has to stand on disk."""

    id: str
    debit: str
    credit: str
    amount_won: int
    step: str
    of: str | None = None


class Model:
    """What every account must have, by all transfers so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.balance: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.rows = 0
        self.seq = 0
        self._open: dict[str, Row] = {}
        self._taken: dict[str, Row] = {}  # captured, less what was refunded of it

    def take(self, row: Row) -> str | None:
        """Let a transfer have its effect; return what is wrong with it."""
        self.rows += 1
        if row.amount_won <= 0 or row.debit == row.credit:
            return f"{row.id} moves nothing that can be moved"
        if row.step == "held":
            self.held[row.debit] += row.amount_won
            self._open[row.id] = row
            return None
        if row.step in ("captured", "released"):
            return self._end(row)
        if row.step != "posted":
            return f"{row.id} is {row.step}, which is nothing"
        fault = self._refund(row) if row.of is not None else None
        self._move(row)
        return fault

    def _move(self, row: Row) -> None:
        self.balance[row.debit] -= row.amount_won
        self.balance[row.credit] += row.amount_won

    def _end(self, row: Row) -> str | None:
        held = self._open.pop(row.of or "", None)
        if held is None:
            return f"{row.id} ends {row.of}, which is not open"
        self.held[held.debit] -= held.amount_won
        if (row.debit, row.credit) != (held.debit, held.credit):
            return f"{row.id} is between others than {row.of}"
        if row.step == "released":
            return None if row.amount_won == held.amount_won else f"{row.id} lets go of a part"
        self._move(row)
        self._taken[row.id] = row
        return None if row.amount_won <= held.amount_won else f"{row.id} takes too much"

    def _refund(self, row: Row) -> str | None:
        taken = self._taken.get(row.of or "")
        if taken is None or (row.debit, row.credit) != (taken.credit, taken.debit):
            return f"{row.id} refunds {row.of}, which did not go that way"
        left_won = taken.amount_won - row.amount_won
        self._taken[taken.id] = taken._replace(amount_won=left_won)
        return None if left_won >= 0 else f"{row.id} refunds more than was paid"

    def differences(self, accounts: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return where accounts are not what their transfers sum to, or below their floor."""
        wrong, total_won, known = [], 0, set()
        for account in accounts:
            name, floor_won = account["id"], account["floor_won"]
            balance_won, held_won = account["balance_won"], account["held_won"]
            known.add(name)
            total_won += balance_won
            if (balance_won, held_won) != (self.balance[name], self.held[name]):
                wrong.append(
                    f"{name} has {balance_won} and {held_won} held, by its transfers"
                    f" {self.balance[name]} and {self.held[name]}"
                )
            if floor_won is not None and balance_won - held_won < floor_won:
                wrong.append(f"{name} is below its floor")
        if total_won:
            wrong.append(f"all accounts sum to {total_won}")
        return wrong + [f"{name} is no account" for name in sorted(self.balance.keys() - known)]


class Told:
    """What clients were told, until it was held against the disk."""

    def __init__(self) -> None:
        """Nobody was told anything."""
        self.promised: dict[str, Row] = {}
        self.unanswered: list[tuple[Row, ...]] = []

    def compare(self, rows: Iterable[Row]) -> tuple[list[str], list[tuple[Row, ...]]]:
        """Hold new rows of the disk against it: what is wrong, and which unanswered ones are there.

        What was answered is there, to the letter; what was not is wholly there or wholly not;
        nothing else is there.
        """
        maybe = {row.id: row for group in self.unanswered for row in group}
        found, wrong = set(), []
        for row in rows:
            wanted = self.promised.pop(row.id, None) or maybe.get(row.id)
            if wanted is None:
                wrong.append(f"{row.id} is on disk, and nobody was told so")
            elif wanted != row:
                wrong.append(f"{row} is on disk, and {wanted} was told")
            found.add(row.id)
        wrong += [f"{name} was told and is not on disk" for name in self.promised]
        there = []
        for group in self.unanswered:
            n_found = sum(row.id in found for row in group)
            if n_found == len(group):
                there.append(group)
            elif n_found:
                wrong.append(f"{n_found} of {len(group)} rows of {group[0].id} are on disk")
        self.promised, self.unanswered = {}, []
        return wrong, there
