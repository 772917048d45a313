"""The two programs that check receipts: they agree, and find whatever was changed.

They are written from verifier/README.md and share no code with the city, nor with each other.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from base64 import b64decode
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from hapgang.ledger.log.log import Log
from tests.verifier.receipts import KEY, LOG, SIZES, WITNESS_KEY, Case, cases, grown
from validation.vectors.log import ED25519, NOTE, NOTE_KEY

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"
_NODE = shutil.which("node")
_needs_node = pytest.mark.skipif(_NODE is None, reason="node is not installed")
_ASK_ALL = """
import { verifyConsistency, verifyReceipt } from %s;
import { readFileSync } from "node:fs";
const said = [];
for (const { mode, text, key, witnesses } of JSON.parse(readFileSync(0, "utf-8"))) {
  const check = mode === "receipt" ? verifyReceipt : verifyConsistency;
  said.push(await check(text, key, { witnesses }));
}
console.log(JSON.stringify(said));
"""


@cache
def _all_cases() -> list[Case]:
    with tempfile.TemporaryDirectory() as folder:
        return list(cases(Path(folder)))


@cache
def _python() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", VERIFIER / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.is_signed = cache(module.is_signed)  # the same few notes, hundreds of times
    return module


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[bool, str]:
    """Return what the program says, as if it was called with these words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["verify.py", *words])
        patch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
        try:
            _python().main()
        except SystemExit as wrong:
            return False, str(wrong.code)
    return True, capsys.readouterr().out


def test_it_is_short_and_needs_nothing() -> None:
    text = (VERIFIER / "verify.py").read_text("utf-8")
    assert text.count("\n") <= 150
    loaded = "import sys, verify; print([n for n in sys.modules if 'hapgang' in n])"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append('.'); {loaded}"],
        cwd=VERIFIER, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == "[]"


class _Said(bytes):
    """A message that is no text."""

    def encode(self) -> bytes:
        return self


@pytest.mark.parametrize(("_secret", "public", "message", "signature"), ED25519, ids=range(4))
def test_its_ed25519_is_that_of_rfc_8032(
    _secret: bytes, public: bytes, message: bytes, signature: bytes
) -> None:
    def holds(said: bytes, value: bytes) -> bool:
        return bool(_python().is_signed(b"\x01" + public, _Said(said), value))

    assert holds(message, signature)
    assert not holds(message + b"x", signature)
    order = 2**252 + 27742317777372353535851937790883648493
    twice = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not holds(message, signature[:32] + twice)  # RFC 8032, 5.1.7: S is below L
    for at in (0, 31, 32, 62):
        flipped = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert not holds(message, flipped)
    assert not holds(message, signature[:-1])
    assert not holds(message, signature + b"\x00")


def test_the_example_of_c2sp_holds() -> None:
    name, number, key = _python().read_key(NOTE_KEY, 1)
    text, _, line = NOTE.partition("\n\n")
    blob = b64decode(line.split(" ")[2])
    assert (name, number) == ("example.com/foo", blob[:4])
    assert _python().is_signed(key, f"{text}\n", blob[4:])
    assert not _python().is_signed(key, text, blob[4:])


def test_python_proves_what_is_true_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, file = [], tmp_path / "receipt.json"
    for case in _all_cases():
        file.write_bytes(case.text.encode("utf-8", "surrogatepass"))
        witnesses = [word for key in case.witnesses for word in ("--witness", key)]
        words = [case.mode, str(file), f"--key={case.key}", *witnesses]
        is_proved, said = run(capsys, *words)
        start = "PROVED · 증명됨: " if is_proved else "NOT PROVED · 증명되지 않음: "
        is_told = ("FORKED" in said) is (case.name == "FORKED") and said.startswith(start)
        if is_proved is not case.is_proved or not is_told:
            wrong.append((case.name, said))
    assert wrong == []
    assert len(_all_cases()) > 500


@_needs_node
def test_javascript_proves_what_is_true_and_nothing_else(tmp_path: Path) -> None:
    said = _ask_node(tmp_path, _all_cases())
    wrong = [
        (case.name, answer)
        for case, answer in zip(_all_cases(), said, strict=True)
        if answer["proved"] is not case.is_proved or not answer["en"] or not answer["ko"]
        or (case.name == "FORKED") is not ("FORKED" in answer["en"])
    ]  # fmt: skip
    assert wrong == []


@_needs_node
def test_no_changed_character_of_a_receipt_goes_unseen(tmp_path: Path) -> None:
    """A change either makes another text of the same JSON, or is found by both alike."""
    whole = next(case for case in _all_cases() if case.name == "the same, written otherwise").text
    chance, tried = np.random.default_rng(7), []
    for _ in range(300):
        at, other = int(chance.integers(len(whole))), chance.choice([*'019afzA{}[]":,.\\-+/= \n커'])
        text = whole[:at] + str(other) + whole[at + 1 :]
        tried.append(Case("", "receipt", text, is_proved=_same(whole, text)))
    path, key = tmp_path / "changed.json", _python().read_key(KEY, 1)
    for case, answer in zip(tried, _ask_node(tmp_path, tried), strict=True):
        path.write_text(case.text, "utf-8")
        try:
            _python().check_receipt(path, [key], Namespace(rpc=None))
            by_python = True
        except Exception:  # noqa: BLE001 - `main` makes a sentence of any
            by_python = False
        assert (by_python, answer["proved"]) == (case.is_proved, case.is_proved), case.text


def _same(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _ask_node(folder: Path, asked: list[Case]) -> list[dict[str, Any]]:
    assert _NODE is not None
    script = folder / "ask.mjs"
    script.write_text(_ASK_ALL % json.dumps((VERIFIER / "verify.mjs").as_uri()), "utf-8")
    told = [
        {"mode": each.mode, "text": each.text, "key": each.key, "witnesses": each.witnesses}
        for each in asked
    ]
    ran = subprocess.run(
        [_NODE, str(script)], input=json.dumps(told), capture_output=True, text=True, check=True
    )
    said: list[dict[str, Any]] = json.loads(ran.stdout)
    return said


_PROGRAMS = [
    pytest.param([sys.executable, "-I", str(VERIFIER / "verify.py")], id="python"),
    pytest.param([str(_NODE), str(VERIFIER / "verify.mjs")], id="node", marks=_needs_node),
]


@pytest.mark.parametrize("program", _PROGRAMS)
def test_the_program_answers_in_sentences(tmp_path: Path, program: list[str]) -> None:
    named = {case.name: case for case in _all_cases()}

    def called(*words: str) -> tuple[int, str]:
        ran = subprocess.run([*program, *words], capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    good, bad, growth = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "growth.json"
    good.write_text(named["with a witness"].text, "utf-8")
    bad.write_text(named["index 420"].text, "utf-8")
    growth.write_text(named["5 to 700"].text, "utf-8")
    code, said = called(str(good), "--key", KEY, "--witness", WITNESS_KEY)
    assert (code, "PROVED · 증명됨: log.example/1, 3 of 700: {" in said) == (0, True), said
    assert '"amount_won":300' in said
    code, said = called("consistency", str(growth), "--key", KEY)
    assert (code, "with 700 facts continues itself with 5" in said) == (0, True), said
    code, said = called(str(bad), "--key", KEY)
    assert (code, said.startswith("NOT PROVED · 증명되지 않음: ")) == (1, True), said
    for words in ((str(tmp_path / "none"), "--key", KEY), (str(good), "--key", "x"),
                  (str(tmp_path), "--key", KEY)):  # fmt: skip
        code, said = called(*words)
        assert (code, said.startswith("NOT PROVED"), "Traceback" in said) == (1, True, False), said
    assert called(str(good))[0] == 2
    assert called(str(good), "--key", KEY, "--unheard-of", "x")[0] == 2, "nothing is passed over"


@pytest.mark.parametrize("size", [0, *SIZES])
def test_a_whole_mirror_is_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], size: int
) -> None:
    log = grown(tmp_path)
    (tmp_path / "checkpoint").write_text(log.note_at(size).whole(), "utf-8")
    log.close()
    is_proved, said = run(capsys, "mirror", str(tmp_path), "--key", KEY)
    assert is_proved, said
    assert f"of {size} facts" in said


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"])
@pytest.mark.parametrize("how", ["swap", "flip", "cut", "gone"])
def test_a_mirror_with_another_leaf_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    grown(tmp_path).close()
    path = tmp_path / name
    held = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        changed = {"swap": held[32:64] + held[:32] + held[64:],
                   "flip": held[:-1] + bytes([held[-1] ^ 1]), "cut": held[:-32]}  # fmt: skip
        path.write_bytes(changed[how])
    is_proved, said = run(capsys, "mirror", str(tmp_path), "--key", KEY)
    assert not is_proved, said


def test_a_mirror_of_three_levels_with_longer_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(tmp_path, LOG)
    log.append_leaves([number.to_bytes(32, "big") for number in range(256_003)])
    log.publish()
    log.close()
    assert (tmp_path / "tile/0/x001/000.p/3").is_file()
    assert run(capsys, "mirror", str(tmp_path), "--key", KEY)[0]
    tile = tmp_path / "tile/1/000"
    tile.write_bytes(tile.read_bytes()[::-1])
    is_proved, said = run(capsys, "mirror", str(tmp_path), "--key", KEY)
    assert (is_proved, "tile/1/000 was changed" in said) == (False, True)


def test_a_mirror_without_order_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not run(capsys, "mirror", str(tmp_path), "--key", KEY)[0]
    (tmp_path / "checkpoint").write_bytes(b"\xff")
    assert not run(capsys, "mirror", str(tmp_path), "--key", KEY)[0]
    assert not run(capsys, "other", str(tmp_path), "--key", KEY)[0]
