"""Back up a city while it runs.

hapgang backup sejong
hapgang backup mytown --to /media/tape/mytown-monday
hapgang backup mytown --with-keys    with master.key: whoever has the folder can read everything

The picture is of one instant, whole, and checked after writing. Without --with-keys what is
somebody's stays sealed: keep a copy of master.key elsewhere, once, or it can never be read again.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hapgang.app.backup.make import CityPlace, back_up
from hapgang.app.settings import DATABASE_URL, find_city, state_folder
from hapgang.core.errors import NotFound
from hapgang.twin.scene import read_facts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("city", help="a name or a folder")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="a folder that is not there yet; default:"
        " backups/CITY-TIME in the state folder"
    )  # fmt: skip
    parser.add_argument(
        "--with-keys", action="store_true", help="with the keys and secrets of the city"
    )
    parser.add_argument("--json", action="store_true", help="for machines")


def run(arguments: argparse.Namespace) -> int:
    """Back up; print where it is."""
    place = place_of(arguments.city)
    to = arguments.to or (
        state_folder() / "backups" / f"{place.name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    )
    made = asyncio.run(
        back_up(
            place,
            to.absolute(),
            url=os.environ.get(DATABASE_URL),
            with_keys=arguments.with_keys,
            say=progress(quiet=arguments.json),
        )
    )
    if arguments.json:
        said = {"folder": str(to.absolute()), **msgspec.to_builtins(made)}
        print(msgspec.json.encode(said).decode())
        return 0
    print(f"{to}: {made.city}, {made.at:%Y-%m-%d %H:%M:%S} UTC, {made.n_bytes / 1e6:.1f} MB")
    if arguments.with_keys:
        print("It holds the city's keys: whoever has it can read everything. Keep it so.")
    else:
        print(f"It holds no keys. Keep {place.state / 'master.key'} elsewhere: it opens the rest.")
    return 0


def place_of(name: str) -> CityPlace:
    """Return where a city that has run here lies; `NotFound` for any other."""
    model = find_city(name)
    city = read_facts(model).name
    state = state_folder() / "cities" / city
    if not os.environ.get(DATABASE_URL) and not (state / "pg" / "data").is_dir():
        raise NotFound(
            f"{city} has not run here: there is nothing in {state}.",
            f"{city} 도시는 여기서 실행된 적이 없습니다: {state}",
        )
    return CityPlace(city, model, state)


def progress(*, quiet: bool) -> Callable[[str, int], None]:
    """Return what shows how far a long work is: on one line that is written again and again."""
    seen = {"what": "", "at": 0}
    is_terminal = sys.stderr.isatty()

    def say(what: str, n_bytes: int) -> None:
        is_new = what != seen["what"]
        if quiet or not (is_terminal or is_new):
            return
        if is_terminal:
            print(f"\r{what}: {n_bytes / 1e6:,.1f} MB   ", end="", file=sys.stderr, flush=True)
        else:
            print(f"{what} ...", file=sys.stderr, flush=True)
        seen["what"] = what

    return say
