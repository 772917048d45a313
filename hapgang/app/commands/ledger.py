"""The city's ledger, for whoever audits it.

hapgang ledger export sejong --to FOLDER      who paid whom, as an auditor may know it
python verifier/audit.py FOLDER --key KEY     checks it, with the city switched off
"""

import argparse
import asyncio
import os
from pathlib import Path

import msgspec

from hapgang.app.commands.backup import place_of
from hapgang.app.log.export import Exported, export_ledger
from hapgang.app.settings import DATABASE_URL
from hapgang.writer.dump import Server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("what", choices=["export"], help="what to do")
    parser.add_argument("city", help="a name or a folder")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(arguments: argparse.Namespace) -> int:
    """Export; print what there is."""
    made = asyncio.run(_export(arguments.city, arguments.to.absolute()))
    if arguments.json:
        print(msgspec.json.encode(made).decode())
        return 0
    print(
        f"{made.folder}: {made.leaves:,} facts, {made.accounts:,} accounts,"
        f" {made.n_bytes / 1e6:.1f} MB. It says who paid whom: keep it so."
    )
    return 0


async def _export(city: str, to: Path) -> Exported:
    place = place_of(city)
    server = await asyncio.to_thread(Server.of, place.state, os.environ.get(DATABASE_URL))
    try:
        return await export_ledger(place.state, place.name, server.connect, to)
    finally:
        await asyncio.to_thread(server.close)
