"""Bringing a runtime back from disk."""

from hapgang.core.entity import find_type
from hapgang.core.errors import CityError, Conflict
from hapgang.core.remembered import Remembered
from hapgang.hub.privacy import Forgotten, KeyVault
from hapgang.hub.record import Record, record_of
from hapgang.runtime.keyed import answer_name
from hapgang.runtime.perform import KEEP_ANSWERS, Kept, Runtime
from hapgang.writer.recall import Recall
from hapgang.writer.recovery import Archive, EntityRow, FeedRow, decode
from hapgang.writer.unit import Item


class TooNew(Conflict):
    """What lies on disk was written by a newer Hapgang than this one."""


async def load(runtime: Runtime, archive: Archive, recall: Recall, vault: KeyVault) -> None:
    """Fill an empty runtime with what is on disk."""
    vault.load(await archive.person_keys())
    await load_entities(runtime, archive, vault)
    runtime.closed = Remembered(
        lambda entity_id: _recall_entity(recall, vault, entity_id), await archive.closed_ids()
    )
    runtime.book.load(
        await archive.accounts(),
        await archive.held_transfers(),
        await archive.refunded_won(),
        Remembered(
            lambda name: recall.read(lambda a: a.find_transfer(name)),
            await archive.transfer_ids(),
        ),
    )
    await archive.drop_answers(runtime.clock.now(), KEEP_ANSWERS)
    runtime.answers = Remembered(
        lambda name: _recall_answer(recall, vault, name),
        [answer_name(*row) for row in await archive.answered()],
    )


async def load_entities(runtime: Runtime, archive: Archive, vault: KeyVault) -> None:
    """Fill an empty state with the live entities on disk, the oldest first."""
    found: list[Record] = []
    async for rows in archive.live_entities():
        records = (read_record(row, vault) for row in rows)
        found += [record for record in records if record is not None]
    found.sort(key=lambda record: (record.created, record.id))  # the oldest first
    for record in found:
        runtime.state.put(record)


def read_record(row: EntityRow, vault: KeyVault) -> Record | None:
    """Return the record of a stored entity, brought to today's version; None when forgotten.

    Raises TooNew for a version that this code does not know yet.
    """
    declared = find_type(row.type)
    if declared is not None and row.version > declared.version:
        raise _too_new(row, declared.version)
    if row.person is not None:
        try:
            document = decode(vault.open(row.person, row.sealed or b""))
        except Forgotten:
            return None
    else:
        document = decode(row.doc or "null")
    if declared is not None and row.version < declared.version:
        document = declared.migrate(document, row.version)
    try:
        return record_of(
            document, created=row.created, modified=row.modified, seq=0, closed=row.closed
        )
    except CityError as error:
        raise ValueError(f"{row.id} on disk does not fit its type: {error}") from error


def _too_new(row: EntityRow, known: int) -> TooNew:
    return TooNew(
        f"{row.id} on disk is {row.type} of version {row.version}, and this Hapgang knows version"
        f" {known}: run the newer Hapgang that wrote it.",
        f"디스크의 {row.id}은(는) {row.type} 버전 {row.version}인데 이 Hapgang은 버전 {known}까지만"
        " 압니다. 그것을 쓴 더 새로운 Hapgang을 실행하세요.",
    )


def read_item(row: FeedRow, vault: KeyVault) -> Item | None:
    """Return a line of the feed as it was; None when its person was forgotten."""
    body = row.body
    if row.person is not None:
        try:
            body = vault.open(row.person, body)
        except Forgotten:
            return None
    return Item(row.kind, row.name, row.entity, row.person, decode(body))


def _recall_answer(recall: Recall, vault: KeyVault, name: str) -> Kept | None:
    caller, _, key = name.partition(" ")
    found = recall.read(lambda archive: archive.find_answer(caller, key))
    if found is None:
        return None
    at, answer = found
    if answer.person is not None:
        try:
            answer = answer._replace(result=vault.open(answer.person, answer.result))
        except Forgotten:
            return None
    return Kept(at, answer)


def _recall_entity(recall: Recall, vault: KeyVault, entity_id: str) -> Record | None:
    row = recall.read(lambda archive: archive.find_entity(entity_id))
    return read_record(row, vault) if row is not None else None
