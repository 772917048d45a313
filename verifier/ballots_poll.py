"""Sections 3 and 4 of docs/ballots.md for ballots.py: the poll, and whether an entry is right."""

# ruff: noqa: D103, B905
from ballots_group import (
    G,
    H,
    N,
    canonical,
    combination,
    fingerprint,
    holds,
    members,
    point,
    pss,
    require,
    rows,
    scalar,
    shown,
    signed,
    unhex,
    whole,
)

LABEL = {
    "en": "consultative, not for public office",
    "ko": "의견 수렴용이며 공직 선거에는 쓰지 않습니다",
}


# 3. The poll


def limits(contest):
    m, kind, most = len(contest["options"]), contest["kind"], contest["most"]
    if kind == "approve":
        return []
    if kind == "rank":
        least = int(most == m)
        first = [([(i * most + j, 1) for j in range(most)], least, 1) for i in range(m)]
        return first + [([(i * most + j, 1) for i in range(m)], 1, 1) for j in range(most)]
    weights = [option["cost"] if kind == "budget" else 1 for option in contest["options"]]
    return [(list(enumerate(weights)), contest["least"], most)]


def shape(contest):
    """How many cells are counted, the most of each cell, and the exact sums."""
    counted = len(contest["options"]) * (contest["most"] if contest["kind"] == "rank" else 1)
    tops, sums = [contest["top"]] * counted, []
    for weights, least, most in limits(contest):
        span, weight, slack = most - least, 1, []
        while span > 0:
            slack.append((len(tops), min(weight, span)))
            tops.append(1)
            span, weight = span - slack[-1][1], weight * 2
        sums.append((weights + slack, most))
    return counted, tops, sums


def check_contest(contest):
    members(contest, "id title kind options top least most")
    options, kind = rows(contest["options"]), contest["kind"]
    costs = [members(option, "id title cost")["cost"] for option in options]
    m = whole(len(options), 1, 100)
    require(len({option["id"] for option in options}) == m, "options have the same id")
    require(kind in ("choose", "approve", "score", "rank", "budget"), "unknown kind")
    top = whole(contest["top"], 1, 20 if kind == "score" else 1)
    most = whole(contest["most"], 1, {"score": m * top, "budget": 1_000_000}.get(kind, m))
    least = whole(contest["least"], 0, most)
    require(kind != "approve" or most == m, "approval has a limit")
    require({"rank": most, "approve": 0, "budget": 0}.get(kind, least) == least, "wrong least")
    for cost in costs:
        whole(cost, int(kind == "budget"), 1_000_000 if kind == "budget" else 0)
    require(m * (most if kind == "rank" else 1) <= 400, "too many cells")


class Poll:
    """A poll that was checked, and what follows from it."""

    def __init__(self, poll):
        members(
            poll, "kind id title label opens closes contests trustees threshold key issuer fewest"
        )
        require(poll["kind"] == "poll" and poll["label"] == LABEL, "the label is missing")
        contests, trustees = rows(poll["contests"]), rows(poll["trustees"])
        whole(len(contests), 1, 20), whole(len(trustees), 1, 20), whole(poll["fewest"], 1, 2**53)
        for contest in contests:
            check_contest(contest)
        require(len({each["id"] for each in contests}) == len(contests), "contests have one id")
        self.id, self.fingerprint, self.contests = poll["id"], fingerprint(poll), contests
        self.threshold = whole(poll["threshold"], 1, len(trustees))
        self.shapes = [shape(contest) for contest in contests]
        dealt = [self._dealing(i, trustee) for i, trustee in enumerate(trustees, 1)]
        self.key = combination(*((1, points[0]) for points in dealt))
        require(poll["key"] == shown(self.key) != "00", "the key is not the trustees'")
        self.shares = {
            j: combination(*((pow(j, k, N), c) for points in dealt for k, c in enumerate(points)))
            for j in range(1, len(trustees) + 1)
        }
        self.issuer = int.from_bytes(unhex(poll["issuer"], len(poll["issuer"]) // 2), "big")
        size = len(poll["issuer"]) * 4
        require(self.issuer.bit_length() == size and self.issuer % 2, "no RSA modulus")
        require(2048 <= size <= 4096, "the issuer's key is too short or too long")

    def _dealing(self, i, trustee):
        members(trustee, "index name commitments proof")
        whole(trustee["index"], i, i)
        texts = rows(trustee["commitments"], self.threshold)
        points = [point(text) for text in texts]
        c, r = (scalar(each) for each in rows(trustee["proof"], 2))
        said = shown(combination((r, G), (-c, points[0])))
        asked = H("hapgang/dealing/1", self.id, i, *texts, said)
        require(asked == c, f"trustee {i} does not prove its part of the key")
        return points


# 4. Entries


def check_entry(poll, entry):
    names = "kind id poll pseudonym revision token signature"
    ballot = isinstance(entry, dict) and entry.get("kind") == "ballot"
    members(entry, names + " contests" if ballot else names)
    require(ballot or entry["kind"] == "strike", "neither ballot nor strike")
    require(entry["poll"] == poll.fingerprint, "of another poll")
    name, revision = entry["pseudonym"], whole(entry["revision"], 1, 1_000_000)
    require(entry["id"] == f"{poll.id}/{name}/{revision}", "wrong id")
    unhex(name, 32)
    token = canonical(["hapgang/token/1", poll.fingerprint, name])
    require(pss(poll.issuer, token, entry["token"]), "unknown pseudonym: its token is wrong")
    seal = bytes.fromhex(fingerprint(entry | {"signature": ""}))
    require(signed(name, seal, entry["signature"]), "the signature is wrong")
    if ballot:
        for q, answers in enumerate(rows(entry["contests"], len(poll.contests))):
            check_answers(poll, ("hapgang/ballot/1", poll.fingerprint, name, q), answers)


def check_answers(poll, words, answers):
    _, tops, sums = poll.shapes[words[-1]]
    members(answers, "cells limits")
    points = []
    for i, (cell, top) in enumerate(zip(rows(answers["cells"], len(tops)), tops)):
        a, b = (
            point(cell[half]) for half in ("alpha", "beta") if members(cell, "alpha beta proof")
        )
        ys = [combination((1, b), (-v, G)) for v in range(top + 1)]
        about = (*words, "cell", i, cell["alpha"], cell["beta"])
        right = holds(about, poll.key, a, ys, cell["proof"])
        require(right, f"contest {words[-1]}, cell {i}: not proven to be within 0 .. {top}")
        points.append((a, b))
    for i, (proof, (weights, most)) in enumerate(zip(rows(answers["limits"], len(sums)), sums)):
        a, b = (combination(*((w, points[cell][half]) for cell, w in weights)) for half in (0, 1))
        about = (*words, "limit", i, shown(a), shown(b))
        right = holds(about, poll.key, a, [combination((1, b), (-most, G))], [proof])
        require(right, f"contest {words[-1]}, limit {i}: not proven to be kept")
