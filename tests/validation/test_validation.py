"""The quick cases of `python -m validation` pass, and its JSON has the stable form."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from validation import population, queue, sun

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("room", [sun, queue, population])
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
