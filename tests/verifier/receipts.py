"""Receipts of a small log, whole and tampered with: what both verifiers are given."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec

from hapgang.ledger.log import facts
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.note import Signer
from hapgang.ledger.log.receipts import Receipt, consistency_receipt, receipt

LOG, WITNESS = Signer("log.example/1", b"\x01" * 32), Signer("witness.example", b"\x02" * 32)
KEY, WITNESS_KEY = LOG.key().text(), WITNESS.witness_key().text()
OTHER = Signer("other.example", b"\x03" * 32)
SALTS = b"\x05" * 32
SIZES = [1, 5, 8, 255, 256, 300, 700]


class Case(msgspec.Struct, frozen=True):
    """Something to check, and whether it proves anything."""

    name: str
    mode: str
    text: str
    is_proved: bool = False
    key: str = KEY
    witnesses: tuple[str, ...] = ()


def fact(number: int, letter: str = "t") -> dict[str, Any]:
    """Return a fact with all that a fact may hold, in an order that is not the canonical one."""
    return {
        "memo": 'coffee "커피"\\\n\t\x01\x7f\u2028', "kind": "transfer", "id": f"{letter}{number}",
        "parts": [1, -2, True, None, {"b": 2**53 - 1, "a": "", "10": 0}], "\uffff": 1,
        "\U0001d4b3": 2, "": {}, "amount_won": number * 100, "10": 0, "9": 0, "__proto__": 0,
        "letters": "".join(map(chr, [*range(0x180), 0x2028, 0xFEFF, 0xFFFF, 0x1_0000, 0x10_FFFF])),
    }  # fmt: skip


def grown(folder: Path, letter: str = "t", signer: Signer = LOG) -> Log:
    """Return a log of 700 facts that was signed at several sizes, with the notes in `notes`."""
    log = Log(folder, signer)
    for size in SIZES:
        log.append([facts.committed(SALTS, fact(n, letter)) for n in range(log.size, size)])
        log.publish()
    return log


def cases(folder: Path) -> Iterator[Case]:
    """Return everything that both verifiers are asked."""
    log = grown(folder / "log")
    yield from _whole_receipts(log)
    yield from _other_keys(log)
    yield from _tampered_receipts(log)
    yield from _growths(log)
    fork = grown(folder / "fork", "f")
    yield from _forks(log, fork)
    log.close()
    fork.close()


def _whole_receipts(log: Log) -> Iterator[Case]:
    for size in SIZES:
        for index in {0, size // 2, size - 1}:
            made = receipt(log.signed, log.note_at(size), SALTS, fact(index), index)
            yield Case(f"{index} of {size}", "receipt", _text(made), is_proved=True)
    made = receipt(log.signed, log.note, SALTS, fact(3), 3)
    ascii_text = json.dumps(msgspec.to_builtins(made), indent=1)
    yield Case("the same, written otherwise", "receipt", ascii_text, is_proved=True)
    cosigned = log.note.plus(WITNESS.cosign(log.note.text, 1_700_000_000), OTHER.sign("else"))
    text = _text(receipt(log.signed, cosigned, SALTS, fact(3), 3))
    yield Case("with a witness", "receipt", text, is_proved=True, witnesses=(WITNESS_KEY,))
    yield Case("nobody asked for the witness", "receipt", text, is_proved=True)
    yield Case("no witness", "receipt", _text(made), witnesses=(WITNESS_KEY,))
    later = log.note.plus(WITNESS.cosign(log.note.text + "x", 1_700_000_000))
    text = _text(receipt(log.signed, later, SALTS, fact(3), 3))
    yield Case("a witness of something else", "receipt", text, witnesses=(WITNESS_KEY,))


def _other_keys(log: Log) -> Iterator[Case]:
    text = _text(receipt(log.signed, log.note, SALTS, fact(3), 3))
    same_name = Signer(LOG.name, b"\x09" * 32)
    keys = {
        "another log": OTHER.key().text(), "another key of that name": same_name.key().text(),
        "a witness's": LOG.witness_key().text(), "none": "", "rubbish": "a+b", "cut": KEY[:-2],
        "renamed": KEY.replace("log.example/1", "log.example/2"), "other id": _flip(KEY, 16),
        "longer": KEY + "AAAA",
    }  # fmt: skip
    for name, key in keys.items():
        yield Case(f"key: {name}", "receipt", text, key=key)
    yield Case("a log's key as witness", "receipt", text, witnesses=(KEY,))


def _tampered_receipts(log: Log) -> Iterator[Case]:
    cosigned = log.note.plus(WITNESS.cosign(log.note.text, 1_700_000_000))
    whole = json.loads(_text(receipt(log.signed, cosigned, SALTS, fact(421), 421)))
    for name, change in _changes(whole):
        changed = deepcopy(whole)
        change(changed)
        yield Case(name, "receipt", json.dumps(changed, ensure_ascii=False))
    for at, note in enumerate(_changed_notes(whole["checkpoint"])):
        text = json.dumps({**whole, "checkpoint": note})
        yield Case(f"checkpoint {at}", "receipt", text, witnesses=(WITNESS_KEY,))
    for member in whole:
        rest = {name: value for name, value in whole.items() if name != member}
        yield Case(f"no {member}", "receipt", json.dumps(rest))
        for other in (None, [], {}, "", 0, -1, 1.5, True, "x" * 64, [[]], {"kind": 1}):
            yield Case(f"{member} is {other!r}", "receipt", json.dumps({**whole, member: other}))
    text = json.dumps(whole)
    deep = "[" * 50_000 + "]" * 50_000
    rubbish = ["", "null", "[]", "7", '"x"', "{}", "{", text[:-1], text + "x", "NaN", deep,
               text.replace('"index": 421', f'"index": 1{"0" * 5000}'),
               text.replace('"amount_won": 42100', '"amount_won": 42100.5'),
               text.replace('"amount_won": 42100', '"amount_won": 1e999'),
               text.replace('"amount_won": 42100', '"amount_won": NaN'),
               text.replace('"amount_won": 42100', '"amount_won": 42100, "amount_won": 7'),
               text.replace("coffee", "\\ud800")]  # fmt: skip
    for at, each in enumerate(rubbish):
        yield Case(f"rubbish {at}", "receipt", each)


def _changes(whole: dict[str, Any]) -> Iterator[tuple[str, Callable[[dict[str, Any]], object]]]:
    for member, value in whole["fact"].items():
        for other in ("other", 7, None, [value], str(value)):
            if other != value:
                yield f"fact.{member} is {other!r}", _put("fact", member, other)
        yield f"fact without {member}", lambda made, name=member: made["fact"].pop(name)
    yield "fact.parts[4].a", lambda made: made["fact"]["parts"][4].update(a="b")
    yield "fact.parts turned round", lambda made: made["fact"]["parts"].reverse()
    yield "fact.amount_won, one won more", _put("fact", "amount_won", 42_101)
    yield "fact with more", _put("fact", "more", None)
    for at in (0, 31, 63):
        yield f"salt, digit {at}", lambda made, at=at: made.update(salt=_flip(made["salt"], at))
    yield "salt in capitals", lambda made: made.update(salt=made["salt"].upper())
    yield "salt cut", lambda made: made.update(salt=made["salt"][:-2])
    for index in (420, 422, 0, 699, 700, 421 + 1024, 2**60):
        yield f"index {index}", lambda made, index=index: made.update(index=index)
    for size in (421, 422, 699, 701, 512, 1024, 2**60):
        yield f"size {size}", lambda made, size=size: made.update(size=size)
    for at in range(len(whole["path"])):
        yield (
            f"path[{at}] changed",
            lambda made, at=at: made["path"].__setitem__(at, _flip(made["path"][at], 5)),
        )
        yield f"path without [{at}]", lambda made, at=at: made["path"].pop(at)
        yield f"path[{at}] twice", lambda made, at=at: made["path"].insert(at, made["path"][at])
    yield "path turned round", lambda made: made["path"].reverse()
    yield "path with more", lambda made: made["path"].append("0" * 64)
    yield "path much longer", lambda made: made["path"].extend(["0" * 64] * 5_000)


def _put(member: str, name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda made: made[member].__setitem__(name, value)


def _changed_notes(note: str) -> Iterator[str]:
    """Return a checkpoint with each of its parts changed, one after the other."""
    text, _, signatures = note.partition("\n\n")
    origin, size, root = text.split("\n")
    log_line, witness_line = signatures.splitlines()
    for other in (
        f"log.example/2\n{size}\n{root}", f"{origin} \n{size}\n{root}", f"{origin}\n701\n{root}",
        f"{origin}\n0{size}\n{root}", f"{origin}\n{size}\n{_flip(root, 3)}", f"{origin}\n{size}",
        f"{text}\nmore", f"{origin}\n\n{size}\n{root}", f"{size}\n{origin}\n{root}", "",
        f"{origin}\r\n{size}\n{root}",
    ):  # fmt: skip
        yield f"{other}\n\n{signatures}"
    for line in (log_line, witness_line):
        name, coded = line.split(" ")[1:]
        for other in (
            "", line.replace(name, f"{name}x"), line.replace("\u2014", "-"),
            line.replace(" ", "  "),
            f"\u2014 {name} {_flip(coded, 1)}", f"\u2014 {name} {_flip(coded, 10)}",
            f"\u2014 {name} {_flip(coded, 40)}", f"\u2014 {name} {_flip(coded, 70)}",
            f"\u2014 {name} {coded[:-4]}", f"\u2014 {name} {coded}AAAA", f"\u2014 {name} !",
            f"\u2014 {name}", f"{line}\n\u2014 {name} {_flip(coded, 40)}",
        ):  # fmt: skip
            yield note.replace(line, other)
    yield note.replace("\n\n", "\n")
    yield text + "\n\n"
    yield text + "\n"
    yield text


def _growths(log: Log) -> Iterator[Case]:
    notes = {size: log.note_at(size) for size in [0, *SIZES]}
    for old, older in notes.items():
        for new, newer in notes.items():
            if old <= new:
                made = consistency_receipt(log.signed, older, newer)
                yield Case(f"{old} to {new}", "consistency", _text(made), is_proved=True)
            else:
                made = json.loads(_text(consistency_receipt(log.signed, newer, older)))
                made["from"], made["to"] = made["to"], made["from"]
                yield Case(f"back from {old} to {new}", "consistency", json.dumps(made))
    for old, new in ((0, 5), (5, 5), (8, 700), (255, 256), (300, 700), (256, 700)):
        made = json.loads(_text(consistency_receipt(log.signed, notes[old], notes[new])))
        path = made["path"]
        paths = [
            [*path, "0" * 64],
            *([*path[:at], *path[at + 1 :]] for at in range(len(path))),
            *([*path[:at], _flip(path[at], 9), *path[at + 1 :]] for at in range(len(path))),
        ]
        for at, other in enumerate(paths):
            text = json.dumps({**made, "path": other})
            yield Case(f"{old} to {new}, path {at}", "consistency", text)
        for name in ("from", "to"):
            for at, note in enumerate(_changed_notes(_with_witness(made[name]))):
                text = json.dumps({**made, name: note})
                witnesses = (WITNESS_KEY,)
                yield Case(f"{old} to {new}, {name} {at}", "consistency", text, witnesses=witnesses)
    for member in made:
        rest = {name: value for name, value in made.items() if name != member}
        yield Case(f"growth without {member}", "consistency", json.dumps(rest))
        for other in (None, [], {}, "", 7, ["x"]):
            yield Case(
                f"growth, {member} {other!r}", "consistency", json.dumps({**made, member: other})
            )
    yield Case("growth as receipt", "receipt", json.dumps(made))


def _forks(log: Log, fork: Log) -> Iterator[Case]:
    """Return what somebody holds who was shown another log, signed by the same key."""
    one, other = (each.note_at(700).whole() for each in (log, fork))
    text = json.dumps({"from": one, "to": other, "path": []})
    yield Case("FORKED", "consistency", text)
    for old, new in ((1, 700), (256, 700), (300, 700)):
        for teller in (log, fork):
            path = [each.hex() for each in teller.signed.consistency(old, new)]
            made = {"from": log.note_at(old).whole(), "to": fork.note_at(new).whole(), "path": path}
            yield Case(f"forked since {old}, {len(path)}", "consistency", json.dumps(made))
    made = msgspec.to_builtins(receipt(log.signed, log.note, SALTS, fact(3), 3))
    text = json.dumps({**made, "checkpoint": other})
    yield Case("a receipt of one log under the other's root", "receipt", text)


def _with_witness(note: str) -> str:
    text = note.partition("\n\n")[0] + "\n"
    return note + WITNESS.cosign(text, 1_700_000_000).line()


def _flip(text: str, at: int) -> str:
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


def _text(made: Receipt | msgspec.Struct) -> str:
    return msgspec.json.encode(made).decode()
