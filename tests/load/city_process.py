"""A city in a process of its own, as `hapgang up` runs it.

python -m tests.load.city_process MODEL STATE PORT [standby] [demo]

With the village inside; with `demo` instead the plan's own services and the demonstration's people.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import uvloop

from hapgang.app.commands.up import server_of
from hapgang.app.http import Application
from hapgang.app.wiring import LiveCity
from tests.village import NAME, SERVICES, Drawn, tally, village


async def serve(model: Path, state: Path, port: int, *, standby: bool, is_demo: bool) -> None:
    """Serve until killed."""
    live = LiveCity(model, "plan" if is_demo else "today", state=state)
    if not is_demo:
        live.services = {**SERVICES, NAME: replace(village, hears={Drawn: tally})}
    server = server_of(Application(live, is_demo=is_demo), "127.0.0.1", port)
    city = asyncio.create_task(live.run(standby=standby))
    web = asyncio.create_task(server.serve())
    done, _ = await asyncio.wait({city, web}, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


if __name__ == "__main__":
    folder, state_folder, number, *words = sys.argv[1:]
    uvloop.run(
        serve(
            Path(folder), Path(state_folder), int(number),
            standby="standby" in words, is_demo="demo" in words,
        )
    )  # fmt: skip
