"""The page on tampering names tests that exist, and leaves out nothing that has to be tried."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/tampering.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_line_names_tests_that_exist() -> None:
    rows = [row for row in ROWS if not row.endswith("| test |")]
    assert len(rows) >= 18
    for row in rows:
        named = NAMED.findall(row)
        assert named, row
        for path, name in named:
            tree = ast.parse((ROOT / path).read_text("utf-8"))
            assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, (
                path,
                name,
            )


def test_nothing_is_left_out() -> None:
    wanted = (
        "each column", "removed", "stuffed", "swapped", "replayed", "forked for one viewer",
        "at once", "negative, huge", "code shown twice", "set aside until a minute ago",
        "vote without a right", "liar", "revoked a second ago", "killed",
    )  # fmt: skip
    assert [words for words in wanted if words not in PAGE] == []
