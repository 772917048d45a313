"""Receipts: none goes out that does not prove what it says."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.core.errors import Conflict, NotFound
from hapgang.ledger.log import facts, merkle
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.note import parse_checkpoint, parse_note
from hapgang.ledger.log.receipts import Anchor, consistency_receipt, receipt
from tests.ledger.log.test_tiles import SIGNER

_KEY = b"\x05" * 32


def fact(number: int) -> dict[str, Any]:
    return {"kind": "transfer", "id": f"t{number}", "amount_won": number * 100, "memo": "커피"}


def _grown(folder: Path) -> Log:
    log = Log(folder, SIGNER)
    log.append([facts.committed(_KEY, fact(number)) for number in range(300)])
    log.publish()
    return log


def test_a_receipt_holds_all_that_is_needed(tmp_path: Path) -> None:
    log = _grown(tmp_path)
    made = receipt(log.signed, log.note, _KEY, fact(123), 123)
    log.close()
    signed = parse_checkpoint(parse_note(made.checkpoint).text)
    salt, path = bytes.fromhex(made.salt), [bytes.fromhex(each) for each in made.path]
    leaf = merkle.leaf_hash(facts.commitment(salt, facts.canonical(made.fact)))
    assert merkle.is_included(leaf, made.index, made.size, path, signed.root)
    written = msgspec.json.decode(msgspec.json.encode(made))
    assert list(written) == ["fact", "salt", "index", "size", "path", "checkpoint"]


def test_an_anchor_is_added_once_there_is_one(tmp_path: Path) -> None:
    log = _grown(tmp_path)
    anchor = Anchor(chain=31_337, contract="0x" + "ab" * 20, number=3, block=7, transaction="0x00")
    made = receipt(log.signed, log.note, _KEY, fact(5), 5, anchor)
    log.close()
    assert msgspec.json.decode(msgspec.json.encode(made))["anchor"] == msgspec.to_builtins(anchor)


def test_a_receipt_can_be_made_for_an_older_checkpoint(tmp_path: Path) -> None:
    log = _grown(tmp_path)
    older = log.note
    log.append([facts.committed(_KEY, fact(number)) for number in range(300, 900)])
    log.publish()
    assert receipt(log.signed, older, _KEY, fact(5), 5).size == 300
    with pytest.raises(NotFound, match="not signed yet"):
        receipt(log.signed, older, _KEY, fact(500), 500)
    log.close()


def test_a_fact_that_was_changed_behind_the_log_gets_no_receipt(tmp_path: Path) -> None:
    log = _grown(tmp_path)
    for other in ({**fact(5), "amount_won": 501}, fact(6)):
        with pytest.raises(Conflict, match="changed since"):
            receipt(log.signed, log.note, _KEY, other, 5)
    with pytest.raises(Conflict, match="changed since"):
        receipt(log.signed, log.note, b"\x06" * 32, fact(5), 5)
    log.close()


def test_another_logs_checkpoint_is_not_answered_for(tmp_path: Path) -> None:
    log = _grown(tmp_path)
    for size, root in ((300, bytes(32)), (301, log.signed.root), (0, bytes(32))):
        with pytest.raises(Conflict, match="no checkpoint of the log"):
            receipt(log.signed, SIGNER.checkpoint(size, root), _KEY, fact(5), 5)
    log.close()


def test_growth_is_proved_between_any_two_checkpoints(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    notes = [log.note]
    for size in (1, 256, 257, 700):
        log.append([facts.committed(_KEY, fact(number)) for number in range(log.size, size)])
        notes.append(log.publish())
    for at, older in enumerate(notes):
        for newer in notes[at:]:
            made = consistency_receipt(log.signed, older, newer)
            first, second = parse_checkpoint(older.text), parse_checkpoint(newer.text)
            path = [bytes.fromhex(each) for each in made.path]
            assert merkle.is_consistent(first.size, first.root, second.size, second.root, path)
            assert list(msgspec.json.decode(msgspec.json.encode(made))) == ["from", "to", "path"]
    with pytest.raises(Conflict, match="later one"):
        consistency_receipt(log.signed, notes[2], notes[1])
    log.close()
