"""Compare with published cases.

python -m validation choice
python -m validation all --json
python -m validation all --write docs/validation.md
python -m validation ledger --write docs/validation.md      its section only
"""

import argparse
import datetime as dt
import importlib
import re
import sys
from pathlib import Path

import msgspec

from validation.case import Case

NAMES = ("sun", "queue", "population", "choice", "journeys", "ledger", "contract")


_SECTION = re.compile(r"^## (\w+)\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)


def main() -> int:
    """Run what was asked for; the exit status is 0 whatever the figures are."""
    parser = argparse.ArgumentParser(
        prog="python -m validation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the docs' page")
    chosen = parser.parse_args()
    names = NAMES if chosen.name == "all" else (chosen.name,)
    found = [(name, importlib.import_module(f"validation.{name}").cases()) for name in names]
    if chosen.json:
        cases = [_plain(case) for _, some in found for case in some]
        shown = {"name": chosen.name, "cases": cases}
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(shown)) + b"\n")
    else:
        print(page(found))
    if chosen.write:
        before = chosen.write.read_text("utf-8") if chosen.write.exists() else ""
        chosen.write.write_text(page(found, before), "utf-8")
    return 0


def page(found: list[tuple[str, list[Case]]], before: str = "") -> str:
    """Return the page: the tables that were made now, and its other sections as before."""
    sections = {each[1]: each[0].strip() for each in _SECTION.finditer(before)}
    sections |= {name: _section(name, cases) for name, cases in found}
    kept = [sections[name] for name in NAMES if name in sections]
    head = ["# Validation", "Made by `python -m validation all`, or section by section."]
    return "\n\n".join([*head, *kept]) + "\n"


def _section(name: str, cases: list[Case]) -> str:
    lines = [f"## {name}", "", f"On {dt.datetime.now(dt.UTC).date()}.", ""]
    if not cases:
        return "\n".join([*lines, "Nothing was compared: the public data are absent."])
    lines += ["| case | value | expected | within | | source |",
              "| --- | ---: | ---: | ---: | --- | --- |"]  # fmt: skip
    for case in cases:
        mark = "yes" if case.passed else f"**no**: {case.note}"
        lines.append(
            f"| {case.name} | {_number(case.value)} | {_number(case.expected)}"
            f" | {_number(case.tolerance)} | {mark} | {case.source} |"
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def _plain(case: Case) -> dict[str, object]:
    return {**msgspec.structs.asdict(case), "passed": case.passed}


if __name__ == "__main__":
    sys.exit(main())
