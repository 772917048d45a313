"""Be a witness of cities' logs: sign what only grows, and remember it.

hapgang witness FOLDER --name witness.example.org                 draws keys; shows them
hapgang witness FOLDER --name witness.example.org --log KEY@CHAIN:CONTRACT --port 8490
                                                                  serves, until it is ended

KEY is what the city shows at /api/log/key, CHAIN and CONTRACT where its log is anchored; without
them only cosignatures are given (C2SP tlog-witness). FOLDER holds the keys and what was signed:
never go on with the keys where the rest of it was lost.
"""

import argparse
import asyncio
from pathlib import Path

import msgspec

from hapgang.app.witness.serving import Keys, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("folder", type=Path, help="where keys and what was signed are kept")
    parser.add_argument("--name", required=True, help="how this witness is called in signatures")
    parser.add_argument(
        "--log", action="append", default=[], metavar="KEY[@CHAIN:CONTRACT]",
        help="a log to watch; repeatable",
    )  # fmt: skip
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8490, help="the port to listen at")


def run(arguments: argparse.Namespace) -> int:
    """Show the keys, or serve."""
    keys = Keys(arguments.folder, arguments.name)
    if not arguments.log:
        print(msgspec.json.encode({"address": keys.address, "key": keys.key.text()}).decode())
        print("Give the line above to the city; then start again with --log.")
        return 0
    asyncio.run(serve(keys, arguments.log, arguments.host, arguments.port))
    return 0
