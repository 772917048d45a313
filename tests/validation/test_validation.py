"""The quick cases of `python -m validation` pass, and its JSON has the stable form."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from validation import ledger, ledger_identity, population, queue, sun
from validation.__main__ import page

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("room", [sun, queue, population, ledger])
def test_quick_cases_pass(room: object) -> None:
    found = room.cases()  # type: ignore[attr-defined]  # each room has it
    assert found
    assert [case for case in found if not case.passed] == []


def test_json_has_the_stable_form() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "validation", "sun", "--json"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert set(told) == {"name", "cases"}
    assert {"name", "value", "expected", "tolerance", "passed", "source"} <= set(told["cases"][0])


def test_a_vector_that_does_not_hold_is_told() -> None:
    case = ledger.counted("two of three", lambda: iter([True, False, True]), "made up")
    assert (case.value, case.expected, case.passed) == (2, 3, False)


def test_each_standard_of_the_ledger_has_several_vectors() -> None:
    identity = ledger_identity.cases(ledger.counted)
    assert {case.name.split(":")[0] for case in identity} >= {"SD-JWT", "WebAuthn", "status lists"}
    assert all(case.expected >= 1 for case in identity)


def test_a_section_is_written_and_the_others_stay() -> None:
    one = ledger.counted("one", lambda: iter([True]), "made up")
    before = page([("sun", [one]), ("queue", [])])
    after = page([("contract", [one])], before)
    assert after.startswith(before.rstrip())
    assert after.count("## ") == 3
    assert page([("queue", [one])], after).count("| one | 1 | 1 |") == 3
