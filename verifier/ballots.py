"""Count a poll again, trusting nobody: python ballots.py EXPORT [--receipt FILE] [--processes N]

Or check a spoiled ballot: python ballots.py spoiled FILE. Written from docs/ballots.md alone; the
numbers in the comments are its sections. Needs Python 3.11 and nothing else. If `coincurve` is
installed it is used, which makes this much faster. Ends with 0 if all is right, else with 1.
"""

# ruff: noqa: D103, B905
import argparse
import json
import multiprocessing
import sys
from functools import partial
from pathlib import Path

from ballots_group import (
    G,
    N,
    Wrong,
    combination,
    fingerprint,
    holds,
    members,
    point,
    require,
    rows,
    scalar,
    shown,
    whole,
)
from ballots_poll import Poll, check_entry, limits


def fault(poll, entry):
    try:
        check_entry(poll, entry)
    except (Wrong, TypeError, KeyError) as error:
        return str(error)
    return None


def out_of_order(latest, entry):
    before = latest.get(entry["pseudonym"])
    if before and before["kind"] == "strike":
        return "its pseudonym was struck"
    if before and before["revision"] >= entry["revision"]:
        return "a second vote: its revision is not after the last one's"
    return None


def check_board(poll, board, processes):
    """Return what counts and what stands for each pseudonym, and what is wrong."""
    wrong, latest = [], {}
    if processes > 1:
        with multiprocessing.Pool(processes) as pool:
            faults = pool.map(partial(fault, poll), board, chunksize=50)
    else:
        faults = [fault(poll, entry) for entry in board]
    for index, (entry, found) in enumerate(zip(board, faults)):
        why = found or out_of_order(latest, entry)
        if why:
            wrong.append(f"board, entry {index}: {why}")
        else:
            latest[entry["pseudonym"]] = entry
    return [entry for entry in latest.values() if entry["kind"] == "ballot"], latest, wrong


# 5. Close and roll


def check_close(poll, board, close, counted):
    members(close, "kind id poll entries board counted")
    require(close["kind"] == "close" and close["id"] == f"{poll.id}/close", "wrong close")
    require(close["poll"] == poll.fingerprint, "the close is of another poll")
    made = fingerprint([fingerprint(entry) for entry in board])
    require(close["board"] == made, "the board is not the one that was closed")
    for name, count in (("entries", len(board)), ("counted", counted)):
        require(whole(close[name], 0, 10**8) == count, "the close miscounts")


def check_roll(poll, roll, latest):
    members(roll, "kind id poll eligible tokens paper")
    require(roll["kind"] == "roll" and roll["id"] == f"{poll.id}/roll", "wrong roll")
    require(roll["poll"] == poll.fingerprint, "the roll is of another poll")
    eligible, tokens, paper = (
        whole(roll[name], 0, 10**8) for name in ("eligible", "tokens", "paper")
    )
    struck = sum(entry["kind"] == "strike" for entry in latest.values())
    require(len(latest) <= tokens <= eligible, "more pseudonyms than tokens, or than rights")
    require(tokens - struck + paper <= eligible, "more votes than rights")


# 6. Shares


def check_share(poll, board, sums, share):
    members(share, "kind id poll board trustee contests")
    j = whole(share["trustee"], 1, len(poll.shares))
    require(share["kind"] == "share" and share["id"] == f"{poll.id}/share/{j}", "wrong id")
    require(share["poll"] == poll.fingerprint and share["board"] == board, "of another board")
    found = []
    for q, (row, parts) in enumerate(zip(sums, rows(share["contests"], len(sums)))):
        found.append([])
        for i, ((a, _), part) in enumerate(zip(row, rows(parts, len(row)))):
            members(part, "share proof")
            m = None if part["share"] == "00" else point(part["share"])
            words = ("hapgang/share/1", poll.fingerprint, board, j, q, i, shown(a), shown(m))
            right = holds(words, a, poll.shares[j], [m], [part["proof"]])
            require(right, f"contest {q}, cell {i}: the decryption is not proven")
            found[-1].append(m)
    return j, found


def check_shares(poll, board, sums, shares):
    found, wrong = {}, []
    for index, share in enumerate(shares):
        try:
            j, points = check_share(poll, board, sums, share)
            require(j not in found, "the trustee has two shares")
            found[j] = points
        except (Wrong, TypeError, KeyError) as error:
            told = share.get("trustee") if isinstance(share, dict) else "?"
            wrong.append(f"share {index}, of trustee {told}: {error}")
    if len(found) < poll.threshold:
        wrong.append(f"{len(found)} shares are right, {poll.threshold} are needed")
    return found, wrong


# 7. Result


def paper_counts(poll, roll, paper):
    if paper is None:
        require(roll["paper"] == 0, "the paper ballots' counts are missing")
        return [[0] * counted for counted, _, _ in poll.shapes]
    members(paper, "kind id poll ballots counts")
    require(paper["kind"] == "paper" and paper["id"] == f"{poll.id}/paper", "wrong paper counts")
    require(paper["poll"] == poll.fingerprint, "the paper counts are of another poll")
    ballots = whole(paper["ballots"], roll["paper"], roll["paper"])
    for q, (contest, counts) in enumerate(
        zip(poll.contests, rows(paper["counts"], len(poll.shapes)))
    ):
        for count in rows(counts, poll.shapes[q][0]):
            whole(count, 0, ballots * contest["top"])
        for weights, _, most in limits(contest):
            total = sum(weight * counts[cell] for cell, weight in weights)
            require(total <= most * ballots, "impossible paper counts")
    return paper["counts"]


def check_result(poll, export, ballots, sums, shares):
    result, paper = export["result"], paper_counts(poll, export["roll"], export["paper"])
    members(result, "kind id poll board ballots paper counts")
    require(result["kind"] == "result" and result["id"] == f"{poll.id}/result", "wrong result")
    about = [result["poll"], result["board"]]
    about += [whole(result[name], 0, 10**8) for name in ("ballots", "paper")]
    told = [poll.fingerprint, export["close"]["board"], len(ballots), export["roll"]["paper"]]
    require(about == told, "the result is about something else")
    chosen, factors = sorted(shares)[: poll.threshold], {}
    for j in chosen:
        factors[j] = 1
        for k in chosen:
            if k != j:
                factors[j] = factors[j] * k * pow(k - j, -1, N) % N
    for q, (row, counts) in enumerate(zip(sums, rows(result["counts"], len(sums)))):
        for i, ((_, b), count) in enumerate(zip(row, rows(counts, len(row)))):
            v = whole(count, 0, 2**53) - paper[q][i]
            masks = [(-factors[j], shares[j][q][i]) for j in chosen]
            opened = combination((1, b), *masks)
            right = shown(opened) == shown(combination((v, G)))
            require(right, f"contest {q}, cell {i}: {count} is not what was voted")


def add_up(poll, ballots):
    def total(q, i, half):
        return combination(*((1, point(each["contests"][q]["cells"][i][half])) for each in ballots))

    return [
        [(total(q, i, "alpha"), total(q, i, "beta")) for i in range(counted)]
        for q, (counted, _, _) in enumerate(poll.shapes)
    ]


# 8. The export; 9. Spoiled ballots


def check_receipt(receipt, board, ballots):
    index = whole(receipt["index"], 0, len(board) - 1)
    require(fingerprint(board[index]) == receipt["ballot"], "the receipt's ballot is not there")
    counts = any(board[index] is ballot for ballot in ballots)
    said = "counts · 집계됨" if counts else "was replaced or struck · 교체되거나 철회됨"
    print(f"receipt: entry {index}, {said}")


def recount(export, receipt=None, processes=1):
    """Return what is wrong, as a list of texts."""
    try:
        members(export, "poll roll board close paper shares result")
        poll, board = Poll(export["poll"]), rows(export["board"])
        ballots, latest, wrong = check_board(poll, board, processes)
        check_close(poll, board, export["close"], len(ballots))
        check_roll(poll, export["roll"], latest)
        if receipt is not None:
            check_receipt(receipt, board, ballots)
        sums = add_up(poll, ballots)
        shares, found = check_shares(poll, export["close"]["board"], sums, rows(export["shares"]))
        wrong += found
        if not wrong:
            check_result(poll, export, ballots, sums, shares)
    except (Wrong, TypeError, KeyError, AttributeError) as error:
        return [*(locals().get("wrong") or []), str(error)]
    return wrong


def spoiled(told):
    """Return the values of a spoiled ballot."""
    members(told, "poll ballot opening")
    poll, ballot = Poll(told["poll"]), told["ballot"]
    require(ballot["poll"] == poll.fingerprint and not ballot["signature"], "of another poll")
    require(told["opening"]["seal"] == fingerprint(ballot), "the seal is another ballot's")
    found = []
    opened = rows(told["opening"]["cells"], len(poll.shapes))
    for shaped, answers, cells in zip(poll.shapes, rows(ballot["contests"], len(opened)), opened):
        for cell, pair in zip(rows(answers["cells"], len(shaped[1])), rows(cells, len(shaped[1]))):
            v, r = rows(pair, 2)
            v, r = whole(v, 0, 2**53), scalar(r)
            right = cell["alpha"] == shown(combination((r, G)))
            right = right and cell["beta"] == shown(combination((r, poll.key), (v, G)))
            require(right, "the device sealed something else")
        found.append([v for v, _ in cells[: shaped[0]]])
    return found


def read(path):
    def refuse(text):
        raise Wrong(f"not a whole number: {text}")

    return json.loads(Path(path).read_text("utf-8"), parse_float=refuse, parse_constant=refuse)


def told(words):
    if words[:1] == ["spoiled"]:
        return [], f"right · 맞습니다: it holds {spoiled(read(words[1]))}"
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("export")
    parser.add_argument("--receipt")
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args(words)
    export = read(asked.export)
    wrong = recount(export, read(asked.receipt) if asked.receipt else None, asked.processes)
    return wrong, "" if wrong else f"right · 맞습니다: {export['result']['counts']}"


def main(words):
    try:
        wrong, right = told(words)
    except (Wrong, TypeError, KeyError, IndexError, ValueError, RecursionError, OSError) as error:
        wrong, right = [str(error)], ""
    print("\n".join(f"wrong · 틀립니다: {each}" for each in wrong) or right)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
