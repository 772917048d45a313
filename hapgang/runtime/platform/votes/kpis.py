"""How we know that votes work: who takes part, and how many ballots are refused."""

from hapgang.hub.lake import LakeView

_TURNOUT = """
    SELECT 100.0 * sum((body->>'voted')::INT) / nullif(sum((body->>'eligible')::INT), 0)
    FROM event WHERE event = 'RollFixed'
"""
_REFUSED = """
    SELECT 100.0 * refused / nullif(refused + taken, 0)
    FROM (SELECT coalesce(sum((body->>'count')::INT) FILTER (event = 'BallotsRefused'), 0)
                     AS refused,
                 count(*) FILTER (event = 'BallotTaken') AS taken
          FROM event)
"""


def turnout_pct(lake: LakeView) -> float | None:
    """Return how many of those who could vote did, in the polls that closed, %.

    Paper ballots are in it, struck pseudonyms are not. None where no poll closed.
    """
    return lake.number(_TURNOUT)


def refused_pct(lake: LakeView) -> float | None:
    """Return how many of the ballots that came in were refused, %: late, altered, repeated, large.

    The same ballot sent again is no other ballot. None where none came in.
    """
    return lake.number(_REFUSED)
