"""Take files into a running city: CSV, JSON, JSON lines, GeoJSON, Parquet, XML, GTFS Realtime.

hapgang collect sejong air.csv --mapping seoul-air-daily --dry-run    what would come of it
hapgang collect sejong air-2021.csv air-2022.csv --mapping seoul-air-daily
hapgang collect sejong lamps.geojson --mapping lamps.toml --feed lamps --json

A mapping is a file, or one of the bundled ones (--mappings lists them); docs/guides/collecting.md
has all its words. What does not fit goes to quarantine with the reason. A file is taken in once: a
second time changes nothing, and one that was interrupted goes on where it stopped.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from hapgang.app.collect.door import Door
from hapgang.app.collect.files import Summary, collect_file, look_through
from hapgang.app.collect.mappings import bundled_names, feed_name, mapping_at
from hapgang.app.settings import city_state, find_city
from hapgang.core.errors import Invalid
from hapgang.twin.scene import read_facts

_MOST_REASONS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("city", nargs="?", default="sejong", help="a name or a folder")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="may end in .gz")
    parser.add_argument("--mapping", metavar="M", help="a TOML or JSON file, or a bundled name")
    parser.add_argument("--feed", metavar="NAME", help="the feed that they belong to")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come of it")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the city runs")
    parser.add_argument("--mappings", action="store_true", help="list the bundled mappings")


def run(arguments: argparse.Namespace) -> int:
    """Take in the files; the status is 0 also where rows went to quarantine."""
    if arguments.mappings:
        print("\n".join(bundled_names()))
        return 0
    if not arguments.files or not arguments.mapping:
        raise Invalid("say which files, and by which --mapping", "파일과 --mapping을 지정하세요")
    document = mapping_at(arguments.mapping)
    feed = arguments.feed or feed_name(arguments.mapping)
    door = None if arguments.dry_run else _door(arguments)
    tell = _progress if sys.stderr.isatty() else _quiet
    summaries = []
    for path in arguments.files:
        if door is None:
            summary = look_through(path, document, tell)
        else:
            summary = collect_file(door, path, document, feed, tell)
        summaries.append(summary)
        if not arguments.json:
            print(_shown(summary))
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(summaries)) + b"\n")
    return 0


def _door(arguments: argparse.Namespace) -> Door:
    folder = city_state(read_facts(find_city(arguments.city)).name)
    return Door(arguments.url, folder)


def _progress(name: str, rows: int, share: float | None) -> None:
    percent = "" if share is None else f" {share:5.1%}"
    print(f"\r{name}: {rows:,} rows{percent} ", end="", file=sys.stderr, flush=True)


def _quiet(name: str, rows: int, share: float | None) -> None:
    """Say nothing: nobody looks."""


def _shown(summary: Summary) -> str:
    lines = [f"{summary.file}: {summary.tally.rows:,} rows"]
    if summary.was_known:
        lines[0] += f", {summary.rows_before:,} of them taken in before"
    counts: list[tuple[str, Any]] = [
        ("entities accepted", summary.counts.accepted),
        ("known already", summary.counts.repeated),
        ("late, for history", summary.counts.late),
        ("said twice", summary.tally.duplicates),
        ("without a value", summary.tally.empty),
        ("not meant", summary.tally.skipped),
        ("quarantined", summary.counts.quarantined),
        ("not kept there, full", summary.counts.dropped),
    ]
    lines += [f"  {number:>10,}  {what}" for what, number in counts if number]
    reasons = sorted(summary.reasons.items(), key=lambda one: -one[1])
    lines += [f"  {number:>10,}    {why}" for why, number in reasons[:_MOST_REASONS]]
    quality = summary.quality
    shares = ("completeness", "validity", "uniqueness", "timeliness")
    told = [f"{n} {v:.2%}" for n in shares if (v := getattr(quality, n)) is not None]
    if quality.score is not None:
        lines.append(f"  quality {quality.score:.2f} of 100: {', '.join(told)}")
    return "\n".join(lines)
