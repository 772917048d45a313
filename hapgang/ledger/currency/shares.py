"""Whole won shared out, so that not one is lost or made."""

from collections.abc import Sequence


def shared(total_won: int, weights: Sequence[int]) -> list[int]:
    """Return a sum shared by weights: whole won that sum to it, the largest remainders up.

    total_won: won, >= 0. weights: >= 0, at least one above 0. Each part differs by less than one
    won from its exact share; of equal remainders the first is rounded up. Source: the method of
    Hamilton (largest remainder). Checked: sums and bounds by property tests.
    """
    whole = sum(weights)
    parts = [total_won * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total_won * weights[i] % whole))
    for i in order[: total_won - sum(parts)]:
        parts[i] += 1
    return parts
