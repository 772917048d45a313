"""The keys that a city signs credentials with, in its folder on this machine.

hapgang identity keys sejong             which there are
hapgang identity rotate sejong           a new key; what the old one signed is still believed
hapgang identity drop sejong --key=NAME  an old key that may be in other hands: what it signed is
                                         believed no more, and has to be issued anew

A running city takes it up with the next request. Whoever has read the city's DID document keeps it
for five minutes: until then they may refuse what the new key signs.
"""

import argparse
from datetime import UTC, datetime

from hapgang.app.commands.backup import place_of
from hapgang.app.identity.keyring import Keyring, drop, keyring_at, name_of, rotate, signing_key
from hapgang.core.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("what", choices=["keys", "rotate", "drop"], help="what to do")
    parser.add_argument("city", nargs="?", default="sejong", help="a name or a folder")
    parser.add_argument("--key", metavar="NAME", help="drop: which")


def run(arguments: argparse.Namespace) -> int:
    """Do it; print which keys there are then."""
    folder = place_of(arguments.city).state
    if arguments.what == "rotate":
        ring = rotate(folder, datetime.now(UTC))
    elif arguments.what == "drop":
        if not arguments.key:
            raise Invalid("say which: --key=NAME", "--key=로 열쇠를 지정하세요")
        ring = drop(folder, arguments.key)
    else:
        ring = keyring_at(folder)
    print("\n".join(_lines(ring)))
    return 0


def _lines(ring: Keyring) -> list[str]:
    return [
        f"{name_of(signing_key(ring.secret))}  signs",
        *(
            f"{one.name}  signed until {one.retired_at:%Y-%m-%d %H:%M} UTC,"
            f" is believed until {one.until:%Y-%m-%d}"
            for one in ring.former
        ),
    ]
