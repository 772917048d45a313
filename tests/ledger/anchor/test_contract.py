"""The contract beside a Python model of what it should take."""

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.anchor import grown
from hapgang.ledger.anchor import chain
from hapgang.ledger.anchor.chain import creation, witnesses_change
from hapgang.ledger.anchor.message import HALF_ORDER, address_of, signed
from hapgang.ledger.log import merkle
from tests.ledger.anchor.bench import ADDRESSES, CALLER, KEYS, Bench
from tests.ledger.anchor.log_model import consistency, leaf, root

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
LEAVES = [leaf(i.to_bytes(2, "big")) for i in range(130)]
sizes = st.lists(st.integers(1, 130), min_size=1, max_size=6, unique=True).map(sorted)


@settings(max_examples=40)
@given(sizes)
def test_every_extension_of_a_log_is_taken(grows: list[int]) -> None:
    bench, last = Bench(), 0
    for size in grows:
        bench.mine()
        proof = consistency(last, LEAVES[:size]) if last else []
        assert bench.submit(size, root(LEAVES[:size]), proof) is None
        last = size
    assert bench.number("count") == len(grows)
    for number, size in enumerate(grows):
        kept = chain.checkpoint(bench, number)
        assert (kept.size, kept.root) == (size, root(LEAVES[:size]))
        assert (kept.at, kept.block) == (1_800_000_000 + 60 * (number + 1), number + 2)


@settings(max_examples=40)
@given(st.integers(1, 2**62), st.integers(1, 2**62), st.binary(max_size=4))
def test_logs_of_any_length_are_taken(one: int, other: int, seed: bytes) -> None:
    first, second = sorted((one, other))
    assume(first != second)
    old, new, proof = grown(first, second, seed)
    bench = Bench()
    assert bench.submit(first, old) is None
    assert bench.submit(second, new, proof) is None


@settings(max_examples=40)
@given(st.integers(1, 129), st.integers(2, 130))
def test_the_logs_own_proofs_are_taken(one: int, other: int) -> None:
    first, second = min(one, other - 1), other
    bench = Bench()
    assert bench.submit(first, merkle.root(LEAVES[:first])) is None
    proof = merkle.consistency_path(LEAVES[:second], first)
    assert proof == consistency(first, LEAVES[:second])
    assert bench.submit(second, merkle.root(LEAVES[:second]), proof) is None


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_altered_is_refused(data: Any) -> None:
    first = data.draw(st.integers(1, 128), "first")
    second = data.draw(st.integers(first + 1, 130), "second")
    bench, log = Bench(), LEAVES[:second]
    assert bench.submit(first, root(LEAVES[:first])) is None
    proof = consistency(first, log)
    kind = data.draw(st.sampled_from(["hash", "drop", "add", "swap", "root", "size"]), "kind")
    at = data.draw(st.integers(0, len(proof) - 1), "at")
    size, wanted, given_proof = second, root(log), list(proof)
    if kind == "hash":
        given_proof[at] = sha256(given_proof[at]).digest()
    elif kind == "drop":
        del given_proof[at]
    elif kind == "add":
        given_proof.insert(at, sha256(b"more").digest())
    elif kind == "swap":
        other = data.draw(st.integers(0, len(proof) - 1), "other")
        assume(other != at)
        given_proof[at], given_proof[other] = given_proof[other], given_proof[at]
    elif kind == "root":
        wanted = sha256(wanted).digest()
    else:
        size = data.draw(st.integers(first + 1, 1000), "size")
        assume(not _has_same_proof(first, second, size))
    assert bench.submit(size, wanted, given_proof) == "inconsistent"
    assert bench.number("count") == 1


@settings(max_examples=60)
@given(st.data())
def test_a_log_with_another_past_is_refused(data: Any) -> None:
    first = data.draw(st.integers(1, 128), "first")
    second = data.draw(st.integers(first + 1, 130), "second")
    changed = data.draw(st.integers(0, first - 1), "changed")
    bench, fork = Bench(), list(LEAVES[:second])
    fork[changed] = sha256(b"rewritten").digest()
    assert bench.submit(first, root(LEAVES[:first])) is None
    assert bench.submit(second, root(fork), consistency(first, fork)) == "inconsistent"


@pytest.mark.parametrize(("told_first", "told_second"), [(3, 4), (5, 6), (6, 7), (6, 8)])
def test_a_path_beyond_the_root_is_refused(told_first: int, told_second: int) -> None:
    """RFC 9162, 2.1.4.2, 6: a hash that comes when sn is 0. Sizes are lied about by witnesses."""
    bench, proof = Bench(), consistency(7, LEAVES[:8])
    assert bench.submit(told_first, root(LEAVES[:7])) is None
    assert bench.submit(told_second, root(LEAVES[:8]), proof) == "inconsistent"


def _has_same_proof(first: int, second: int, size: int) -> bool:
    """A root says nothing of its size (RFC 9162 has that from the signed head): from the same last
    log, two sizes may be told by the same hashes in the same places. Witnesses sign the size.
    """
    return _turns(first, second) == _turns(first, size)


def _turns(first: int, second: int) -> tuple[bool, str]:
    """How RFC 9162, 2.1.4.2 walks: which hashes go to the left of which root."""
    fn, sn, turns = first - 1, second - 1, ""
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    while sn:
        if fn & 1 or fn == sn:
            turns += "L"
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            turns += "R"
        fn, sn = fn >> 1, sn >> 1
    return first & (first - 1) == 0, turns


@settings(max_examples=40)
@given(st.integers(1, 130), st.integers(1, 130))
def test_a_log_never_shrinks_nor_is_told_twice(one: int, other: int) -> None:
    small, large = sorted((one, other))
    bench = Bench()
    assert bench.submit(large, root(LEAVES[:large])) is None
    proof = consistency(small, LEAVES[:large])
    for tried in ([], proof):
        assert bench.submit(small, root(LEAVES[:small]), tried) == "not longer"
    assert bench.number("count") == 1


def test_the_first_checkpoint_has_a_leaf_and_no_proof() -> None:
    bench = Bench()
    assert bench.submit(0, bytes(32)) == "not longer"
    assert bench.submit(1, LEAVES[0], [LEAVES[1]]) == "inconsistent"
    assert chain.last(bench) is None
    assert bench.submit(1, LEAVES[0]) is None


@settings(max_examples=60)
@given(st.lists(st.integers(0, 16), max_size=16), st.integers(1, 8), st.integers(0, 8))
def test_as_many_different_witnesses_as_the_threshold(who: list[int], k: int, more: int) -> None:
    n = k + more
    bench = Bench(n, k)
    signatures = bench.signatures(5, LEAVES[0], who)
    told = bench.submit(5, LEAVES[0], (), signatures)
    counted = len({i for i in who if i < n})
    assert told == (None if counted >= k else "too few witnesses")


@pytest.mark.parametrize(
    "case", ["high s", "v of 0", "v of 29", "r of 0", "s of 0", "short", "r over"]
)
def test_a_signature_has_one_form(case: str) -> None:
    bench = Bench(3, 2)
    good, other = bench.signatures(5, LEAVES[0], [0, 1])
    r, s, v = other[:32], int.from_bytes(other[32:64], "big"), other[64]
    assert s <= HALF_ORDER
    bad = {
        "high s": r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v]),
        "v of 0": other[:64] + bytes([v - 27]),
        "v of 29": other[:64] + bytes([v + 2]),
        "r of 0": bytes(32) + other[32:],
        "s of 0": r + bytes(32) + other[64:],
        "short": other[:64],
        "r over": (ORDER + 1).to_bytes(32, "big") + other[32:],
    }[case]
    assert bench.submit(5, LEAVES[0], (), [good, bad]) == "signature"
    assert bench.submit(5, LEAVES[0], (), [good, other, bad]) == "signature"
    assert bench.submit(5, LEAVES[0], (), [good, other]) is None


def test_signatures_for_another_contract_chain_size_or_root_are_nobodys() -> None:
    bench, elsewhere, abroad = Bench(), Bench(salt=1), Bench(chain=1)
    assert bench.contract == abroad.contract != elsewhere.contract
    for other, size, top in (
        (elsewhere, 5, LEAVES[0]), (abroad, 5, LEAVES[0]),
        (bench, 6, LEAVES[0]), (bench, 5, LEAVES[1]),
    ):  # fmt: skip
        signatures = other.signatures(size, top, [0, 1])
        assert bench.submit(5, LEAVES[0], (), signatures) == "too few witnesses"


def test_witnesses_are_changed_by_witnesses_once() -> None:
    bench = Bench(3, 2)
    assert bench.change(ADDRESSES[5:9], 3, [0]) == "too few witnesses"
    assert bench.change(ADDRESSES[5:9], 3, [0, 0]) == "too few witnesses"
    assert bench.change(ADDRESSES[5:9], 3, [5, 6, 7]) == "too few witnesses"
    assert bench.change(ADDRESSES[5:9], 3, [0, 2], nonce=1) == "too few witnesses"
    assert bench.change(ADDRESSES[5:9], 3, [0, 2]) is None
    assert chain.witnesses(bench) == (ADDRESSES[5:9], 3)
    assert bench.submit(5, LEAVES[0], (), bench.signatures(5, LEAVES[0], [0, 1, 2])) is not None
    assert bench.submit(5, LEAVES[0], (), bench.signatures(5, LEAVES[0], [8, 6, 5])) is None
    assert bench.change(ADDRESSES[:3], 2, [5, 6, 7]) is None
    assert bench.change(ADDRESSES[5:9], 3, [0, 2], nonce=0) == "too few witnesses"  # as before
    assert bench.number("nonce") == 2


def test_a_checkpoints_signatures_change_no_witnesses() -> None:
    bench = Bench(3, 2)
    signatures = bench.signatures(5, LEAVES[0], [0, 1])
    assert bench.run(witnesses_change(ADDRESSES[5:9], 3, signatures)) == "too few witnesses"


BAD = [([], 0), ([], 1), (ADDRESSES[:3], 0), (ADDRESSES[:3], 4),
       ([ADDRESSES[0]] * 2, 1), ([ADDRESSES[0], "0x" + "00" * 20], 1)]  # fmt: skip


@pytest.mark.parametrize(("people", "k"), BAD)
def test_witnesses_are_somebody_and_all_different(people: list[str], k: int) -> None:
    bench = Bench(3, 2)
    assert bench.change(people, k, [0, 1]) in {"threshold", "witnesses"}
    assert chain.witnesses(bench) == (ADDRESSES[:3], 2)
    with pytest.raises(RuntimeError, match="Revert"):
        bench.evm.deploy(CALLER, creation(people, k))


def test_sixteen_witnesses_and_no_more() -> None:
    bench = Bench(16, 16)
    assert bench.submit(5, LEAVES[0]) is None
    digest = bytes(32)
    with pytest.raises(RuntimeError, match="Revert"):
        bench.evm.deploy(CALLER, creation(ADDRESSES[:17], 3))
    assert address_of(KEYS[16].public_key) == ADDRESSES[16]
    assert len(signed(KEYS[0], digest)) == 65


def test_no_ether_is_taken() -> None:
    bench = Bench()
    bench.evm.set_balance(CALLER, 10**18)
    assert bench.run(b"", value=1) is not None
    assert bench.run(chain.asking("count"), value=1) is not None
    data = chain.submission(
        chain.Checkpoint(5, LEAVES[0]), (), bench.signatures(5, LEAVES[0], [0, 1])
    )
    assert bench.run(data, value=1) is not None
    assert bench.evm.get_balance(bench.contract) == 0
    assert bench.run(data) is None
