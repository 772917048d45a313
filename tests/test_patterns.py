"""No pattern over what comes from outside lets a line feed through at its end.

`$` stands before a trailing line feed, too. Compiled patterns are asked by `fullmatch` or end in
`\\Z`; patterns of schemas, which other languages read as well, end in `$(?!\\n)`.
"""

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent / "hapgang"


def loose_in(source: str) -> list[str]:
    """Return the patterns of a module that end in a bare dollar sign."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            is_regex = ast.unparse(node.func).startswith("re.")
            given = [*(node.args[:1] if is_regex else ())]
            given += [word.value for word in node.keywords if word.arg == "pattern"]
            for one in given:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    text = one.value
                    if text.endswith("$") and not text.endswith("\\$"):
                        found.append(text)
    return found


def test_no_pattern_ends_in_a_bare_dollar_sign() -> None:
    loose = {
        str(path.relative_to(HOUSE)): found
        for path in sorted(HOUSE.rglob("*.py"))
        if (found := loose_in(path.read_text()))
    }
    assert loose == {}


@pytest.mark.parametrize(
    "source", ['re.compile("^a$")', 'Meta(pattern="a$")', 're.match(r"a$", b)']
)
def test_bare_ones_are_seen(source: str) -> None:
    assert loose_in(source)


@pytest.mark.parametrize("source", [r're.compile(r"a\Z")', r'Meta(pattern=r"a$(?!\n)")'])
def test_firm_ones_are_left_alone(source: str) -> None:
    assert loose_in(source) == []
