"""The two programs that count a poll again: they agree with the city, and find what is wrong.

Both are written from docs/ballots.md alone and share no code with the city. Each kind of tampering
is done as whoever could do it would: an outsider edits the file; the city makes the close anew.
"""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import CityError
from hapgang.ledger.ballots.ballot import encrypt
from hapgang.ledger.ballots.board import board_fingerprint, receipt
from hapgang.ledger.ballots.canonical import canonical, fingerprint
from hapgang.ledger.ballots.export import Export, recount
from tests.ledger.ballots.test_ballot import meant, resigned
from tests.ledger.ballots.town import Town, chance, contest, square, town

HERE = Path(__file__).resolve().parent
VERIFIER = HERE.parent.parent / "verifier"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")
Document = dict[str, Any]
TOWN, EXPORT = square()


@cache
def python_verifier() -> ModuleType:
    """Load it as a program of its own would be: its folder first, nothing of hapgang."""
    sys.path.insert(0, str(VERIFIER))
    try:
        spec = importlib.util.spec_from_file_location("ballots", VERIFIER / "ballots.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(VERIFIER))
    return module


def by_python(document: Document) -> list[str]:
    return python_verifier().recount(document)


def by_node(documents: list[Document]) -> list[list[str]]:
    """What the program in JavaScript finds, for each document."""
    assert NODE is not None
    code = (
        f'import {{ recount }} from "{(VERIFIER / "ballots.mjs").as_uri()}";'
        'import { readFileSync } from "node:fs";'
        'const told = JSON.parse(readFileSync(0, "utf8"));'
        "console.log(JSON.stringify(told.map((each) => recount(each))));"
    )
    run = subprocess.run(
        [NODE, "--input-type=module", "-e", code], input=json.dumps(documents), check=True,
        capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    return json.loads(run.stdout)


def by_the_city(document: Document) -> str | None:
    try:
        recount(msgspec.convert(document, type=Export))
    except (CityError, msgspec.ValidationError) as error:
        return str(error)
    return None


def plain(export: Export = EXPORT) -> Document:
    return json.loads(canonical(export))


def closed_again(document: Document) -> None:
    """What the city can do after it changed the board: close it anew, with the right numbers."""
    document["close"]["board"] = fingerprint([fingerprint(each) for each in document["board"]])
    document["close"]["entries"] = len(document["board"])
    document["result"]["board"] = document["close"]["board"]


def stuffed(document: Document) -> None:
    """A ballot by a pseudonym that has another's token."""
    stranger = TOWN.cast("eve", [[0, 0, 1], [0, 0, 0]])
    token = document["board"][0]["token"]
    document["board"].append(
        json.loads(canonical(resigned(msgspec.structs.replace(stranger, token=token), "eve")))
    )
    closed_again(document)


def stuffed_by_the_issuer(document: Document) -> None:
    """A right ballot, of a token beyond the roll."""
    document["board"].append(json.loads(canonical(TOWN.cast("eve", [[0, 0, 1], [0, 0, 0]]))))
    closed_again(document)
    document["close"]["counted"] = document["result"]["ballots"] = 3


def swapped(document: Document) -> None:
    one, two = document["board"][:2]
    one["contests"], two["contests"] = two["contests"], one["contests"]
    closed_again(document)


def copied(document: Document) -> None:
    """Bert signs what Anne sealed."""
    anne, bert = EXPORT.board[:2]
    made = resigned(msgspec.structs.replace(bert, contests=anne.contests), "bert")
    document["board"][1] = json.loads(canonical(made))
    closed_again(document)


def replayed(document: Document) -> None:
    document["board"].append(document["board"][0])
    closed_again(document)


def counted_twice(document: Document) -> None:
    """Anne's two revisions both count."""
    document["close"]["counted"] += 1
    document["result"]["ballots"] += 1
    document["result"]["counts"][0][0] += 1


def reordered(document: Document) -> None:
    document["board"][0], document["board"][3] = document["board"][3], document["board"][0]
    closed_again(document)


def after_the_strike(document: Document) -> None:
    document["board"].append(
        json.loads(canonical(TOWN.cast("cora", [[0, 0, 1], [0, 0, 0]], revision=3)))
    )
    closed_again(document)


def removed(document: Document) -> None:
    del document["board"][1]


def removed_and_closed(document: Document) -> None:
    del document["board"][1]
    closed_again(document)
    document["close"]["counted"] -= 1


def altered(document: Document) -> None:
    cell = document["board"][0]["contests"][0]["cells"][0]
    cell["alpha"] = document["board"][1]["contests"][0]["cells"][0]["alpha"]
    closed_again(document)


def proof_altered(document: Document) -> None:
    """As its voter would do it: signed again, so that only the proof is wrong."""
    anne = EXPORT.board[0]
    first, second = anne.contests
    cell = msgspec.structs.replace(first.cells[0], proof=first.cells[1].proof)
    first = msgspec.structs.replace(first, cells=(cell, *first.cells[1:]))
    made = resigned(msgspec.structs.replace(anne, contests=(first, second)), "anne")
    document["board"][0] = json.loads(canonical(made))
    closed_again(document)


def share_altered(document: Document) -> None:
    one, two = document["shares"][0]["contests"][0][:2]
    one["share"] = two["share"]


def share_of_another_board(document: Document) -> None:
    document["shares"][1]["board"] = "0" * 64


def share_missing(document: Document) -> None:
    del document["shares"][0]


def share_twice(document: Document) -> None:
    document["shares"][1] = document["shares"][0]


def result_altered(document: Document) -> None:
    counts = document["result"]["counts"][0]
    counts[0], counts[1] = counts[1], counts[0]


def paper_added(document: Document) -> None:
    document["paper"]["counts"][0] = [0, 1, 0]


def paper_twice(document: Document) -> None:
    document["roll"]["paper"] = document["paper"]["ballots"] = document["result"]["paper"] = 5
    document["paper"]["counts"] = [[5, 0, 0], [5, 0, 5]]


def label_removed(document: Document) -> None:
    document["poll"]["label"] = {"en": "election", "ko": "선거"}


def key_of_one(document: Document) -> None:
    """Trustee 3 claims a part of the key that cancels the others'."""
    document["poll"]["trustees"][2]["commitments"][0] = document["poll"]["key"]


TAMPERED: list[tuple[Callable[[Document], None], str]] = [
    (stuffed, "board, entry 5: unknown pseudonym"), (stuffed_by_the_issuer, "more pseudonyms"),
    (swapped, "board, entry 0: the signature"), (copied, "board, entry 1: contest 0, cell 0"),
    (replayed, "board, entry 5: a second vote"), (counted_twice, "the close miscounts"),
    (reordered, "board, entry 3: a second vote"), (after_the_strike, "entry 5: its pseudonym was"),
    (removed, "not the one that was closed"),
    (removed_and_closed, "share 0, of trustee 1: of another"),
    (altered, "board, entry 0: the signature"),
    (proof_altered, "board, entry 0: contest 0, cell 0"),
    (share_altered, "share 0, of trustee 1: contest 0, cell 0"),
    (share_of_another_board, "share 1, of trustee 2: of another board"),
    (share_missing, "1 shares are right, 2 are needed"), (share_twice, "two shares"),
    (result_altered, "contest 0, cell 0"), (paper_added, "contest 0, cell 0"),
    (paper_twice, "more votes than rights"), (label_removed, "label"),
    (key_of_one, "trustee 3 does not prove"),
]  # fmt: skip


def test_what_the_city_counted_is_right() -> None:
    assert by_python(plain()) == []
    assert by_the_city(plain()) is None


@needs_node
def test_what_the_city_counted_is_right_in_javascript() -> None:
    assert by_node([plain()]) == [[]]


def tampered() -> list[Document]:
    made = []
    for tamper, _ in TAMPERED:
        document = plain()
        tamper(document)
        made.append(document)
    return made


@pytest.mark.parametrize(
    ("tamper", "why"), TAMPERED, ids=[tamper.__name__ for tamper, _ in TAMPERED]
)
def test_tampering_is_found(tamper: Callable[[Document], None], why: str) -> None:
    document = plain()
    tamper(document)
    found = by_python(document)
    assert any(why in each for each in found), found
    assert by_the_city(document)


@pytest.mark.slow
@needs_node
def test_tampering_is_found_in_javascript() -> None:
    for (tamper, why), found in zip(TAMPERED, by_node(tampered()), strict=True):
        assert any(why in each for each in found), (tamper.__name__, found)


def leaves(what: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the texts and numbers of a document are."""
    if isinstance(what, dict | list):
        pairs = what.items() if isinstance(what, dict) else enumerate(what)
        return [leaf for name, each in pairs for leaf in leaves(each, (*path, name))]
    return [path]


# What the mathematics does not hold: how many had a right, how many took a token.
FREE = {("roll", "eligible"), ("roll", "tokens")}
LEAVES = [leaf for leaf in leaves(plain()) if leaf not in FREE]


def changed(leaf: tuple[str | int, ...], by: int) -> Document:
    """Change one text or number."""
    document = deepcopy(plain())
    at = document
    for name in leaf[:-1]:
        at = at[name]
    old = at[leaf[-1]]
    if isinstance(old, str):
        place = by % max(len(old), 1)
        new = old[:place] + ("1" if old[place : place + 1] != "1" else "2") + old[place + 1 :]
    else:
        new = old + 1
    at[leaf[-1]] = new
    return document


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(LEAVES), st.integers(0, 200))
def test_any_changed_text_or_number_is_found(leaf: tuple[str | int, ...], by: int) -> None:
    document = changed(leaf, by)
    assert by_python(document)
    assert by_the_city(document)


@pytest.mark.slow
@needs_node
def test_any_changed_text_or_number_is_found_in_javascript() -> None:
    documents = [changed(leaf, 7) for leaf in LEAVES[:: len(LEAVES) // 12]]
    for document, found in zip(documents, by_node(documents), strict=True):
        assert found, document


@pytest.mark.parametrize(
    "wrong",
    [{}, [], None, 7, {"poll": {}}, {**plain(), "more": 1}, {**plain(), "board": {}},
     {**plain(), "board": [None, 7, "x", [], {"kind": "ballot"}]}, {**plain(), "shares": None},
     {**plain(), "poll": {**plain()["poll"], "contests": [{"options": []}]}},
     {**plain(), "roll": {**plain()["roll"], "paper": True}},
     {**plain(), "poll": {**plain()["poll"], "issuer": 7}}, {**plain(), "shares": [1, {}]}],
)  # fmt: skip
def test_what_is_no_export_is_said_to_be_none(wrong: Any) -> None:
    assert by_python(wrong)
    if NODE:
        assert by_node([wrong])[0]


POLLS = (
    town(contest("score", 2, top=2, least=1, most=3), contest("approve", 2, most=2), name="a"),
    town(contest("rank", 3, least=2, most=2), threshold=1, trustees=1, name="b"),
    town(contest("budget", 2, most=5, costs=[2, 4]), threshold=3, trustees=4, name="c"),
    town(contest("choose", 3, most=2), contest("rank", 2, least=2, most=2), name="d"),
)


@st.composite
def polls(draw: st.DrawFn) -> tuple[Town, Export, list[list[list[int]]]]:
    """A poll with voters who meant something; some change their mind."""
    place = draw(st.sampled_from(POLLS))
    standing: dict[int, list[list[int]]] = {}
    board = []
    for number in draw(st.lists(st.integers(0, 2), min_size=1, max_size=4)):
        data = draw(st.data())
        standing[number] = [meant(data, each) for each in place.poll.contests]
        board.append(place.cast(f"voter {number}", standing[number], revision=len(board) + 1))
    return place, place.export(board, place.roll(3, 3)), list(standing.values())


@settings(max_examples=8, deadline=None)
@given(polls())
def test_random_polls_come_out_as_they_were_meant(
    made: tuple[Town, Export, list[list[list[int]]]],
) -> None:
    place, export, standing = made
    assert by_python(plain(export)) == []
    for number, asked in enumerate(place.poll.contests):
        counts = list(export.result.counts[number])
        if asked.kind == "rank":
            wanted = [
                sum(row[number][j] == i for row in standing)
                for i in range(len(asked.options))
                for j in range(asked.most)
            ]
        else:
            wanted = [sum(each) for each in zip(*(row[number] for row in standing), strict=True)]
        assert counts == wanted


@needs_node
def test_all_kinds_of_polls_are_right_in_javascript() -> None:
    firsts: dict[str, list[int]] = {
        "score": [1, 2], "approve": [1, 0], "budget": [0, 1], "choose": [1, 0, 1],
    }  # fmt: skip
    documents = []
    for place in POLLS:
        choices = [
            firsts.get(each.kind) or [*range(len(each.options))][: each.most]
            for each in place.poll.contests
        ]
        documents.append(plain(place.export([place.cast("anne", choices)], place.roll(1, 1))))
    assert by_node(documents) == [[]] * len(documents)


def test_the_program_in_python_needs_nothing_else(tmp_path: Path) -> None:
    """No packages at all, so that curve and proofs are its own; one contest, one voter."""
    place = town(contest("approve", 1))
    export = plain(place.export([place.cast("anne", [[1]])], place.roll(1, 1)))
    file, kept = tmp_path / "export.json", tmp_path / "receipt.json"
    file.write_bytes(canonical(export))
    ballot = msgspec.convert(export, type=Export).board[0]
    kept.write_bytes(canonical(receipt(ballot, 0)))
    command = [sys.executable, "-I", "-S", str(VERIFIER / "ballots.py")]
    bare = {"PATH": os.defpath, "PYTHONPATH": ""}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        start = (
            f"import sys; sys.path.insert(0, {str(VERIFIER)!r}); import ballots;"
            "assert not [name for name in sys.modules if 'coincurve' in name or 'hapgang' in name];"
            "sys.exit(ballots.main(sys.argv[1:]))"
        )
        return subprocess.run(
            [*command[:-1], "-c", start, *words], env=bare, check=False, capture_output=True,
            text=True, timeout=100,
        )  # fmt: skip

    done = run(str(file), "--receipt", str(kept))
    assert (done.returncode, done.stdout) == (
        0,
        "receipt: entry 0, counts · 집계됨\nright · 맞습니다: [[1]]\n",
    )
    export["result"]["counts"] = [[0]]
    file.write_bytes(canonical(export))
    done = run(str(file), "--processes", "2")
    assert (done.returncode, done.stdout) == (
        1, "wrong · 틀립니다: contest 0, cell 0: 0 is not what was voted\n",
    )  # fmt: skip


def test_a_receipt_of_a_ballot_that_is_gone_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    kept = [json.loads(canonical(receipt(entry, at))) for at, entry in enumerate(EXPORT.board)]
    verifier, gone = python_verifier(), "was replaced or struck · 교체되거나 철회됨"
    for at, said in enumerate([gone, "counts · 집계됨", gone]):
        assert verifier.recount(plain(), kept[at]) == []
        assert capsys.readouterr().out == f"receipt: entry {at}, {said}\n"
    assert "the receipt's ballot is not there" in verifier.recount(plain(), {**kept[0], "index": 1})


def test_a_spoiled_ballot_is_opened_by_both(tmp_path: Path) -> None:
    sealed, opening = encrypt(
        TOWN.poll, [[1, 0, 0], [1, 0, 1]], TOWN.voter("anne"), 1, chance("spoil")
    )
    told = {"poll": TOWN.poll, "ballot": sealed, "opening": opening}
    file = tmp_path / "spoiled.json"
    programs = [[sys.executable, str(VERIFIER / "ballots.py")]]
    programs += [[NODE, str(VERIFIER / "ballots.mjs")]] if NODE else []
    lie = json.loads(canonical(told))
    lie["opening"]["cells"][0][0][0] = 0
    for what, said, code in (
        (told, "right · 맞습니다: it holds [[1,0,0],[1,0,1]]", 0),
        (lie, "wrong", 1),
    ):
        file.write_bytes(canonical(what))
        for program in programs:
            done = subprocess.run(
                [*program, "spoiled", str(file)], check=False, capture_output=True, text=True,
                timeout=100,
            )  # fmt: skip
            assert said in done.stdout.replace(", ", ",")
            assert done.returncode == code


@pytest.mark.parametrize("words", [["absent.json"], ["spoiled"], ["spoiled", "{}"], ["1.5"], ["["]])
def test_what_cannot_be_read_is_said_in_a_line(words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text(words[-1], "utf-8")
    given = [word if word in ("spoiled", "absent.json") else str(file) for word in words]
    programs = [[sys.executable, str(VERIFIER / "ballots.py")]]
    programs += [[NODE, str(VERIFIER / "ballots.mjs")]] if NODE else []
    for program in programs:
        done = subprocess.run(
            [*program, *given], check=False, capture_output=True, text=True, timeout=100,
            cwd=tmp_path,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.startswith("wrong · 틀립니다: ")
        assert done.stdout.count("\n") == 1


def vectors() -> list[dict[str, str]]:
    """BIP 340's test vectors, those whose message is 32 bytes."""
    with (VERIFIER.parent / "validation/vectors/bip340.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_bip_340_in_python() -> None:
    group = _group()
    for vector in vectors():
        key, message, signature = (vector[name] for name in ("public key", "message", "signature"))
        try:
            found = group.signed(key, bytes.fromhex(message), signature)
        except group.Wrong:
            found = False
        assert found == (vector["verifies"] == "TRUE"), vector["index"]


def _group() -> ModuleType:
    python_verifier()
    return sys.modules["ballots_group"]


@needs_node
def test_bip_340_in_javascript() -> None:
    assert NODE is not None
    code = (
        f'import {{ signed }} from "{(VERIFIER / "ballots_group.mjs").as_uri()}";'
        'import { readFileSync } from "node:fs";'
        'const told = JSON.parse(readFileSync(0, "utf8"));'
        "const tried = (v) => { try { return"
        ' signed(v["public key"], Buffer.from(v.message, "hex"), v.signature); }'
        " catch { return false; } };"
        "console.log(JSON.stringify(told.map(tried)));"
    )
    run = subprocess.run(
        [NODE, "--input-type=module", "-e", code], input=json.dumps(vectors()), check=True,
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert json.loads(run.stdout) == [vector["verifies"] == "TRUE" for vector in vectors()]


def test_pure_python_and_the_library_count_alike() -> None:
    group = _group()
    in_c = group.PublicKey
    for factors in ([1], [5, 7], [group.N - 1, 1], [2**255, 3, 12345], [1] * 40, [0, 0]):
        terms = [
            (each, group.combination((place + 1, group.G))) for place, each in enumerate(factors)
        ]
        if factors == [group.N - 1, 1]:
            terms[1] = (1, group.G)  # infinity
        with_c = group.combination(*terms)
        try:
            group.PublicKey = None
            assert group.combination(*terms) == with_c
        finally:
            group.PublicKey = in_c
    assert board_fingerprint(EXPORT.board) == EXPORT.close.board
