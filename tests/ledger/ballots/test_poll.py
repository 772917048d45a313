"""Polls with bad limits, keys or labels are not polls."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.ledger.ballots.canonical import canonical
from hapgang.ledger.ballots.choices import WrongChoice, values_of
from hapgang.ledger.ballots.poll import Contest, WrongPoll, check_poll, shape, slack_weights
from tests.ledger.ballots.town import contest, square, town


@given(st.integers(0, 300))
def test_slack_reaches_every_number_and_no_other(span: int) -> None:
    reached = {0}
    for weight in slack_weights(span):
        reached |= {weight + each for each in reached}
    assert reached == {*range(span + 1)}
    assert len(slack_weights(span)) == span.bit_length()


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    count = draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["choose", "approve", "score", "rank", "budget"]))
    if kind == "approve":
        return contest(kind, count, most=count)
    if kind == "rank":
        places = draw(st.integers(1, min(count, 2)))
        return contest(kind, count, least=places, most=places)
    if kind == "budget":
        costs = [draw(st.integers(1, 6)) for _ in range(count)]
        return contest(kind, count, most=draw(st.integers(1, 12)), costs=costs)
    top = draw(st.integers(1, 3)) if kind == "score" else 1
    least = draw(st.integers(0, count * top))
    return contest(
        kind, count, top=top, least=least, most=draw(st.integers(max(1, least), count * top))
    )


@given(contests())
def test_choices_within_the_limits_are_exactly_those_with_slack(made: Contest) -> None:
    form = shape(made)
    cells = [range(top + 1) for top in form.tops]
    if len(cells) <= 9:
        right = {
            numbers[: form.counted]
            for numbers in product(*cells)
            if all(sum(w * numbers[c] for c, w in ws) == most for ws, most in form.equalities)
        }
        assert right == set(_meant(made))
    for numbers in _meant(made):
        chosen = numbers if made.kind != "rank" else _places(made, numbers)
        filled = values_of(made, chosen)
        assert tuple(filled[: form.counted]) == numbers
        assert len(filled) == len(form.tops)
        for weights, most in form.equalities:
            assert sum(weight * filled[cell] for cell, weight in weights) == most


def _meant(made: Contest) -> list[tuple[int, ...]]:
    """What a contest takes, said again in other words."""
    count = len(made.options)
    if made.kind == "rank":
        found = []
        for chosen in product(range(count), repeat=made.most):
            if len({*chosen}) == made.most:
                matrix = [0] * (count * made.most)
                for place, option in enumerate(chosen):
                    matrix[option * made.most + place] = 1
                found.append(tuple(matrix))
        return found
    weights = [option.cost or 1 for option in made.options]
    return [
        numbers
        for numbers in product(range(made.top + 1), repeat=count)
        if made.least <= sum(w * n for w, n in zip(weights, numbers, strict=True)) <= made.most
    ]


def _places(made: Contest, numbers: tuple[int, ...]) -> list[int]:
    rows = [numbers[i * made.most : (i + 1) * made.most] for i in range(len(made.options))]
    return [next(i for i, row in enumerate(rows) if row[place]) for place in range(made.most)]


@pytest.mark.parametrize(
    ("made", "chosen"),
    [
        (contest("choose", 2), [1, 1]), (contest("choose", 2, least=1), [0, 0]),
        (contest("choose", 2), [2, 0]), (contest("choose", 2), [-1, 1]),
        (contest("choose", 2), [1]), (contest("choose", 2), [1, 0, 0]),
        (contest("score", 2, top=3, most=4), [3, 2]), (contest("score", 2, top=3, most=6), [4, 0]),
        (contest("budget", 2, most=4, costs=[2, 3]), [1, 1]),
        (contest("rank", 3, least=2, most=2), [1, 1]), (contest("rank", 3, least=2, most=2), [1]),
        (contest("rank", 3, least=2, most=2), [0, 3]),
        (contest("rank", 3, least=2, most=2), [0, -1]),
    ],
)  # fmt: skip
def test_a_choice_beyond_the_limits_is_refused(made: Contest, chosen: list[int]) -> None:
    with pytest.raises(WrongChoice):
        values_of(made, chosen)


@pytest.mark.parametrize(
    "made",
    [
        contest("choose", 2, most=3), contest("choose", 2, least=2, most=1),
        contest("choose", 2, least=-1), contest("choose", 2, most=0), contest("choose", 2, top=2),
        contest("choose", 2, costs=[1, 1]), contest("approve", 3, most=2),
        contest("approve", 3, least=1, most=3), contest("score", 2, top=21, most=5),
        contest("score", 2, top=2, most=5), contest("rank", 3, least=1, most=2),
        contest("rank", 21, least=20, most=20), contest("budget", 2, most=5, costs=[0, 1]),
        contest("budget", 2, most=5), contest("budget", 2, most=2_000_000, costs=[1, 1]),
        contest("budget", 2, least=1, most=2, costs=[1, 1]),
    ],
)  # fmt: skip
def test_a_contest_with_limits_of_another_kind_is_refused(made: Contest) -> None:
    with pytest.raises(WrongPoll):
        check_poll(town(made).poll)


def test_a_poll_with_another_label_key_or_issuer_is_refused() -> None:
    poll = square()[0].poll
    check_poll(poll)
    other = town(contest("choose", 2), name="another").poll
    n = poll.issuer
    changes = [
        {"label": Text("elections", "선거")}, {"key": other.key}, {"id": "round"},
        {"trustees": other.trustees}, {"trustees": poll.trustees[:2]}, {"threshold": 0},
        {"threshold": 4}, {"threshold": 3}, {"issuer": n[:-2]}, {"issuer": n[:510]},
        {"issuer": "7" + n[1:]}, {"issuer": n[:-1] + "0"}, {"issuer": n.upper()}, {"issuer": ""},
        {"fewest": 0}, {"contests": poll.contests * 2},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(Invalid):
            check_poll(structs.replace(poll, **change))


texts = st.text(st.characters(exclude_categories=["Cs"]))
plain_facts = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | texts,
    lambda parts: st.lists(parts) | st.dictionaries(texts, parts),
    max_leaves=12,
)


@given(plain_facts)
def test_canonical_bytes_are_those_that_others_write(fact: object) -> None:
    text = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(fact) == text.encode()


def test_canonical_bytes_are_those_of_decision_0019() -> None:
    fact = {"b": [1, None, True], "a": '가\n"', "é": {}}
    assert canonical(fact).decode() == '{"a":"가\\n\\"","b":[1,null,true],"é":{}}'
