"""A city in a process of its own, as `hapgang up` runs it, with the measured service inside.

python -m benchmarks.served STATE [MQTT_PORT [WORKERS [PEOPLE]]]      prints its port when in charge

A port of 0 lets no devices in. So many people live there, p0, p1 and so on.
"""

import asyncio
import socket
import sys
from pathlib import Path

import uvloop

from benchmarks.town import NAME, town
from hapgang.app.collect.living import Collecting
from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.http import Application
from hapgang.app.notify.places import Places
from hapgang.app.settings import find_city
from hapgang.app.together import until_first_ends
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.keeping import at_door
from hapgang.core.ids import urn
from hapgang.core.vocabulary.people import AgeBand
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person


async def serve(state: Path, mqtt_port: int, n_workers: int, n_people: int) -> None:
    """Serve until ended."""
    collecting = Collecting(MqttDoor(port=mqtt_port) if mqtt_port else None)
    live = LiveCity(
        find_city("sejong"), "today", state=state, collecting=collecting,
        notify=Places(allows_loopback=True),
    )  # fmt: skip
    live.services = {NAME: town, "platform": platform}
    application = Application(live)
    door = socket.create_server(("127.0.0.1", 0), backlog=2048)
    with at_door(application, live, door, n_workers) as (_, serving):
        await until_first_ends(live.run(), *serving, _tell(live, door, n_people))


async def _tell(live: LiveCity, door: socket.socket, n_people: int) -> None:
    await live.in_charge.wait()
    for number in range(n_people):
        name = urn("Person", f"p{number}")
        live.runtime.perform(register_person, PLATFORM, person=name, age_band=AgeBand.THIRTIES)
    await live.runtime.writer.durable()
    print(door.getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[2:]]
    uvloop.run(serve(Path(sys.argv[1]), *[*asked, 0, 0, 0][:3]))
