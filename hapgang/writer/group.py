"""Groups: units that go to disk together, as columns for one statement."""

from collections.abc import Iterable
from typing import Any, Protocol

from hapgang.core.wire import encoder
from hapgang.writer.unit import AccountRow, Answer, Item, Stored, Unit


class Vault(Protocol):
    """What seals personal data under the person's own key."""

    def seal(self, person: str, plain: bytes) -> bytes:
        """Encrypt under the person's key, which is made when there is none."""

    def destroy(self, person: str) -> None:
        """Drop the person's key; what was sealed with it cannot be opened again."""

    def take_new_keys(self) -> list[tuple[str, bytes]]:
        """Return the wrapped keys made since the last call, to be written with this group."""


class Columns:
    """One table's rows, held as columns."""

    def __init__(self, width: int) -> None:
        """Start empty with `width` columns."""
        self.columns: tuple[list[Any], ...] = tuple([] for _ in range(width))

    def add(self, row: Iterable[Any]) -> None:
        """Append one row."""
        for column, value in zip(self.columns, row, strict=True):
            column.append(value)


def arguments_of(epoch: int, units: list[Unit], vault: Vault) -> list[Any]:
    """Return the arguments of `commit_group` (schema.sql) for these units, in their order.

    Writes of one entity, account or cursor are merged: the last one of the group is written.
    """
    feed, transfers, answers, reads = _logs(units, vault)
    entities: dict[str, tuple[int, Stored | None]] = {}
    accounts: dict[str, AccountRow] = {}
    cursors: dict[str, int] = {}
    forgotten: list[str] = []
    for unit in units:
        for entity_id, stored in unit.entities.items():
            entities[entity_id] = (unit.seq, stored)
        accounts.update(unit.accounts)
        cursors.update(unit.cursors)
        forgotten.extend(unit.forgotten)
    saved, gone = _entity_columns(entities, vault)
    account_rows = Columns(6)
    for account in accounts.values():
        account_rows.add(account)
    for person in forgotten:
        vault.destroy(person)
    keys = Columns(2)
    for pair in vault.take_new_keys():
        keys.add(pair)
    return [
        epoch,
        *saved.columns,
        gone,
        *feed.columns,
        *account_rows.columns,
        *transfers.columns,
        *answers.columns,
        list(cursors),
        list(cursors.values()),
        *reads.columns,
        *keys.columns,
        forgotten,
        *_notice_columns(units, vault).columns,
    ]


def _logs(units: list[Unit], vault: Vault) -> tuple[Columns, Columns, Columns, Columns]:
    """Return what is only ever added: feed, transfers, answers, reads."""
    feed, transfers, answers, reads = Columns(10), Columns(9), Columns(6), Columns(7)
    for unit in units:
        for position, item in enumerate(unit.items, unit.first_position):
            feed.add(_feed_row(unit, position, item, vault))
        for row in unit.transfers:
            transfers.add((row.id, unit.seq, unit.at, *row[1:]))
        if (answer := unit.answer) is not None:
            answers.add(_answer_row(unit, answer, vault))
        for read in unit.reads:
            reads.add((unit.seq, unit.at, *read))
    return feed, transfers, answers, reads


def _feed_row(unit: Unit, position: int, item: Item, vault: Vault) -> tuple[Any, ...]:
    body = encoder.encode(item.body)
    if item.person is not None:
        body = vault.seal(item.person, body)
    return (
        position,
        unit.seq,
        unit.at,
        unit.action,
        "" if unit.by_person else unit.caller,
        item.kind,
        item.name,
        item.entity,
        item.person,
        body,
    )


def _notice_columns(units: list[Unit], vault: Vault) -> Columns:
    notices = Columns(5)
    for unit in units:
        for row in unit.notices:
            body = row.body()
            if row.person is not None:
                body = vault.seal(row.person, body)
            recipients = encoder.encode(row.recipients).decode()
            notices.add((row.id, unit.at, row.person, body, recipients))
    return notices


def _answer_row(unit: Unit, answer: Answer, vault: Vault) -> tuple[Any, ...]:
    result = answer.result
    if answer.person is not None:
        result = vault.seal(answer.person, result)
    return (answer.caller, answer.key, answer.arguments, unit.at, result, answer.person)


def _entity_columns(
    entities: dict[str, tuple[int, Stored | None]], vault: Vault
) -> tuple[Columns, list[str]]:
    saved, gone = Columns(10), []
    for entity_id, (seq, stored) in entities.items():
        if stored is None:
            gone.append(entity_id)
            continue
        document = encoder.encode(stored.document())
        person = stored.person
        saved.add(
            (
                stored.id,
                stored.type,
                stored.version,
                document.decode() if person is None else None,
                vault.seal(person, document) if person is not None else None,
                person,
                stored.created,
                stored.modified,
                stored.closed,
                seq,
            )
        )
    return saved, gone
