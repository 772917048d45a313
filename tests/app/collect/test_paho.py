"""Devices that speak by Eclipse Paho, a client that we did not write: every quality of service."""

import asyncio
from typing import Any

import pytest
from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from hapgang.app.collect.living import Collecting
from hapgang.app.collect.mqtt.door import MqttDoor
from tests.app.collect.feeding import Live, live
from tests.app.collect.test_mqtt import come_in, device, door, pm10, until
from tests.living import Town

__all__ = ["door", "live"]
pytestmark = pytest.mark.slow  # starts servers


def speak(port: int, token: str, bodies: list[str]) -> str:
    """Come in as d1 and say each body at its own quality of service; return how it was let in."""
    let_in: list[str] = []

    def connected(client: Client, _: Any, __: ConnectFlags, code: ReasonCode, ___: Any) -> None:
        let_in.append(str(code))

    client = Client(CallbackAPIVersion.VERSION2, client_id="d1")
    client.on_connect = connected
    client.username_pw_set("d1", token)
    client.connect("127.0.0.1", port)
    client.loop_start()
    for qos, body in enumerate(bodies):
        client.publish("devices/d1/air", body, qos=qos).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()
    return let_in[0]


def test_every_quality_of_service(live: Live, door: MqttDoor) -> None:
    async def then(town: Town) -> None:
        (await come_in(town, door, "d2")).close()  # the door is open
        bodies = [f'{{"at": "2026-01-01T00:00:0{n}Z", "pm10": {n}}}' for n in range(3)]
        token = town.token(device("d1"))
        assert await asyncio.to_thread(speak, door.port, token, bodies) == "Success"
        feed = await until(town, 3)
        assert (feed["rows"], feed["waiting"]) == (3, 0)
        assert await pm10(town, "d1") == 2

    live(then, collecting=Collecting(door))
