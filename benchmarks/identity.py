"""Presentations of a credential: shown by a wallet, and verified at a door.

Verified means all of it: signatures of issuer and holder, the disclosed claim, the binding to this
question, and the status by a list that is opened anew each time.
"""

import hashlib
import time
from collections.abc import Callable

from benchmarks.report import Result, repeated, throughput
from hapgang.ledger.identity import status
from hapgang.ledger.identity.credentials import AGE, issue_credential
from hapgang.ledger.identity.dcql import choose, parse_query
from hapgang.ledger.identity.jose import Json, new_key
from hapgang.ledger.identity.presenting import Trust, answer, prove
from hapgang.ledger.identity.sdjwt import Asked, verify

MANY, RUNS = 300, 5
_ISSUER, _LIST, _NOW = "did:web:city.example", "https://city.example/status/1", 1_790_000_000
_REVOKED = 1_310  # of 131,072: one in a hundred, spread over the list
_QUERY = parse_query(
    {
        "credentials": [
            {
                "id": "adult",
                "format": "dc+sd-jwt",
                "meta": {"vct_values": [AGE.vct]},
                "claims": [{"path": ["age_equal_or_over", "18"], "values": [True]}],
            }
        ]
    }
)


def run() -> list[Result]:
    """Measure showing and verifying."""
    city, person = new_key(), new_key()
    said = {"age_equal_or_over": {str(age): age < 60 for age in (6, 13, 14, 16, 18, 19, 65, 70)}}
    held = {
        "age": issue_credential(
            AGE, said, city, issuer=_ISSUER, kid=f"{_ISSUER}#k", holder=person, now_s=_NOW,
            place=(5, _LIST),
        )
    }  # fmt: skip
    listed = _status_list(city)
    trust = Trust({AGE.vct: (_ISSUER,)}, lambda *_: city, lambda _: listed)
    asked = Asked(f"decentralized_identifier:{_ISSUER}", "a nonce of a question")

    def show() -> dict[str, list[str]]:
        kept = {name: verify(each, trust.key_of, _NOW) for name, each in held.items()}
        return answer(choose(_QUERY, kept), held, person, asked, _NOW)

    shown = show()
    note = f"{len(shown['adult'][0]):,} bytes, one claim of {len(said['age_equal_or_over'])}"
    return [
        throughput(
            "ledger.presentations_per_s",
            repeated(lambda: _per_s(lambda: prove(_QUERY, shown, trust, asked, _NOW)), RUNS),
            note=f"verified, one core; {note}; status list of {len(listed):,} bytes",
        ),
        throughput(
            "ledger.presentations_made_per_s",
            repeated(lambda: _per_s(show), RUNS),
            note="what a wallet does: the credential checked, the fewest claims, signed",
        ),
    ]


def _status_list(city: Json) -> str:
    statuses = status.StatusList.empty()
    for number in range(_REVOKED):
        drawn = int.from_bytes(hashlib.sha256(str(number).encode()).digest()[:8], "big")
        statuses = statuses.having(6 + drawn % (len(statuses) - 6), status.INVALID)
    return status.token(city, _LIST, statuses, _NOW, kid="k", issuer=_ISSUER, ttl_s=60)


def _per_s(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(MANY):
        work()
    return MANY / (time.perf_counter() - started)
