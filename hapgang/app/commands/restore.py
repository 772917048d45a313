"""Make a city of a backup.

hapgang restore /media/tape/mytown-monday
hapgang restore backups/mytown-20261123T020000Z --as mytown2     beside the one that is there
hapgang restore FOLDER --keys /media/safe    where the backup has no keys: a folder with master.key

Every file is checked first; a city that is there is never written over. Whoever was forgotten since
the backup was made is forgotten again, as far as later backups beside it, the city itself, or lists
that --forgotten names know of it.
"""

import argparse
import asyncio
import os
from pathlib import Path

import msgspec

from hapgang.app.backup.restore import Wanted, restore
from hapgang.app.commands.backup import progress
from hapgang.app.settings import DATABASE_URL, state_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("folder", type=Path, help="of a backup")
    parser.add_argument("--as", dest="name", metavar="NAME", help="the city's new name")
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="where its master.key lies")
    parser.add_argument(
        "--forgotten", type=Path, action="append", default=[], metavar="PLACE", help="a later"
        " backup, or its forgotten.csv; repeatable"
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="for machines")


def run(arguments: argparse.Namespace) -> int:
    """Restore; print where the city is."""
    wanted = Wanted(
        backup=arguments.folder.absolute(),
        cities=state_folder() / "cities",
        name=arguments.name,
        keys=arguments.keys,
        forgotten=arguments.forgotten,
        url=os.environ.get(DATABASE_URL),
    )
    made = asyncio.run(restore(wanted, say=progress(quiet=arguments.json)))
    at = made.manifest.at
    if arguments.json:
        said = {
            "folder": str(made.folder),
            "forgotten_again": made.forgotten,
            "backup": msgspec.to_builtins(made.manifest),
        }
        print(msgspec.json.encode(said).decode())
        return 0
    print(f"{made.folder}: as it was on {at:%Y-%m-%d at %H:%M:%S} UTC")
    if made.forgotten:
        print(f"{made.forgotten} people were forgotten since, and are forgotten again.")
    print(f"Start it: hapgang up {made.folder.name}")
    return 0
