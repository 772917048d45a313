"""Groups: units that go to disk together, as the rows of one statement."""

from typing import Any, Protocol

from hapgang.core.wire import encoder
from hapgang.writer.unit import AccountRow, Answer, Item, Stored, Unit

Row = tuple[Any, ...]  # as its table has it in schema.sql, column for column


class Vault(Protocol):
    """What seals personal data under the person's own key."""

    def seal(self, person: str, plain: bytes) -> bytes:
        """Encrypt under the person's key, which is made when there is none."""

    def destroy(self, person: str) -> None:
        """Drop the person's key; what was sealed with it cannot be opened again."""

    def take_new_keys(self) -> list[tuple[str, bytes]]:
        """Return the wrapped keys made since the last call, to be written with this group."""


def arguments_of(epoch: int, units: list[Unit], vault: Vault) -> list[Any]:
    """Return the arguments of `commit_group` (schema.sql) for these units, in their order.

    Writes of one entity, account or cursor are merged: the last one of the group is written.
    """
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
    feed, transfers, answers, reads = _logs(units, vault)
    saved = [_entity_row(seq, kept, vault) for seq, kept in entities.values() if kept is not None]
    gone = [entity_id for entity_id, (_, stored) in entities.items() if stored is None]
    notices = _notice_rows(units, vault)
    for person in forgotten:
        vault.destroy(person)
    return [
        epoch,
        saved,
        gone,
        feed,
        list(accounts.values()),
        transfers,
        answers,
        list(cursors.items()),
        reads,
        vault.take_new_keys(),
        forgotten,
        notices,
        _leaf_rows(units, vault),
    ]


def _logs(units: list[Unit], vault: Vault) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """Return what is only ever added: feed, transfers, answers, reads."""
    feed: list[Row] = []
    transfers: list[Row] = []
    answers: list[Row] = []
    reads: list[Row] = []
    for unit in units:
        at, caller = unit.at, "" if unit.by_person else unit.caller
        for position, item in enumerate(unit.items, unit.first_position):
            body = _body(item, vault)
            feed.append((position, unit.seq, at, unit.action, caller, *item[:4], body))
        for row in unit.transfers:
            transfers.append((row.id, unit.seq, at, *row[1:]))
        if (answer := unit.answer) is not None:
            answers.append(_answer_row(unit, answer, vault))
        for read in unit.reads:
            reads.append((unit.seq, at, *read))
    return feed, transfers, answers, reads


def _body(item: Item, vault: Vault) -> bytes:
    body = encoder.encode(item.body)
    return body if item.person is None else vault.seal(item.person, body)


def _notice_rows(units: list[Unit], vault: Vault) -> list[Row]:
    notices: list[Row] = []
    for unit in units:
        for row in unit.notices:
            body = row.body()
            if row.person is not None:
                body = vault.seal(row.person, body)
            recipients = encoder.encode(row.recipients).decode()
            notices.append((row.id, unit.at, row.person, body, recipients))
    return notices


def _leaf_rows(units: list[Unit], vault: Vault) -> list[Row]:
    rows: list[Row] = []
    for unit in units:
        for place, leaf in enumerate(unit.leaves, unit.first_leaf):
            body = leaf.body
            if leaf.person is not None and body is not None:
                body = vault.seal(leaf.person, body)
            rows.append((place, unit.seq, *leaf[:4], body))
    return rows


def _answer_row(unit: Unit, answer: Answer, vault: Vault) -> Row:
    result = answer.result
    if answer.person is not None:
        result = vault.seal(answer.person, result)
    return (answer.caller, answer.key, answer.arguments, unit.at, result, answer.person)


def _entity_row(seq: int, stored: Stored, vault: Vault) -> Row:
    document = encoder.encode(stored.document())
    person = stored.person
    return (
        stored.id,
        stored.type,
        stored.version,
        document.decode() if person is None else None,
        None if person is None else vault.seal(person, document),
        person,
        stored.created,
        stored.modified,
        stored.closed,
        seq,
    )
