"""How we know that votes work: who takes part, and how many ballots are refused."""

from hapgang.contract import Kpi
from hapgang.core.text import Text
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


_TABLES = ("event",)
VOTES_KPIS = (
    Kpi(
        name="turnout_pct",
        title=Text("Turnout of consultations", "의견 투표 참여율"),
        unit="%",
        better="higher",
        source=Text(
            "definition: rights used of rights there were, of polls that closed; the white paper,"
            " 'Governance', names M-voting and no target",
            "정의: 마감된 투표의 유권자 가운데 투표한 비율. 백서 ‘거버넌스’에 목표값 없음",
        ),
        measure=turnout_pct,
        tables=_TABLES,
    ),
    Kpi(
        name="ballots_refused_pct",
        title=Text("Ballots refused", "거부된 표"),
        unit="%",
        better="lower",
        source=Text("definition; the sources name no target", "정의. 자료에 목표값 없음"),
        measure=refused_pct,
        tables=_TABLES,
    ),
)
