"""An issue with a bonus opens: forty thousand people top up, and the budget is for half of them."""

from datetime import UTC, datetime, timedelta

from benchmarks.city import CLIENTS, ServedCity, request, served_city
from benchmarks.load import Outcome
from benchmarks.report import Result, load_average
from hapgang.contract import Role

PEOPLE = 40_000
AMOUNT_WON = 10_000
BONUS_PCT = 10
REST_WON = 500  # less than a bonus: it has to be left over
GOAL_P99_MS = 1_000.0
_BONUS_WON = AMOUNT_WON * BONUS_PCT // 100


class Miscounted(AssertionError):
    """What people were told is not what the book holds."""


def run(people: int = PEOPLE) -> list[Result]:
    """Let all of them come at once, each with a sign-in of their own."""
    with served_city() as city:
        return rush(city, people)


def rush(city: ServedCity, people: int) -> list[Result]:
    """Let people top up from a budget for half of them; hold what they were told against the book.

    Raises `Miscounted` where not exactly so many have a bonus as there is money for.
    """
    budget_won = people // 2 * _BONUS_WON + REST_WON
    issue = _open_issue(city, budget_won)
    body = {"amount_won": AMOUNT_WON, "issue": issue}
    tokens = [city.token(f"guest{number}") for number in range(people)]
    requests = [
        [request("POST", "/api/me/top-up", token, body) for token in tokens[client::CLIENTS]]
        for client in range(CLIENTS)
    ]
    outcome = city.send_once(requests)
    given_won = outcome.statuses.get(200, 0) * _BONUS_WON
    _check(city, issue, outcome, people)
    note = (
        f"{outcome.answers:,} people in {outcome.lasted_s:.1f} s, {CLIENTS} at a time;"
        f" {outcome.statuses.get(200, 0):,} had the bonus, the others were told why not"
    )
    return [
        Result(
            name="ledger.rush_p99_ms", value=round(outcome.p99_ms, 1), unit="ms",
            goal=GOAL_P99_MS, note=f"at most; {note}; {load_average()}",
        ),
        Result(
            name="ledger.rush_overspent_won", value=max(0, given_won - budget_won), unit="won",
            goal=0, note=f"at most; of {budget_won:,} won {given_won:,} were given",
        ),
        Result(name="ledger.rush_per_s", value=round(outcome.per_s), unit="1/s"),
    ]  # fmt: skip


def _open_issue(city: ServedCity, budget_won: int) -> str:
    now = datetime.now(UTC)
    body = {
        "title": "Rush", "bonus_pct": BONUS_PCT, "budget_won": budget_won, "most_won": 100_000,
        "opens_at": (now - timedelta(hours=1)).isoformat(),
        "closes_at": (now + timedelta(hours=3)).isoformat(),
    }  # fmt: skip
    made = city.post("/api/issues", city.token("mint", Role.OPERATOR), body)
    found: str = made["id"]
    return found


def _check(city: ServedCity, issue: str, outcome: Outcome, people: int) -> None:
    """Answers, the issue's own count, and the book: all three say the same."""
    winners, others = outcome.statuses.get(200, 0), outcome.statuses.get(409, 0)
    if (winners, others) != (people // 2, people - people // 2):
        raise Miscounted(f"{outcome.statuses}: {outcome.first_refusal}")
    (found,) = [each for each in city.get("/api/issues", "") if each["id"] == issue]
    told = city.get("/api/treasury/reconciliation", city.token("audit", Role.AUDITOR))
    given_won = winners * _BONUS_WON
    circulating_won = winners * AMOUNT_WON + given_won + found["budget_won"] - given_won
    if found["given_won"] != given_won or told["differences"]:
        raise Miscounted(f"given {found['given_won']} of {given_won}; {told['differences'][:3]}")
    if told["circulating_won"] != circulating_won:
        raise Miscounted(f"{told['circulating_won']} in circulation, not {circulating_won}")
