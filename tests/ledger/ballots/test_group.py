"""Points and scalars, against arithmetic with whole numbers of Python."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.group import (
    ORDER,
    Multiples,
    along,
    base,
    hidden_answer,
    hidden_base,
    hidden_sum,
    hidden_times,
    minus,
    multiples_of,
    plus,
    point,
    scalar,
    secrets_of,
    shown,
    times,
    written,
)

scalars = st.integers(1, ORDER - 1)


def secret(value: int) -> bytes:
    return value.to_bytes(32, "big")


@given(scalars, scalars)
def test_what_hides_counts_like_what_does_not(a: int, b: int) -> None:
    assert shown(hidden_base(secret(a))) == shown(base(a))
    assert shown(hidden_times(base(a), secret(b))) == shown(times(base(a), b)) == shown(base(a * b))
    assume((a + b * b) % ORDER and (3 * a + b) % ORDER)
    assert int(hidden_answer(secret(a), b, secret(b)), 16) == (a + b * b) % ORDER
    assert int.from_bytes(hidden_sum([(3, secret(a)), (0, secret(b)), (1, secret(b))]), "big") == (
        (3 * a + b) % ORDER
    )


@given(scalars, scalars)
def test_sums_are_sums_and_may_be_infinity(a: int, b: int) -> None:
    assert shown(plus([base(a), None, base(b)])) == shown(base(a + b))
    assert shown(minus(base(a), base(b))) == shown(base(a - b))
    assert shown(minus(base(a), base(a))) == "00" == shown(plus([])) == shown(times(base(a), 0))
    assert shown(hidden_times(None, secret(a))) == "00"


anything = st.one_of(st.sampled_from([0, 1, 2, 15, 16, ORDER - 1, ORDER, ORDER + 1]), scalars)


@given(anything, anything, anything)
def test_a_line_is_two_products_and_a_sum(answer: int, asked: int, a: int) -> None:
    expected = shown(base(answer - asked * a))
    assert shown(along(answer, asked, base(a))) == expected


@given(scalars)
def test_a_line_may_end_in_infinity(a: int) -> None:
    assert shown(along(a, 1, base(a))) == "00" == shown(along(0, 0, base(a)))
    assert shown(along(a, 7, None)) == shown(base(a))
    known = Multiples(point(shown(base(5))))
    assert shown(known.less(a, 1, base(5 * a))) == "00" == shown(known.less(0, 0, base(a)))
    assert shown(known.less(a, 7, None)) == shown(base(5 * a))


@given(anything, anything, anything)
def test_multiples_count_as_products_do(factor: int, asked: int, b: int) -> None:
    known = multiples_of(shown(base(77)))
    expected = plus([times(base(77), factor), times(base(b), -asked)])
    assert shown(known.less(factor, asked, base(b))) == shown(expected)


@given(scalars)
def test_points_and_scalars_are_read_as_they_are_written(a: int) -> None:
    text = shown(base(a))
    assert shown(point(text)) == text
    assert scalar(written(a)) == a


@pytest.mark.parametrize(
    "text",
    ["", "00", "02" + "00" * 32, "05" + "11" * 32, "04" + "11" * 64, "02" + "AA" * 32,
     " 2" + "11" * 32, "02" + "11" * 33, "02" + "ff" * 32, "02" + "11" * 31 + "1\n"],
)  # fmt: skip
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        point(text)


@pytest.mark.parametrize("text", ["", "1", f"{ORDER:x}", "ff" * 32, "AA" + "00" * 31, "-1" * 32])
def test_what_is_no_scalar_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        scalar(text)


def test_a_point_whose_secret_is_zero_or_the_order_is_refused() -> None:
    for wrong in (bytes(32), secret(ORDER)):
        with pytest.raises(ValueError, match="secret"):
            hidden_base(wrong)
        with pytest.raises(Invalid):
            hidden_times(base(5), wrong)


def test_secrets_that_sum_to_zero_are_refused() -> None:
    with pytest.raises(Invalid, match="sum to nothing"):
        hidden_sum([(1, secret(1)), (1, secret(ORDER - 1))])


def test_secrets_depend_on_the_seed_and_on_what_they_are_for() -> None:
    drawn = [next(secrets_of(bytes([seed]) * 32, word)) for seed in (1, 2) for word in ("a", "b")]
    assert len({*drawn}) == 4
    assert next(secrets_of(bytes([1]) * 32, "a")) == drawn[0]
    with pytest.raises(Invalid):
        next(secrets_of(b"short", "a"))
