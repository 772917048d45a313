"""Compare with published cases.

python -m validation choice
python -m validation all --json
python -m validation all --write docs/validation.md
"""

import argparse
import datetime as dt
import importlib
import sys
from pathlib import Path

import msgspec

from validation.case import Case

NAMES = ("sun", "queue", "population", "choice", "journeys", "ledger", "contract")


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
        chosen.write.write_text(page(found), "utf-8")
    return 0


def page(found: list[tuple[str, list[Case]]]) -> str:
    """Return the tables as Markdown."""
    today = dt.datetime.now(dt.UTC).date()
    lines = ["# Validation", "", f"Made by `python -m validation all` on {today}.", ""]
    for name, cases in found:
        lines += [f"## {name}", ""]
        if not cases:
            lines += ["Nothing was compared: the public data are absent.", ""]
            continue
        lines += ["| case | value | expected | within | | source |",
                  "| --- | ---: | ---: | ---: | --- | --- |"]  # fmt: skip
        for case in cases:
            mark = "yes" if case.passed else f"**no**: {case.note}"
            lines.append(
                f"| {case.name} | {case.value:.4g} | {case.expected:.4g} | {case.tolerance:.3g}"
                f" | {mark} | {case.source} |"
            )
        lines.append("")
    return "\n".join(lines)


def _plain(case: Case) -> dict[str, object]:
    return {**msgspec.structs.asdict(case), "passed": case.passed}


if __name__ == "__main__":
    sys.exit(main())
