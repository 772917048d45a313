"""What a voter means, as numbers in cells; and whether that is within the limits."""

from collections.abc import Sequence

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.poll import Contest, cells, limits, slack_weights


class WrongChoice(Invalid):
    """The choice is not one of this contest."""


def values_of(contest: Contest, chosen: Sequence[int]) -> list[int]:
    """Return the numbers of all cells, slack too.

    chosen: for ranks the options' numbers by place, best first; else a number for each option.
    """
    numbers = _ranked(contest, chosen) if contest.kind == "rank" else list(chosen)
    if len(numbers) != cells(contest) or not all(0 <= each <= contest.top for each in numbers):
        raise WrongChoice(
            f"contest {contest.id} takes a number in 0 .. {contest.top} for each option",
            f"{contest.id} 문항은 항목마다 0~{contest.top} 중 하나를 받습니다",
        )
    for limit in limits(contest):
        total = sum(weight * numbers[cell] for cell, weight in limit.weights)
        if not limit.least <= total <= limit.most:
            raise WrongChoice(
                f"contest {contest.id} takes {limit.least} to {limit.most}, not {total}",
                f"{contest.id} 문항의 합은 {limit.least}~{limit.most}이어야 합니다 ({total})",
            )
        numbers += _slack(limit.most - limit.least, limit.most - total)
    return numbers


def _ranked(contest: Contest, chosen: Sequence[int]) -> list[int]:
    places = contest.most
    numbers = [0] * cells(contest)
    if len(chosen) != places or len(set(chosen)) != places:
        raise WrongChoice(
            f"contest {contest.id} takes {places} different options, best first",
            f"{contest.id} 문항은 서로 다른 {places}개를 순서대로 받습니다",
        )
    for place, option in enumerate(chosen):
        if not 0 <= option < len(contest.options):
            raise WrongChoice(f"there is no option {option}", f"{option}번 항목이 없습니다")
        numbers[option * places + place] = 1
    return numbers


def _slack(span: int, missing: int) -> list[int]:
    """Return which slack cells are 1 so that their weights sum to what is missing to the most.

    From the largest weight down: each time the smaller ones together still reach what is left.
    """
    weights = slack_weights(span)
    found = [0] * len(weights)
    for place in sorted(range(len(weights)), key=weights.__getitem__, reverse=True):
        if missing >= weights[place]:
            found[place] = 1
            missing -= weights[place]
    return found
