"""Measure, beside peers.

python -m benchmarks hub
python -m benchmarks ledger --json
python -m benchmarks all --write docs/benchmarks.md
python -m benchmarks hub --write docs/benchmarks.md      its section only
python -m benchmarks scale --write docs/scale.md         takes some fifteen minutes
python -m benchmarks peers --write docs/peers.md         beside a peer that runs, five minutes
"""

import argparse
import importlib
import sys
from pathlib import Path

import msgspec

from benchmarks.report import Report, cpu_ticks, machine, markdown, table

NAMES = (
    "hub", "workers", "queries", "temporal", "collection", "notifications", "ledger",
    "ledger_conservation", "log", "writer", "near", "reload", "command", "ballots", "anchor",
    "identity", "rehearsal", "population", "journeys", "house",
)  # fmt: skip
ALONE = ("scale", "peers")  # with a page of their own


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("name", choices=(*NAMES, *ALONE, "all"))
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the docs' page")
    chosen = parser.parse_args()
    reports = [measured(name) for name in (NAMES if chosen.name == "all" else (chosen.name,))]
    if chosen.json:
        shown = reports[0] if len(reports) == 1 else _together(reports)
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(shown)) + b"\n")
    else:
        print("\n\n".join(table(report) for report in reports))
    if chosen.write and chosen.name in ALONE:
        importlib.import_module(f"benchmarks.{chosen.name}").write(reports[0], chosen.write)
    elif chosen.write:
        before = chosen.write.read_text("utf-8") if chosen.write.exists() else ""
        chosen.write.write_text(markdown(reports, NAMES, before), "utf-8")
    return 0


def measured(name: str) -> Report:
    """Run one benchmark."""
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    busy_before, stolen_before = cpu_ticks()
    results = importlib.import_module(f"benchmarks.{name}").run()
    busy, stolen = cpu_ticks()
    wanted = max(1, busy - busy_before)
    return Report(name, machine(), results, round(100 * (stolen - stolen_before) / wanted, 1))


def _together(reports: list[Report]) -> Report:
    results = [result for report in reports for result in report.results]
    return Report("all", machine(), results, max(report.stolen_pct for report in reports))


if __name__ == "__main__":
    sys.exit(main())
