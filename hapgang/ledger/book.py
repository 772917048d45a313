"""The book: accounts and transfers. Every won that leaves one account enters another.

A transfer is immutable and has an id given by whoever asks for it: the same again is the same one.
A *held* one sets money aside; *capturing* moves all or part of it, *releasing* gives it back, as
happens to what nobody captured in time. A refund is a new transfer. A unit's come true all or none.
"""

from datetime import datetime

from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.ids import MOST_ID_CHARACTERS
from hapgang.core.money import won_text
from hapgang.core.remembered import Remembered
from hapgang.writer.unit import AccountRow, Fact, TransferRow, Unit

_MOST_WON = 1_000_000_000_000
_PARTIES = ("resident", "visitor", "shop", "company", "operator", "agency", "service")
_Pair = tuple[AccountRow, AccountRow]
KINDS = frozenset([*_PARTIES, "treasury", "budget", "subsidy", "escrow", "clearing"])


class Frozen(Conflict):
    """Nothing may leave the account, by a court's order or after the loss of a phone."""


class HoldExpired(Conflict):
    """What was set aside came back to the payer, since nobody captured it in time."""


class HoldEnded(Conflict):
    """What was set aside was captured or released before."""


class NotEnoughMoney(Conflict):
    """The account would fall below its floor."""


class Book:
    """Every account and every held transfer, in memory."""

    def __init__(self) -> None:
        """Start with no accounts."""
        self._accounts: dict[str, AccountRow] = {}
        self._held: dict[str, TransferRow] = {}
        self._transfers: Remembered[TransferRow] = Remembered()
        self._refunded_won: dict[str, int] = {}

    def load(
        self,
        accounts: list[AccountRow],
        held: list[TransferRow],
        refunded_won: dict[str, int],
        transfers: Remembered[TransferRow],
    ) -> None:
        """Take what was found on disk."""
        self._accounts = {account.id: account for account in accounts}
        self._held = {transfer.id: transfer for transfer in held}
        self._refunded_won = refunded_won
        self._transfers = transfers

    def accounts(self) -> list[AccountRow]:
        """Return every account."""
        return list(self._accounts.values())

    def account(self, account_id: str) -> AccountRow:
        """Return an account; `NotFound` when there is none."""
        if (found := self._accounts.get(account_id)) is None:
            raise NotFound(f"there is no account {account_id}", f"계좌 {account_id}이(가) 없습니다")
        return found

    def find_account(self, account_id: str) -> AccountRow | None:
        """Return an account, or None."""
        return self._accounts.get(account_id)

    def open(self, unit: Unit, account: AccountRow) -> None:
        """Add an account with nothing in it."""
        if account.id in self._accounts:
            raise Conflict(f"account {account.id} exists", f"계좌 {account.id}이(가) 이미 있습니다")
        if account.kind not in KINDS:
            raise Invalid(f"an account is one of {', '.join(sorted(KINDS))}", None)
        if account.balance_won or account.held_won or (account.floor_won or 0) > 0:
            raise Invalid(
                "a new account starts at zero; transfer money into it",
                "새 계좌는 0원에서 시작합니다. 이체로 채우세요.",
            )
        self.set_terms(unit, account)

    def total_won(self) -> int:
        """Return the sum of all balances, which is zero at every instant."""
        return sum(account.balance_won for account in self._accounts.values())

    def transfer(self, unit: Unit, row: TransferRow) -> TransferRow:
        """Move money now."""
        if (before := self._same(row)) is not None:
            return before
        if row.of is not None:
            self._check_refund(row)
        self._move(unit, row.debit, row.credit, row.amount_won)
        if row.of is not None:
            self._note_refund(unit, row.of, row.amount_won)
        return self._keep(unit, row)

    def hold(self, unit: Unit, row: TransferRow) -> TransferRow:
        """Set money of the debit account aside."""
        if (before := self._same(row)) is not None:
            return before
        payer, _ = self._pair(row.debit, row.credit, row.amount_won)
        self._check_floor(payer, row.amount_won)
        self._fill(unit, payer, payer.balance_won, payer.held_won + row.amount_won)
        held = self._keep(unit, row)
        self._held[row.id] = held
        unit.undo.append(lambda: self._held.pop(row.id, None) and None)
        return held

    def capture(
        self, unit: Unit, hold_id: str, transfer_id: str, amount_won: int, memo: str
    ) -> TransferRow:
        """Move part or all of what a hold set aside; the rest is free again."""
        held = self._hold(hold_id)
        row = TransferRow(
            transfer_id, held.debit, held.credit, amount_won, "captured", hold_id, memo
        )
        if (before := self._same(row)) is not None:
            return before
        if not 0 < amount_won <= held.amount_won:
            raise Invalid(
                f"between 1 and {won_text(held.amount_won)} can be captured",
                f"1원에서 {won_text(held.amount_won)}까지 결제할 수 있습니다",
            )
        if held.until is not None and held.until <= unit.at:
            raise HoldExpired(
                f"{hold_id} was set aside until {held.until.isoformat()} and came back",
                f"{hold_id}의 보류 기한이 지나 돈이 돌아갔습니다",
            )
        self._pair(held.debit, held.credit, amount_won, was_held=True)
        self._end(unit, held)
        self._move(unit, held.debit, held.credit, amount_won, was_held=True)
        return self._keep(unit, row)

    def release(self, unit: Unit, hold_id: str, transfer_id: str, memo: str) -> TransferRow:
        """Give back all that a hold set aside."""
        held = self._hold(hold_id)
        row = TransferRow(
            transfer_id, held.debit, held.credit, held.amount_won, "released", hold_id, memo
        )
        if (before := self._same(row)) is not None:
            return before
        self._end(unit, held)
        return self._keep(unit, row)

    def expired(self, now: datetime) -> list[TransferRow]:
        """Return the open holds whose time is over."""
        return [held for held in self._held.values() if held.until and held.until <= now]

    def set_state(self, unit: Unit, account_id: str, state: str) -> AccountRow:
        """Open, freeze or close an account; one with money or holds in it stays."""
        account = self.account(account_id)
        if state == "closed" and (account.balance_won or account.held_won):
            raise Conflict(
                f"{won_text(account.balance_won)} are in it; move them out first",
                f"{won_text(account.balance_won)}이 남아 있습니다. 먼저 옮기세요.",
            )
        changed = account._replace(state=state)
        if changed != account:
            self.set_terms(unit, changed)
        return changed

    def held_by(self, account_id: str) -> list[TransferRow]:
        """Return the open holds on an account's money."""
        return [held for held in self._held.values() if held.debit == account_id]

    def find(self, transfer_id: str) -> TransferRow | None:
        """Return a transfer by id, or None; an open hold without a look at the disk."""
        return self._held.get(transfer_id) or self._transfers.find(transfer_id)

    def _same(self, row: TransferRow) -> TransferRow | None:
        if not 0 < len(row.id) <= MOST_ID_CHARACTERS:
            raise Invalid(
                f"a transfer's id has 1 to {MOST_ID_CHARACTERS} characters",
                f"이체 번호는 1자에서 {MOST_ID_CHARACTERS}자까지입니다",
            )
        before = self.find(row.id)
        if before is not None and before._replace(until=row.until) != row:
            raise Conflict(
                f"transfer {row.id} exists with other words; use a new id",
                f"이체 {row.id}은(는) 다른 내용으로 이미 있습니다. 새 번호를 쓰세요.",
            )
        return before

    def _hold(self, hold_id: str) -> TransferRow:
        """Return a hold, whether it is open or has ended."""
        held = self.find(hold_id)
        if held is None or held.step != "held":
            raise NotFound(f"there is no hold {hold_id}", f"보류 {hold_id}이(가) 없습니다")
        return held

    def _end(self, unit: Unit, held: TransferRow) -> None:
        if held.id not in self._held:
            raise HoldEnded(
                f"{held.id} was captured or released before",
                f"{held.id}은(는) 이미 결제되었거나 취소되었습니다",
            )
        payer = self.account(held.debit)
        self._fill(unit, payer, payer.balance_won, payer.held_won - held.amount_won)
        self._held.pop(held.id)
        unit.undo.append(lambda: self._held.update({held.id: held}))

    def _check_refund(self, row: TransferRow) -> None:
        original = self.find(row.of or "")
        if original is None or original.step in ("held", "released"):
            raise NotFound(f"there is no payment {row.of} to refund", None)
        if (row.debit, row.credit) != (original.credit, original.debit):
            raise Invalid("a refund goes from the payee back to the payer", None)
        before = self._refunded_won.get(original.id, 0)
        if before + row.amount_won > original.amount_won:
            raise Conflict(
                f"only {won_text(original.amount_won - before)} can still be refunded",
                f"{won_text(original.amount_won - before)}까지만 환불할 수 있습니다",
            )

    def _note_refund(self, unit: Unit, payment: str, amount_won: int) -> None:
        before = self._refunded_won.get(payment, 0)
        self._refunded_won[payment] = before + amount_won
        unit.undo.append(lambda: self._refunded_won.update({payment: before}))

    def _move(
        self, unit: Unit, debit: str, credit: str, amount_won: int, *, was_held: bool = False
    ) -> None:
        payer, payee = self._pair(debit, credit, amount_won, was_held=was_held)
        self._check_floor(payer, amount_won)
        self._fill(unit, payer, payer.balance_won - amount_won, payer.held_won)
        self._fill(unit, payee, payee.balance_won + amount_won, payee.held_won)

    def _pair(self, debit: str, credit: str, amount_won: int, *, was_held: bool = False) -> _Pair:
        if not 0 < amount_won <= _MOST_WON:
            raise Invalid(
                f"an amount is between 1원 and {won_text(_MOST_WON)}",
                f"금액은 1원에서 {won_text(_MOST_WON)} 사이여야 합니다",
            )
        if debit == credit:
            raise Invalid("payer and payee are the same account", "같은 계좌로 보낼 수 없습니다")
        _check_states(*(pair := (self.account(debit), self.account(credit))), was_held=was_held)
        return pair

    def _check_floor(self, payer: AccountRow, amount_won: int) -> None:
        free_won = payer.balance_won - payer.held_won
        if payer.floor_won is not None and free_won - amount_won < payer.floor_won:
            missing_won = payer.floor_won + amount_won - free_won
            raise NotEnoughMoney(
                f"{won_text(missing_won)} is missing; top up and try again",
                f"{won_text(missing_won)}이 부족합니다. 충전한 뒤 다시 시도하세요.",
                missing_won=missing_won,
            )

    def set_terms(self, unit: Unit, account: AccountRow) -> None:
        """Set an account's terms, of which the log is told; what is in it stays as it is."""
        self._put(unit, account, self._accounts.get(account.id))
        unit.facts.append(_fact_of(account, unit))

    def _fill(self, unit: Unit, account: AccountRow, balance_won: int, held_won: int) -> None:
        """Set what is in an account, whose terms stay."""
        name, kind, owner, floor_won, _, _, state = account
        row = AccountRow(name, kind, owner, floor_won, balance_won, held_won, state)
        self._put(unit, row, account)

    def _put(self, unit: Unit, account: AccountRow, before: AccountRow | None) -> None:
        name = account.id
        self._accounts[name] = account
        if name not in unit.accounts:  # a unit is taken back to what it found, as a whole
            if before is None:
                unit.undo.append(lambda: self._accounts.pop(name, None) and None)
            else:
                unit.undo.append(lambda: self._accounts.update({name: before}))
        unit.accounts[name] = account

    def _keep(self, unit: Unit, row: TransferRow) -> TransferRow:
        unit.transfers.append(row)
        unit.undo.append(self._transfers.put(row.id, row))
        return row


def _check_states(payer: AccountRow, payee: AccountRow, *, was_held: bool) -> None:
    """Raise where money may not leave or enter; what was held before a freeze is still owed."""
    if payer.state == "frozen" and not was_held:
        raise Frozen(
            "Payments from this account are stopped. Ask the city's ledger office why.",
            "이 계좌의 출금이 정지되었습니다. 시 원장 담당 부서에 문의하세요.",
        )
    for account in (payer, payee):
        if account.state == "closed":
            raise Conflict(f"account {account.id} is closed", f"계좌 {account.id}은(는) 닫혔습니다")


def _fact_of(account: AccountRow, unit: Unit) -> Fact:
    """Return what the log is told of an account's terms; several times in a unit, the last."""
    name, kind, owner, floor_won, _, _, state = account
    body = {"account": name, "type": kind, "owner": owner, "floor": floor_won, "state": state}
    person = owner if owner.startswith("urn:ngsi-ld:Person:") else None
    return Fact("account", f"{name}@{unit.seq}.{len(unit.facts)}", body, person)
