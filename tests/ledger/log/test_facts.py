"""Facts: one way to write each, and a clear no to what is none."""

import hashlib
import hmac
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.log import facts

_KEY = b"k" * 32
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_WHOLE = st.integers(-facts.MOST_WHOLE, facts.MOST_WHOLE)
_VALUES = st.recursive(
    st.none() | st.booleans() | _WHOLE | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
FACTS = st.dictionaries(_TEXTS, _VALUES, max_size=4).map(
    lambda members: {**members, "kind": "transfer", "id": "t1"}
)


@given(FACTS)
def test_canonical_bytes_read_back_and_do_not_depend_on_order(fact: dict[str, Any]) -> None:
    written = facts.canonical(fact)
    assert json.loads(written) == fact
    assert facts.canonical(dict(reversed(fact.items()))) == written


def test_canonical_bytes_are_those_of_the_decision() -> None:
    fact = {"kind": "transfer", "id": "t1", "b": [1, True, None], "가": 'a"\\\n\x7f', "A": {}}
    assert facts.canonical(fact).decode() == (
        '{"A":{},"b":[1,true,null],"id":"t1","kind":"transfer","가":"a\\"\\\\\\n\x7f"}'
    )


def test_names_are_ordered_by_code_point_not_by_utf_16() -> None:
    written = facts.canonical({"kind": "k", "id": "i", "\U0001d4b3": 1, "\uffff": 2}).decode()
    assert written.index("\uffff") < written.index("\U0001d4b3")


def test_a_commitment_is_salt_and_bytes_hashed() -> None:
    fact = {"kind": "transfer", "id": "t1"}
    salt = hmac.new(_KEY, b"transfer\x00t1", "sha256").digest()
    assert facts.salt_of(_KEY, fact) == salt
    expected = hashlib.sha256(salt + b'{"id":"t1","kind":"transfer"}').digest()
    assert facts.committed(_KEY, fact) == expected


def test_the_same_fact_looks_different_in_another_log() -> None:
    fact = {"kind": "transfer", "id": "t1"}
    assert facts.committed(_KEY, fact) != facts.committed(b"j" * 32, fact)
    assert facts.salt_of(_KEY, fact) != facts.salt_of(_KEY, {"kind": "transfert", "id": "1"})


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "members",
    [
        {"amount": 1.5}, {"amount": 1.0}, {"amount": float("nan")}, {"amount": 2**53},
        {"amount": -(2**53)}, {"blob": b"x"}, {"set": {1}}, {1: 2}, {"tuple": (1,)},
        {"half": "\ud800"}, {"\udc00": 1}, {"deep": _nested(facts.MOST_DEPTH)},
        {"long": "x" * facts.MOST_BYTES}, {"wide": ["가"] * 20_000}, {"many": [0] * 40_000},
        {"kind": ""}, {"kind": None}, {"kind": "a\x00b"}, {"kind": "k" * 65}, {"kind": "\ud800"},
        {"id": 7}, {"id": ""}, {"id": "i" * 641}, {"id": "a\x00b"},
    ],
)  # fmt: skip
def test_what_is_no_fact_is_refused(members: dict[Any, Any]) -> None:
    with pytest.raises(Invalid, match=r"^this cannot be a fact of the log: ") as refusal:
        facts.canonical({"kind": "transfer", "id": "t1", **members})
    assert refusal.value.message.ko.startswith("원장에 적을 수 없습니다")


def test_what_is_no_object_is_no_fact() -> None:
    for other in ([], "text", 1, None):
        with pytest.raises(Invalid):
            facts.canonical(other)  # type: ignore[arg-type] # what a careless caller passes


def test_the_bounds_themselves_fit() -> None:
    fact = {"kind": "k" * 64, "id": "i" * 640, "n": facts.MOST_WHOLE, "m": -facts.MOST_WHOLE}
    assert facts.canonical({**fact, "deep": _nested(facts.MOST_DEPTH - 1)})
    rest = facts.MOST_BYTES - len(facts.canonical({**fact, "text": ""}))
    assert len(facts.canonical({**fact, "text": "x" * rest})) == facts.MOST_BYTES
    with pytest.raises(Invalid, match="larger"):
        facts.canonical({**fact, "text": "x" * (rest + 1)})


def test_a_salt_has_32_bytes() -> None:
    with pytest.raises(Invalid, match="32 bytes"):
        facts.commitment(b"short", b"{}")


@given(FACTS)
def test_what_the_writer_encodes_fast_is_canonical(fact: dict[str, Any]) -> None:
    assert msgspec.json.Encoder(order="deterministic").encode(fact) == facts.canonical(fact)


def test_every_character_is_written_the_same_way_by_both() -> None:
    fast = msgspec.json.Encoder(order="deterministic")
    for first in range(0, 0x11_0000, 4096):
        points = [p for p in range(first, first + 4096) if not 0xD800 <= p <= 0xDFFF]
        fact = {"kind": "k", "id": "i", "text": "".join(map(chr, points))}
        assert fast.encode(fact) == facts.canonical(fact)
    names = [chr(p) for p in (0, 9, 0x22, 0x5C, 0x7F, 0x80, 0x7FF, 0x800, 0xE000, 0xFFFF, 0x1_0000)]
    fact = {"kind": "k", "id": "i", **dict.fromkeys(names)}
    assert fast.encode(fact) == facts.canonical(fact)
