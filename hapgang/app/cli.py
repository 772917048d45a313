"""The command line: `hapgang up`, `rehearse`, `city`, `collect`, `backup`, `restore` and others.

Each command's room is imported when it is called, so that `hapgang --help` is quick.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from hapgang import __version__
from hapgang.core.errors import CityError

_ABOUT = """Hapgang: an open city operating system that can rehearse.

  hapgang up sejong --demo --open-browser        run the reference city and look at it
  hapgang rehearse sejong --residents 2000       live through a day of its plan
  hapgang city import mytown --osm streets.pbf --gtfs feed.zip
  hapgang collect sejong air.csv --mapping seoul-air-daily --dry-run
  hapgang services                               what is installed
"""
_COMMANDS = {
    "up": ("run a city: portal, API, NGSI-LD", "hapgang.app.commands.up"),
    "rehearse": ("live through a virtual day and measure it", "hapgang.app.commands.rehearse"),
    "city": ("import a city from open data, show one, or export it", "hapgang.app.commands.city"),
    "collect": ("take files into a running city", "hapgang.app.commands.collect"),
    "backup": ("back up a city while it runs", "hapgang.app.commands.backup"),
    "restore": ("make a city of a backup", "hapgang.app.commands.restore"),
    "ledger": ("export the ledger for an audit", "hapgang.app.commands.ledger"),
    "identity": (
        "change the key that credentials are signed with",
        "hapgang.app.commands.identity",
    ),
    "trustee": ("be a trustee of votes", "hapgang.app.commands.trustee"),
    "witness": ("be a witness of cities' logs", "hapgang.app.commands.witness"),
    "services": ("list the installed services", "hapgang.app.commands.services"),
    "staff": ("let staff in: people, offices, companies", "hapgang.app.commands.staff"),
    "token": ("make a bearer token for a local city", "hapgang.app.commands.token"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    words = list(sys.argv[1:] if words is None else words)
    parser = argparse.ArgumentParser(
        prog="hapgang",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hapgang {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (summary, module) in _COMMANDS.items():
        wanted = name in words[:1]
        room = importlib.import_module(module) if wanted else None
        command = commands.add_parser(
            name,
            help=summary,
            description=room.__doc__ if room else summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if room is not None:
            room.add_arguments(command)
            command.set_defaults(run=room.run)
    chosen = parser.parse_args(words)
    try:
        return int(chosen.run(chosen) or 0)
    except CityError as error:
        print(f"hapgang: {error.message.en}\n         {error.message.ko}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nhapgang: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
