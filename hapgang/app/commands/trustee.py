"""Be a trustee of a city's votes; what is secret stays in a file of this machine.

hapgang trustee init --name-en "Green party" --name-ko "녹색당"      makes keys; shows the card
hapgang trustee deal POLL --city https://city.example              before the poll opens
hapgang trustee check POLL --city https://city.example             when all have dealt
hapgang trustee share POLL --city https://city.example             when the board is closed

The card goes to the agency, and to the other trustees by another way: each compares the
fingerprints that `deal` and `check` show with what they were told.
"""

import argparse
from pathlib import Path

import msgspec

from hapgang.app.votes.trustee import Trustee
from hapgang.app.votes.trustee_file import Kept
from hapgang.app.votes.trustee_http import Door
from hapgang.core.errors import Invalid
from hapgang.core.text import Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("what", choices=["init", "deal", "check", "share"], help="what to do")
    parser.add_argument("poll", nargs="?", help="the poll's name")
    parser.add_argument("--city", metavar="URL", help="where the city is, as http(s)://HOST")
    parser.add_argument(
        "--file", type=Path, default=Path("trustee.json"), help="where this trustee's secrets are"
    )
    parser.add_argument("--name-en", help="init: this trustee's name")
    parser.add_argument("--name-ko", help="init: the same in Korean")


def run(arguments: argparse.Namespace) -> int:
    """Take one step; print what came of it."""
    if arguments.what == "init":
        if not arguments.name_en or not arguments.name_ko:
            raise Invalid("say --name-en and --name-ko", "--name-en과 --name-ko를 지정하세요")
        kept = Kept.made(arguments.file, Text(arguments.name_en, arguments.name_ko))
        print(msgspec.json.encode(kept.card).decode())
        print(f"Keep {arguments.file} secret and safe; give the line above to the agency.")
        return 0
    if not arguments.poll or not arguments.city:
        raise Invalid("name a poll, and --city", "투표 이름과 --city를 지정하세요")
    trustee = Trustee(Kept.read(arguments.file), Door(arguments.city))
    step = {"deal": trustee.deal, "check": trustee.check, "share": trustee.share}
    print(step[arguments.what](arguments.poll))
    return 0
