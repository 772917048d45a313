"""A till: what one service may do with money, inside one unit.

A service may take money only from whoever called it, or from its own accounts: the one of its name,
and those whose names begin with it and a dot.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from hapgang.core.errors import Conflict, Refused
from hapgang.core.ids import urn
from hapgang.core.money import won_text
from hapgang.ledger.book import Book
from hapgang.ledger.log.facts import canonical
from hapgang.ledger.log.leaves import whole_fact
from hapgang.writer.unit import AccountRow, Fact, TransferRow, Unit


def account_id(owner: str) -> str:
    """Return the id of the account of a person, a service or the treasury."""
    return urn("Account", owner.removeprefix("urn:ngsi-ld:"))


_CLEARING = account_id("clearing:")
"""Of what cities owe each other: each movement is named by the account, so that all are known."""


class Till:
    """The ledger as one action of one service sees it."""

    __slots__ = ("_book", "_caller", "_is_platform", "_service", "_unit")

    def __init__(
        self, book: Book, unit: Unit, *, service: str, caller: str, is_platform: bool
    ) -> None:
        """Open for one unit."""
        self._book = book
        self._unit = unit
        self._service = service
        self._caller = caller
        self._is_platform = is_platform

    def open_account(self, owner: str, kind: str, *, floor_won: int | None = 0) -> AccountRow:
        """Open the account of an owner; opening it again returns what is there.

        `floor_won` is the lowest balance that is allowed; None allows any, as for the treasury.
        """
        found = self._book.find_account(account_id(owner))
        if found is None:
            if not (self._is_platform or self._is_own(owner)):
                raise Refused(f"{self._service} may open its own accounts only", None)
            found = AccountRow(account_id(owner), kind, owner, floor_won, 0, 0)
            self._book.open(self._unit, found)
        return found

    def balance_won(self, owner: str) -> int:
        """Return what an owner has, held money included."""
        return self._visible(owner).balance_won

    def free_won(self, owner: str) -> int:
        """Return what an owner can spend now."""
        account = self._visible(owner)
        return account.balance_won - account.held_won

    def pay(self, transfer_id: str, payer: str, payee: str, amount_won: int, memo: str) -> str:
        """Move money now; return the transfer's id. A repeat with the same id does nothing."""
        self._check_payer(payer)
        row = self._row(transfer_id, payer, payee, amount_won, "posted", memo)
        return self._book.transfer(self._unit, row).id

    def hold(
        self,
        transfer_id: str,
        payer: str,
        payee: str,
        amount_won: int,
        memo: str,
        *,
        until: datetime | None = None,
    ) -> str:
        """Set the payer's money aside for the payee; return the hold's id.

        `until`: when it comes back by itself, unless it was captured.
        """
        self._check_payer(payer)
        row = self._row(transfer_id, payer, payee, amount_won, "held", memo)._replace(until=until)
        return self._book.hold(self._unit, row).id

    def capture(self, hold_id: str, transfer_id: str, amount_won: int, memo: str) -> str:
        """Move part or all of what this service holds; the rest is free again."""
        self._check_hold(hold_id)
        return self._book.capture(self._unit, hold_id, transfer_id, amount_won, memo).id

    def release(self, hold_id: str, transfer_id: str, memo: str) -> str:
        """Give back all that this service holds."""
        self._check_hold(hold_id)
        return self._book.release(self._unit, hold_id, transfer_id, memo).id

    def release_all(self, owner: str, memo: str) -> None:
        """Give back everything that is held of an owner's money; for the platform only."""
        if not self._is_platform:
            raise Refused(f"{self._service} may release only what it holds itself", None)
        for held in self._book.held_by(account_id(owner)):
            self._book.release(self._unit, held.id, f"{held.id}-released", memo)

    def record(
        self, kind: str, fact: str, body: Mapping[str, Any], *, person: str | None = None
    ) -> None:
        """Let the city's log have a fact: that a document was signed, a ballot cast, a status set.

        fact: its id, once within its kind, to which this service's name is added.
        body: texts, whole numbers, true, false, null, lists and objects of such.
        person: whose personal data it is; then only they get it back.
        """
        whole = Fact(kind, f"{self._service}/{fact}", body, person)
        canonical(whole_fact(whole, self._unit.at))  # raises where it is no fact
        self._unit.facts.append(whole)

    def release_expired(self) -> int:
        """Give back what nobody captured in time, for the platform only; return how many."""
        if not self._is_platform:
            raise Refused(f"{self._service} may release only what it holds itself", None)
        expired = self._book.expired(self._unit.at)
        for held in expired:
            self._book.release(self._unit, held.id, f"{held.id}-expired", "expired")
        return len(expired)

    def set_state(self, owner: str, state: Literal["open", "frozen", "closed"]) -> None:
        """Open, freeze or close an owner's account; for the platform only."""
        if not self._is_platform:
            raise Refused(f"{self._service} may not freeze or close accounts", None)
        self._book.set_state(self._unit, account_id(owner), state)

    def set_floor(self, owner: str, floor_won: int) -> None:
        """Say how far below zero an account may fall, at most zero; for the platform only."""
        if not self._is_platform or floor_won > 0:
            raise Refused(f"{self._service} may not change how far accounts fall", None)
        account = self._book.account(account_id(owner))
        free_won = account.balance_won - account.held_won
        if free_won < floor_won:
            raise Conflict(
                f"{account.id} is at {won_text(free_won)}, below that; settle it first.",
                f"{account.id} 잔액이 {won_text(free_won)}으로 그보다 낮습니다. 먼저 정산하세요.",
            )
        if account.floor_won != floor_won:
            self._book.set_terms(self._unit, account._replace(floor_won=floor_won))

    def refund(self, payment_id: str, transfer_id: str, amount_won: int, memo: str) -> str:
        """Give back part or all of a payment that this service received."""
        payment = self._book.find(payment_id)
        if payment is None or not self._is_mine(payment.credit):
            raise Refused(f"{self._service} did not receive {payment_id}", None)
        row = TransferRow(
            transfer_id, payment.credit, payment.debit, amount_won, "posted", payment_id, memo
        )
        return self._book.transfer(self._unit, row).id

    def _row(
        self, transfer_id: str, payer: str, payee: str, amount_won: int, step: str, memo: str
    ) -> TransferRow:
        debit, credit = account_id(payer), account_id(payee)
        for account in (debit, credit):
            if account.startswith(_CLEARING) and not transfer_id.startswith(f"{account}:"):
                raise Refused(
                    "Money goes to other cities as they agreed, and not by a payment.",
                    "다른 도시의 정산 계좌로는 직접 보낼 수 없습니다.",
                )
        return TransferRow(transfer_id, debit, credit, amount_won, step, None, memo)

    def _visible(self, owner: str) -> AccountRow:
        self._check_payer(owner)
        return self._book.account(account_id(owner))

    def _is_mine(self, account: str) -> bool:
        mine = account_id(self._service)
        return self._is_platform or account == mine or account.startswith(f"{mine}.")

    def _is_own(self, owner: str) -> bool:
        return owner == self._service or owner.startswith(f"{self._service}.")

    def _check_payer(self, owner: str) -> None:
        if not (self._is_platform or owner == self._caller or self._is_own(owner)):
            raise Refused(
                f"{self._service} may not touch the money of {owner}",
                f"{self._service} 서비스는 다른 사람의 돈을 쓸 수 없습니다",
            )

    def _check_hold(self, hold_id: str) -> None:
        held = self._book.find(hold_id)
        if held is not None and not self._is_mine(held.credit):
            raise Refused(f"{self._service} did not make the hold {hold_id}", None)
