"""The city's ledger: exported for an audit, and its contract put on a chain.

hapgang ledger export sejong --to FOLDER      who paid whom, as an auditor may know it
python verifier/audit.py FOLDER --key KEY     checks it, with the city switched off
hapgang ledger deploy sejong --witness 0x... --witness 0x... --threshold 2
                                              the contract, at the node that HAPGANG_CHAIN names
"""

import argparse
import asyncio
import os
from pathlib import Path

import msgspec

from hapgang.app.commands.backup import place_of
from hapgang.app.log.deploying import deploy
from hapgang.app.log.export import Exported, export_ledger
from hapgang.app.settings import DATABASE_URL
from hapgang.core.errors import Invalid
from hapgang.writer.dump import Server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("what", choices=["export", "deploy"], help="what to do")
    parser.add_argument("city", nargs="?", default="sejong", help="a name or a folder")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="export: a new folder")
    parser.add_argument(
        "--witness", action="append", default=[], metavar="ADDRESS", help="deploy: who has to sign"
        " a checkpoint beside the city, whose own witness is always one; repeatable"
    )  # fmt: skip
    parser.add_argument(
        "--threshold", type=int, default=1, metavar="K", help="deploy: how many have to sign"
    )
    parser.add_argument("--json", action="store_true", help="for machines")


def run(arguments: argparse.Namespace) -> int:
    """Do it; print what came of it."""
    return _deploy(arguments) if arguments.what == "deploy" else _exported(arguments)


def _exported(arguments: argparse.Namespace) -> int:
    if arguments.to is None:
        raise Invalid("say where: --to FOLDER", "--to로 폴더를 지정하세요")
    made = asyncio.run(_export(arguments.city, arguments.to.absolute()))
    if arguments.json:
        print(msgspec.json.encode(made).decode())
        return 0
    print(
        f"{made.folder}: {made.leaves:,} facts, {made.accounts:,} accounts,"
        f" {made.n_bytes / 1e6:.1f} MB. It says who paid whom: keep it so."
    )
    return 0


def _deploy(arguments: argparse.Namespace) -> int:
    place = place_of(arguments.city)
    put = deploy(place.state, arguments.witness, arguments.threshold)
    if arguments.json:
        print(msgspec.json.encode(put).decode())
        return 0
    print(f"The contract is at {put.contract} of chain {put.chain}, in block {put.block}.")
    print(f"Start the city with HAPGANG_CHAIN_CONTRACT={put.contract} beside HAPGANG_CHAIN.")
    if put.threshold > 1:
        print("The city signs as one witness; name the others' addresses in HAPGANG_WITNESSES.")
    return 0


async def _export(city: str, to: Path) -> Exported:
    place = place_of(city)
    server = await asyncio.to_thread(Server.of, place.state, os.environ.get(DATABASE_URL))
    try:
        return await export_ledger(place.state, place.name, server.connect, to)
    finally:
        await asyncio.to_thread(server.close)
