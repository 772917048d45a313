"""Another city's log: what a receipt proves, and whether it is still the log that was seen."""

import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.cities.proving import (
    ForkedLog,
    NotContinued,
    NotProven,
    check_same,
    continued,
    keys_of,
    proven,
)
from hapgang.ledger.log.facts import canonical, commitment
from hapgang.ledger.log.merkle import consistency_path, inclusion_path, leaf_hash, root
from hapgang.ledger.log.note import Signer
from hapgang.ledger.log.receipts import ConsistencyReceipt, Receipt

SIGNER, THIEF = Signer("hapgang/home", b"h" * 32), Signer("hapgang/home", b"t" * 32)
KEYS = keys_of([SIGNER.key().text()], "hapgang/home")
SALT = sha256(b"salt").digest()
FACT = {"kind": "slip", "id": "1", "amount_won": 5}
LEAVES = [leaf_hash(bytes([i])) for i in range(40)]
LEAVES[7] = leaf_hash(commitment(SALT, canonical(FACT)))
OTHER = [*LEAVES[:20], leaf_hash(b"other"), *LEAVES[21:]]
SIZES = st.integers(1, 40)


def note(size: int, leaves: list[bytes] = LEAVES, by: Signer = SIGNER) -> str:
    return by.checkpoint(size, root(leaves[:size])).whole()


def grown(old: int, new: int, leaves: list[bytes] = LEAVES) -> ConsistencyReceipt:
    path = tuple(each.hex() for each in consistency_path(leaves[:new], old))
    return ConsistencyReceipt(note(old, leaves), note(new, leaves), path)


def receipt(size: int) -> Receipt:
    path = tuple(each.hex() for each in inclusion_path(LEAVES[:size], 7))
    return Receipt(FACT, SALT.hex(), 7, size, path, note(size))


@given(st.integers(8, 40))
def test_a_fact_is_proved_at_every_size(size: int) -> None:
    found = proven(receipt(size), KEYS)
    assert (found.fact, found.index, found.checkpoint.size) == (FACT, 7, size)


@settings(max_examples=150)
@given(st.data())
def test_nothing_that_was_changed_is_proved(data: st.DataObject) -> None:
    said = json.loads(json.dumps(_told(receipt(33))))
    member = data.draw(st.sampled_from(["fact", "salt", "index", "size", "path", "checkpoint"]))
    if member == "fact":
        said["fact"] = {**FACT, "amount_won": data.draw(st.integers(6, 10**6))}
    elif member in ("index", "size"):
        said[member] += data.draw(st.integers(1, 50))
    elif member == "path":
        said["path"] = data.draw(st.permutations(said["path"]).filter(lambda x: x != said["path"]))
    elif member == "salt":
        said["salt"] = data.draw(st.binary(min_size=32, max_size=32)).hex()
    else:
        said["checkpoint"] = data.draw(
            st.sampled_from([note(33, by=THIEF), note(32), note(33, OTHER), "", "x\n\ny\n"])
        )
    changed = Receipt(**{**said, "path": tuple(said["path"])})
    with pytest.raises((NotProven, Invalid)):
        proven(changed, KEYS)


def _told(one: Receipt) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__ if name != "anchor"}


@settings(max_examples=200)
@given(SIZES, SIZES, SIZES)
def test_two_checkpoints_are_tied_by_one_that_continues_both(a: int, b: int, more: int) -> None:
    newest = max(a, b, more)
    growth = [grown(a, newest), grown(b, newest)]
    assert continued(note(a), note(b), growth, KEYS) == note(newest)
    if a == b:
        assert continued(note(a), note(b), [], KEYS) == note(a)
        return
    with pytest.raises(NotContinued) as told:
        continued(note(a), note(b), [], KEYS)
    assert told.value.detail == {"seen": a}


@settings(max_examples=200)
@given(st.integers(1, 20), st.integers(21, 40), st.integers(21, 40))
def test_a_fork_is_never_tied_whatever_is_shown(common: int, seen: int, shown: int) -> None:
    """Both continue what they have in common; that is no tie."""
    growth = [grown(common, seen), grown(common, shown, OTHER)]
    if seen == shown:
        with pytest.raises(ForkedLog) as told:
            continued(note(seen), note(shown, OTHER), growth, KEYS)
        assert {told.value.first, told.value.second} == {note(seen), note(shown, OTHER)}
        return
    with pytest.raises(NotContinued):
        continued(note(seen), note(shown, OTHER), growth, KEYS)
    lie = ConsistencyReceipt(note(min(seen, shown)), note(max(seen, shown), OTHER), ())
    with pytest.raises((NotProven, NotContinued, ForkedLog)):
        continued(note(seen), note(shown, OTHER), [*growth, lie], KEYS)


def test_a_fork_anywhere_in_what_is_shown_is_evidence() -> None:
    growth = [grown(10, 30), grown(10, 30, OTHER)]
    with pytest.raises(ForkedLog):
        continued(note(10), note(10), growth, KEYS)


def test_keys_are_of_the_log_that_is_named() -> None:
    with pytest.raises(Invalid, match="signs the log"):
        keys_of([SIGNER.key().text()], "hapgang/away")
    with pytest.raises(Invalid, match="signs the log"):
        keys_of([], "hapgang/home")
    with pytest.raises(Invalid, match="signs the log"):
        keys_of([SIGNER.witness_key().text()], "hapgang/home")


def test_evidence_is_of_bounded_size_whoever_else_signed() -> None:
    stranger = Signer("somebody", b"s" * 32)
    padded = []
    for leaves in (LEAVES, OTHER):
        plain = SIGNER.checkpoint(30, root(leaves[:30]))
        padded.append(plain.plus(*(stranger.cosign(plain.text, n) for n in range(50))).whole())
    assert min(map(len, padded)) > 5_000
    with pytest.raises(ForkedLog) as told:
        check_same(padded[0], padded[1], KEYS)
    assert {told.value.first, told.value.second} == {note(30), note(30, OTHER)}
    assert check_same(padded[0], note(30), KEYS)
    assert not check_same(padded[0], note(31), KEYS)
