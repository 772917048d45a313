#!/usr/bin/env python3
"""Check a whole ledger as `hapgang ledger export` wrote it, with the city switched off.

  audit.py FOLDER --key KEY [--witness KEY ...]

The key has to come from elsewhere than the folder: whoever rewrites a ledger writes a key, too.
"""

import argparse
import json
import sys
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

from verify import read_key, read_note

MOST_LISTED = 20
ENDS = ("captured", "released")


def lines(folder, name):
    """Yield what the lines of a file say."""
    with (folder / name).open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except ValueError:
                raise SystemExit(f"{name}, line {number}: not JSON") from None


def commitment(leaf):
    """Return what the log must hold for a leaf: 0019, Leaf."""
    if "fact" not in leaf:
        return bytes.fromhex(leaf["commitment"])
    text = json.dumps(leaf["fact"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(bytes.fromhex(leaf["salt"]) + text.encode()).digest()


class Tree:
    """The root over leaves that come one after another (RFC 9162, 2.1.1)."""

    def __init__(self):
        self.peaks = []  # (size, hash), the largest first

    def add(self, entry):
        """Add what the log holds of the next fact."""
        size, top = 1, sha256(b"\0" + entry).digest()
        while self.peaks and self.peaks[-1][0] == size:
            _, left = self.peaks.pop()
            size, top = 2 * size, sha256(b"\1" + left + top).digest()
        self.peaks.append((size, top))

    def root(self):
        """Return the hash over all of them."""
        if not self.peaks:
            return sha256(b"").digest()
        top = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            top = sha256(b"\1" + left + top).digest()
        return top


class Book:
    """What the facts say of every account, from the beginning on."""

    def __init__(self):
        self.terms, self.rows = {}, {}
        self.balance, self.held = defaultdict(int), defaultdict(int)
        self.wrong = []

    def take(self, fact):
        """Let a fact have its effect."""
        if fact["kind"] == "account":
            self.terms[fact["account"]] = [fact[n] for n in ("type", "owner", "floor", "state")]
        elif fact["kind"] == "transfer":
            self.move(fact)

    def move(self, fact):
        """Move money, or set it aside."""
        name, amount, step = fact["id"], fact["amount_won"], fact["step"]
        if name in self.rows:
            self.wrong.append(f"transfer {name} stands twice")
        if not isinstance(amount, int) or amount <= 0 or fact["debit"] == fact["credit"]:
            self.wrong.append(f"transfer {name} moves nothing that can be moved")
        self.rows[name] = fact
        if step in ENDS:
            self.end(fact)
        if step == "held":
            self.held[fact["debit"]] += amount
        elif step in ("posted", "captured"):
            self.balance[fact["debit"]] -= amount
            self.balance[fact["credit"]] += amount
        elif step != "released":
            self.wrong.append(f"transfer {name} is {step}, which is nothing")

    def end(self, fact):
        """Capture or release what was set aside."""
        held = self.rows.get(fact["of"])
        if not held or held["step"] != "held" or held.get("ended"):
            self.wrong.append(f"transfer {fact['id']} ends {fact['of']}, which is not held")
            return
        held["ended"] = True
        self.held[held["debit"]] -= held["amount_won"]
        same = all(held[name] == fact[name] for name in ("debit", "credit"))
        if not same or fact["amount_won"] > held["amount_won"]:
            self.wrong.append(f"transfer {fact['id']} takes what {fact['of']} did not set aside")

    def compare(self, account):
        """Look whether an account is what the facts say."""
        name = account["id"]
        told = [account[n] for n in ("kind", "owner", "floor_won", "state")]
        if told != self.terms.get(name, told):
            self.wrong.append(f"account {name} is {told}, and the log says {self.terms[name]}")
        for member, known in (("balance_won", self.balance), ("held_won", self.held)):
            if account[member] != known[name]:
                self.wrong.append(
                    f"account {name} has {member} {account[member]}, by its transfers {known[name]}"
                )


def audit(folder, keys):
    """Return what is wrong, and how much was looked at."""
    size, root = read_note((folder / "checkpoint").read_text(encoding="utf-8"), keys)
    tree, book, count, gone = Tree(), Book(), 0, 0
    signed = tree.root() if size == 0 else None
    for count, leaf in enumerate(lines(folder, "leaves.jsonl"), 1):
        if leaf["index"] != count - 1:
            book.wrong.append(f"leaf {leaf['index']} stands where {count - 1} should")
        if "fact" in leaf:
            book.take(leaf["fact"])
        else:
            gone += 1
            if leaf.get("gone") != "forgotten" or leaf["kind"] == "transfer":
                book.wrong.append(f"the {leaf['kind']} of leaf {leaf['index']} is missing")
        if (entry := commitment(leaf)).hex() != leaf["commitment"]:
            book.wrong.append(f"leaf {leaf['index']} is of another fact than the one beside it")
        tree.add(entry)
        signed = tree.root() if count == size else signed
    if signed != root:
        book.wrong.append(f"the {size} facts are not those that were signed")
    for fact in lines(folder, "unlogged.jsonl"):
        book.wrong.append(f"transfer {fact['id']} is not in the log")
    known = set(book.terms)
    for account in lines(folder, "accounts.jsonl"):
        known.discard(account["id"])
        book.compare(account)
    book.wrong += [f"account {name} is missing" for name in sorted(known)]
    return book.wrong, f"{count} facts, {size} of them signed, {gone} of them forgotten"


def main():
    """Read the words, audit, and say what came of it."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--key", required=True)
    words.add_argument("--witness", action="append", default=[])
    said = words.parse_args()
    try:
        keys = [read_key(said.key, 1), *(read_key(one, 4) for one in said.witness)]
        wrong, seen = audit(said.folder, keys)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        wrong, seen = [f"{type(error).__name__}: {error}"], "not all"
    for line in wrong[:MOST_LISTED]:
        print(line)
    if wrong:
        print(f"{len(wrong)} things are wrong ({seen}). · {len(wrong)}건이 맞지 않습니다.")
    else:
        print(f"The ledger is what was signed: {seen}. · 원장이 서명된 그대로입니다.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
