"""What the portal's tests ask of the city's own code: a poll, a token, a look at ballots.

python -m tests.ledger.ballots.portal < question.json: {"poll": null}, {"sign": "hexadecimal"},
{"check": [entries]}, {"spoiled": [ballot, opening]} or {"export": [entries]}; an answer in JSON.
"""

import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from hapgang.core.errors import CityError
from hapgang.ledger.ballots.ballot import Ballot, Opening, Strike, check_ballot, check_spoiled
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.tokens import blind_sign
from tests.ledger.ballots.town import Town, contest, issuer, town


def place() -> Town:
    """A poll with all five kinds of contests."""
    return town(
        contest("choose", 3, least=1, most=1),
        contest("approve", 4, most=4),
        contest("score", 3, most=7, top=5),
        contest("rank", 4, least=3, most=3),
        contest("budget", 4, most=10, costs=(3, 4, 5, 6)),
    )


def answer(question: dict[str, Any]) -> object:
    """Answer a question."""
    (what, about), *_ = question.items()
    here = place()
    if what == "poll":
        return {"poll": here.poll, "fingerprint": fingerprint(here.poll)}
    if what == "sign":
        return blind_sign(issuer(), bytes.fromhex(about), mask=12345).hex()
    if what == "spoiled":
        ballot, opening = about
        return check_spoiled(
            here.poll, msgspec.convert(ballot, Ballot), msgspec.convert(opening, Opening)
        )
    entries = msgspec.convert(about, list[Ballot | Strike])
    if what == "check":
        return [_fault(here, entry) for entry in entries]
    return _export(here, entries)


def _export(here: Town, entries: Sequence[Ballot | Strike]) -> object:
    return here.export(entries, here.roll(len(entries), len(entries)))


def _fault(here: Town, entry: Ballot | Strike) -> str | None:
    try:
        check_ballot(here.poll, entry)
    except CityError as error:
        return error.message.en
    return None


if __name__ == "__main__":
    sys.stdout.buffer.write(
        msgspec.json.encode(answer(msgspec.json.decode(sys.stdin.buffer.read())))
    )
