"""A city in a process of its own, as `hapgang up` runs it.

python -m tests.load.city_process MODEL STATE PORT BEHIND_S [standby] [demo] [worker ...]

With the village inside; with `demo` instead the plan's own services and the demonstration's people.
The city's clock is some seconds behind the machine's, so that a test lives at the hour it needs.
"""

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import uvloop

from hapgang.app.http import Application
from hapgang.app.listening import listening
from hapgang.app.notify.places import Places
from hapgang.app.together import until_first_ends
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.keeping import at_door
from hapgang.core.clock import RealClock
from tests.village import NAME, SERVICES, Drawn, tally, village

_LOOPBACK = Places(allows_loopback=True)


class BehindClock(RealClock):
    """The machine's clock less some seconds."""

    def __init__(self, zone: ZoneInfo, behind_s: float) -> None:
        super().__init__(zone)
        self._behind = timedelta(seconds=behind_s)

    def now(self) -> datetime:
        return super().now() - self._behind


async def serve(
    model: Path, state: Path, port: int, behind_s: float, *,
    standby: bool, is_demo: bool, n_workers: int,
) -> None:  # fmt: skip
    """Serve until killed."""
    live = LiveCity(model, "plan" if is_demo else "today", state=state, notify=_LOOPBACK)
    live.clock = BehindClock(live.clock.zone, behind_s)
    if not is_demo:
        live.services = {**SERVICES, NAME: replace(village, hears={Drawn: tally})}
    application = Application(live, is_demo=is_demo)
    door = listening("127.0.0.1", port)
    with at_door(application, live, door, n_workers) as (_, serving):
        await until_first_ends(live.run(standby=standby), *serving)


if __name__ == "__main__":
    folder, state_folder, number, behind, *words = sys.argv[1:]
    uvloop.run(
        serve(
            Path(folder), Path(state_folder), int(number), float(behind),
            standby="standby" in words, is_demo="demo" in words,
            n_workers=words.count("worker"),
        )
    )  # fmt: skip
