"""Proofs hold when they are true, and not when anything in them is another."""

from hypothesis import given
from hypothesis import strategies as st

from hapgang.ledger.ballots.group import ORDER, base, hidden_times, plus, secrets_of
from hapgang.ledger.ballots.proofs import holds, log_holds, prove, prove_log, values
from tests.ledger.ballots.town import chance

KEY = base(12345)
seeds = st.binary(min_size=32, max_size=32)


def sealed(value: int, nonce: bytes):
    return base(int.from_bytes(nonce, "big")), plus([hidden_times(KEY, nonce), base(value)])


@given(seeds, st.integers(0, 4), st.integers(0, 4))
def test_a_number_in_its_range_is_proven_and_no_other(seed: bytes, value: int, more: int) -> None:
    drawn, top = secrets_of(seed, "test"), min(value + more, 4)
    nonce = next(drawn)
    alpha, beta = sealed(value, nonce)
    pair = alpha, values(beta, top)
    proof = prove(("w", 1), KEY, pair, value, nonce, drawn)
    assert holds(("w", 1), KEY, pair, proof)
    assert not holds(("w", 2), KEY, pair, proof)
    assert not holds(("w", 1), base(7), pair, proof)
    assert not holds(("w", 1), KEY, (alpha, values(beta, top + 1)), proof)
    assert not holds(("w", 1), KEY, (base(9), values(beta, top)), proof)
    assert not holds(("w", 1), KEY, pair, proof[:-1])
    wrong = [(asked, f"{(int(answer, 16) + 1) % ORDER:064x}") for asked, answer in proof]
    assert not holds(("w", 1), KEY, pair, wrong)


@given(seeds, st.integers(0, 1), st.sampled_from([-1, 2, 100]))
def test_a_number_out_of_range_cannot_be_proven_as_another(
    seed: bytes, claimed: int, value: int
) -> None:
    drawn = secrets_of(seed, "test")
    nonce = next(drawn)
    alpha, beta = sealed(value, nonce)
    pair = alpha, values(beta, 1)
    assert not holds((), KEY, pair, prove((), KEY, pair, claimed, nonce, drawn))


@given(seeds)
def test_knowing_a_log_is_proven(seed: bytes) -> None:
    x = base(int.from_bytes(chance(seed), "big"))
    proof = prove_log(("w",), chance(seed), seed if any(seed) else chance())
    assert log_holds(("w",), x, proof)
    assert not log_holds(("v",), x, proof)
    assert not log_holds(("w",), KEY, proof)


def test_logs_of_infinity_are_proven_too() -> None:
    """A sum of ballots that cancel each other is infinity; its share is infinity."""
    drawn = secrets_of(bytes(32), "test")
    own, secret = base(12345), (12345).to_bytes(32, "big")
    proof = prove((), None, (own, [None]), 0, secret, drawn)
    assert holds((), None, (own, [None]), proof)
    assert not holds((), None, (own, [base(1)]), proof)
