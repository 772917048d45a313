"""A city in a process of its own, as `hapgang up` runs it, with the measured service inside.

python -m benchmarks.served STATE [MQTT_PORT]      prints the port when it is in charge
"""

import asyncio
import socket
import sys
from pathlib import Path

import uvloop

from benchmarks.town import NAME, town
from hapgang.app.collect.living import Collecting
from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.commands.up import server_of
from hapgang.app.http import Application
from hapgang.app.notify.places import Places
from hapgang.app.settings import find_city
from hapgang.app.wiring import LiveCity
from hapgang.runtime.platform import platform


async def serve(state: Path, mqtt_port: int | None) -> None:
    """Serve until ended."""
    collecting = Collecting(None if mqtt_port is None else MqttDoor(port=mqtt_port))
    live = LiveCity(
        find_city("sejong"), "today", state=state, collecting=collecting,
        notify=Places(allows_loopback=True),
    )  # fmt: skip
    live.services = {NAME: town, "platform": platform}
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = server_of(Application(live), "127.0.0.1", port)
    city = asyncio.create_task(live.run())
    web = asyncio.create_task(server.serve(sockets=[listening]))
    charge = asyncio.create_task(live.in_charge.wait())
    await asyncio.wait({city, web, charge}, return_when=asyncio.FIRST_COMPLETED)
    print(port, flush=True)
    await asyncio.wait({city, web}, return_when=asyncio.FIRST_COMPLETED)
    city.cancel()
    await asyncio.gather(city, web, return_exceptions=True)


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None))
