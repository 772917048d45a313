"""Whatever is thrown at the contract, nothing changes without witnesses."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.ledger.anchor import chain
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.chain import Checkpoint, submission, witnesses_change
from tests.ledger.anchor.bench import ADDRESSES, Bench
from tests.ledger.anchor.log_model import leaf

SELECTORS = [bytes.fromhex(code[2:]) for code in artefact().methods.values()]
ROOT = leaf(b"one")
interesting = st.sampled_from([0, 1, 2, 31, 32, 64, 65, 128, 2**64 - 1, 2**64, 2**255, 2**256 - 1])
word = st.one_of(interesting, st.integers(0, 2**256 - 1)).map(lambda n: n.to_bytes(32, "big"))
calldata = st.builds(
    lambda selector, words, tail: selector + b"".join(words) + tail,
    st.sampled_from(SELECTORS) | st.binary(max_size=4), st.lists(word, max_size=24),
    st.binary(max_size=40),
)  # fmt: skip


def _state(bench: Bench) -> tuple[object, ...]:
    stored = [bench.evm.storage(bench.contract, slot) for slot in range(24)]
    return chain.count(bench), chain.nonce(bench), chain.last(bench), chain.witnesses(bench), stored


@settings(max_examples=30)
@given(st.lists(calldata, min_size=20, max_size=40))
def test_random_calls_change_nothing(calls: list[bytes]) -> None:
    bench = Bench()
    assert bench.submit(1, ROOT) is None
    before = _state(bench)
    for data in calls:
        bench.run(data)
    assert _state(bench) == before


@settings(max_examples=30)
@given(st.lists(st.binary(min_size=60, max_size=65), max_size=16), st.integers(2, 2**64 - 1))
def test_random_signatures_are_nobodys(signatures: list[bytes], size: int) -> None:
    bench = Bench()
    before = _state(bench)
    assert bench.run(submission(Checkpoint(size, ROOT), (), signatures)) is not None
    assert bench.run(witnesses_change(ADDRESSES[4:6], 1, signatures)) is not None
    assert _state(bench) == before


@settings(max_examples=60)
@given(st.data())
def test_a_good_call_with_bytes_changed_says_the_same_or_is_refused(data: st.DataObject) -> None:
    bench = Bench()
    good = submission(Checkpoint(7, ROOT), (), bench.signatures(7, ROOT, [0, 1]))
    altered = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        altered[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    if bench.run(bytes(altered)) is None and chain.count(bench):
        kept = chain.last(bench)
        assert kept is not None
        assert (kept.size, kept.root) == (7, ROOT)  # what was changed was filling
    assert chain.witnesses(bench) == (ADDRESSES[:3], 2)
