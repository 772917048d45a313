"""Ballots of ten options cast in a running city: over HTTP, every proof checked, durable.

Each voter takes a token signed in, and casts without signing in, again and again: revision after
revision, each signed anew. What is sealed stays the same, which saves the sealing and not the
checking: nothing of one check is kept for the next.
"""

import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import structs

from benchmarks.city import CLIENTS, ServedCity, request, served_city
from benchmarks.load import Outcome
from benchmarks.report import Result, repeated, throughput
from hapgang.app.votes.trustee import Trustee
from hapgang.app.votes.trustee_file import Kept
from hapgang.app.votes.trustee_http import Door
from hapgang.contract import Role
from hapgang.core.text import Text
from hapgang.ledger.ballots import tokens
from hapgang.ledger.ballots.ballot import Ballot, Voter, encrypt, pseudonym_of, sign
from hapgang.ledger.ballots.poll import Poll, ready

VOTERS, REVISIONS, OPTIONS, RUNS = 256, 8, 10, 3
TRUSTEES, THRESHOLD = 5, 3
GOAL_PER_S = 200.0
_NAME = "ten"
_OPENS_IN_S, _PATIENCE_S = 10.0, 120.0
Sealed = tuple[Voter, Ballot]


def run(voters: int = VOTERS, revisions: int = REVISIONS, runs: int = RUNS) -> list[Result]:
    """Open a poll, let people vote, and count how many ballots a second were accepted."""
    with served_city(n_people=voters) as city, tempfile.TemporaryDirectory() as folder:
        poll = opened(city, Path(folder))
        sealed = [_sealed(poll, _voter(city, poll, number), number) for number in range(voters)]
        warm_up = _cast(city, sealed, 0, 1)
        after = iter(range(1, 1 + runs * revisions, revisions))
        done = repeated(lambda: _cast(city, sealed, next(after), revisions), runs)
        on_board = city.get(f"/api/polls/{_NAME}", "")["board"]["entries"]
    accepted = sum(outcome.statuses.get(200, 0) for outcome in (warm_up, *done))
    if not accepted == on_board == voters * (1 + revisions * runs):
        raise AssertionError(f"{accepted} accepted, {on_board} on the board: {done}")
    note = f"in a running city, {CLIENTS} clients; p99 {max(one.p99_ms for one in done):,.0f} ms"
    return [
        throughput("ledger.ballots_per_s", [one.per_s for one in done], goal=GOAL_PER_S, note=note)
    ]


def opened(city: ServedCity, folder: Path) -> Poll:
    """Prepare a poll of ten options with five trustees, and wait until it is open."""
    door = Door(f"http://127.0.0.1:{city.port}")
    kept = [
        Kept.made(folder / f"{index}.json", Text(f"trustee {index}", f"수탁자 {index}"))
        for index in range(TRUSTEES)
    ]
    opens_at = datetime.now(UTC) + timedelta(seconds=_OPENS_IN_S)
    text = {"en": "ten", "ko": "열"}
    options = [{"id": f"o{number}", "title": text} for number in range(OPTIONS)]
    contest = {"id": "one", "title": text, "kind": "choose", "options": options}
    body = {
        "name": _NAME, "title": text, "contests": [{**contest, "top": 1, "least": 1, "most": 1}],
        "opens_at": opens_at.isoformat(), "threshold": THRESHOLD, "fewest": 1,
        "closes_at": (opens_at + timedelta(days=1)).isoformat(),
        "trustees": [each.card for each in kept],
        "electorate": {"age_from": "10-19", "reason": text},
    }  # fmt: skip
    city.post("/api/polls", city.token("office", Role.AGENCY), body)
    trustees = [Trustee(each, door) for each in kept]
    for step in (Trustee.deal, Trustee.check):
        for trustee in trustees:
            step(trustee, _NAME)
    _wait(lambda: door.get(f"/polls/{_NAME}")["poll"]["state"] == "open")
    return msgspec.convert(door.get(f"/polls/{_NAME}")["poll"]["poll"], Poll)


def _wait(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + _PATIENCE_S
    while not is_so():
        if time.monotonic() > until_s:
            raise TimeoutError("the poll did not open")
        time.sleep(0.2)


def _voter(city: ServedCity, poll: Poll, number: int) -> Voter:
    """Take a token as a phone does."""
    secret, known = secrets.token_bytes(32), ready(poll)
    message = tokens.token_message(known.fingerprint, pseudonym_of(secret))
    factor, salt = 2 + secrets.randbelow(1 << 2040), secrets.token_bytes(tokens.SALT_BYTES)
    blinded = tokens.blind(known.issuer, message, salt=salt, factor=factor)
    path, body = f"/api/me/polls/{_NAME}/token", {"blinded": blinded.message.hex()}
    signed = bytes.fromhex(city.post(path, city.token(f"p{number}"), body)["signed"])
    return Voter(secret, tokens.finish(known.issuer, message, signed, blinded.inverse))


def _sealed(poll: Poll, voter: Voter, number: int) -> Sealed:
    choice = [int(option == number % OPTIONS) for option in range(OPTIONS)]
    return voter, encrypt(poll, [choice], voter, 1, secrets.token_bytes(32))[0]


def _cast(city: ServedCity, sealed: list[Sealed], after: int, revisions: int) -> Outcome:
    """Cast so many revisions of each ballot; a voter's come one after another."""
    requests: list[list[str]] = [[] for _ in range(CLIENTS)]
    for revision in range(after + 1, after + revisions + 1):
        for number, (voter, ballot) in enumerate(sealed):
            cast = _signed(voter, ballot, revision)
            requests[number % CLIENTS].append(
                request("POST", f"/api/polls/{_NAME}/ballots", "", cast)
            )
    return city.send_once([each for each in requests if each])


def _signed(voter: Voter, ballot: Ballot, revision: int) -> Ballot:
    name = ballot.id.rpartition("/")[0]
    anew = structs.replace(ballot, id=f"{name}/{revision}", revision=revision)
    return sign(anew, voter.secret, secrets.token_bytes(32))
