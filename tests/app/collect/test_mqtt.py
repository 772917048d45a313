"""Devices by MQTT: who may come in, what becomes of what they say, and that none of it is lost."""

import asyncio
import contextlib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hapgang.app.collect.living import Collecting
from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.contract import Caller, Role
from tests.app.collect.feeding import DEVICE, OPERATOR, Live, feed_of, live
from tests.app.collect.mqtt_client import Client, Refused
from tests.living import Town

__all__ = ["live"]
pytestmark = pytest.mark.slow  # starts servers

MAPPING = """
format = 1
title = {en = "Air", ko = "공기"}
[[entity]]
type = "AirQualityObserved"
id = "urn:ngsi-ld:AirQualityObserved:{@key}"
observed = {from = "at"}
[entity.attributes]
pm10 = {from = "pm10", is = "number", range = [0, 1000]}
refDevice = {template = "{@device}", is = "relationship"}
"""
FEED = 'kind = "mqtt"\ntopic = "devices/+/air"\nmapping = "air-map.toml"\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture
def door(tmp_path: Path) -> MqttDoor:
    """Where devices come in; the city's folder has a feed for them."""
    feeds = tmp_path / "state" / "feeds"
    feeds.mkdir(parents=True, mode=0o700)
    (feeds / "air.toml").write_text(FEED)
    (feeds / "air-map.toml").write_text(MAPPING)
    return MqttDoor(port=free_port())


def device(key: str) -> Caller:
    return Caller(f"urn:ngsi-ld:Device:{key}", Role.DEVICE)


async def come_in(town: Town, door: MqttDoor, key: str) -> Client:
    """Connect as a device, as soon as the door is open and guarded."""
    token = town.token(device(key))
    async with asyncio.timeout(20):
        while True:
            try:
                return await Client.connect(door.port, key, token)
            except (OSError, Refused):
                await asyncio.sleep(0.05)


async def pm10(town: Town, key: str) -> Any:
    path = f"/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:{key}"
    answer = await town.call("GET", path, caller=DEVICE)
    return answer.json()["pm10"]["value"] if answer.status == 200 else None


async def until(town: Town, rows: int, name: str = "air") -> Any:
    """Return a feed when it has seen so many rows."""
    async with asyncio.timeout(20):
        while True:
            feed = await feed_of(town, name)
            if feed is not None and feed["rows"] >= rows:
                return feed
            await asyncio.sleep(0.05)


def reading(number: int) -> dict[str, Any]:
    return {"at": f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z", "pm10": number}


def test_what_devices_say_becomes_entities(live: Live, door: MqttDoor) -> None:
    async def then(town: Town) -> None:
        client = await come_in(town, door, "d1")
        for number in range(5):
            await client.publish("devices/d1/air", reading(number))
        await client.publish("devices/d1/air", b"rubbish")
        await client.publish("devices/d1/air", {"at": "2026-01-02T00:00:00Z", "pm10": -4})
        feed = await until(town, 7)
        assert await pm10(town, "d1") == 4
        assert feed["counts"] == {
            "accepted": 5, "repeated": 0, "late": 0, "quarantined": 2, "dropped": 0,
        }  # fmt: skip
        kept = (await town.call("GET", "/api/quarantine", caller=OPERATOR)).json()
        assert kept[0]["body"]["row"] == "rubbish"
        assert [one["caller"] for one in kept] == [device("d1").id] * 2
        assert kept[1]["body"]["known"]["topic"] == "devices/d1/air"

    live(then, collecting=Collecting(door))


def test_what_is_mentioned_only_is_performed_too(live: Live, door: MqttDoor) -> None:
    async def then(town: Town) -> None:
        client = await come_in(town, door, "d1")
        client.mention("devices/d1/air", reading(1))
        await client.publish("devices/d1/air", reading(2))
        client.mention("devices/d1/air", reading(3))
        feed = await until(town, 3)
        assert feed["rows"] == 3
        assert sum(feed["counts"].values()) == 3
        assert await pm10(town, "d1") == 3

    live(then, collecting=Collecting(door))


def test_only_devices_come_in_and_only_on_their_own_topics(live: Live, door: MqttDoor) -> None:
    async def then(town: Town) -> None:
        client = await come_in(town, door, "d1")
        for caller in (OPERATOR, DEVICE, device("d 2"), device("d2")):
            with pytest.raises(Refused):
                await Client.connect(door.port, "d1", town.token(caller))
        with pytest.raises(Refused):
            await Client.connect(door.port, "d1", "no token")
        with pytest.raises(Refused):
            await Client.connect(door.port, "d1", town.token(device("d1")), client_id="d2")
        with contextlib.suppress(Refused):  # the server closes the line, or says nothing
            await asyncio.wait_for(client.publish("devices/d2/air", reading(1)), 1)
        other = await come_in(town, door, "d3")
        await other.publish("devices/d3/air", reading(3))
        assert (await until(town, 1))["rows"] == 1
        assert await pm10(town, "d2") is None

    live(then, collecting=Collecting(door))


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )  # fmt: skip
    (folder / "k.pem").write_bytes(private)
    return folder / "c.pem", folder / "k.pem"


def test_with_a_certificate_devices_speak_tls_only(
    live: Live, door: MqttDoor, tmp_path: Path
) -> None:
    public, private = certificate(tmp_path)
    secure = door._replace(certificate=public, key=private)
    tls = ssl.create_default_context(cafile=str(public))

    async def then(town: Town) -> None:
        token = town.token(device("d1"))
        async with asyncio.timeout(20):
            while True:
                try:
                    client = await Client.connect(door.port, "d1", token, tls=tls)
                    break
                except (OSError, Refused):
                    await asyncio.sleep(0.05)
        await client.publish("devices/d1/air", reading(3))
        await until(town, 1)
        client.close()
        with pytest.raises((Refused, OSError)):
            await Client.connect(door.port, "d1", token)

    live(then, collecting=Collecting(secure))


def test_a_message_that_no_feed_takes_waits_for_one(
    live: Live, door: MqttDoor, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        client = await come_in(town, door, "d1")
        await client.publish("devices/d1/water", {"at": "2026-01-01T00:00:00Z", "pm10": 7})
        await until(town, 1, "unmatched")
        (kept,) = (await town.call("GET", "/api/quarantine", caller=OPERATOR)).json()
        assert "no feed takes the topic devices/d1/water" in kept["reason"]
        water = FEED.replace("/air", "/water")
        (tmp_path / "state" / "feeds" / "water.toml").write_text(water)
        await until(town, 0, "water")
        place = f"/api/quarantine/{kept['id']}/replay"
        again = await town.call("POST", place, {}, caller=OPERATOR)
        assert again.json()["accepted"] == 1
        assert await pm10(town, "d1") == 7

    live(then, collecting=Collecting(door))


def test_a_city_that_falls_goes_on_after_what_it_performed(live: Live, door: MqttDoor) -> None:
    async def then(town: Town) -> None:
        client = await come_in(town, door, "d1")
        for number in range(20):
            await client.publish("devices/d1/air", reading(number))
        await until(town, 20)
        await town.live.runtime.writer.durable()
        before = await town.live.reads.last()
        town.live.in_charge.clear()
        connection_killed = await _cut_the_database(town)
        assert connection_killed
        await town.live.in_charge.wait()
        again = await come_in(town, door, "d1")
        for number in range(20, 40):
            await again.publish("devices/d1/air", reading(number))
        feed = await until(town, 40)
        assert (feed["rows"], feed["counts"]["accepted"]) == (40, 40)
        assert await pm10(town, "d1") == 39
        assert await town.live.reads.last() > before

    live(then, collecting=Collecting(door))


async def _cut_the_database(town: Town) -> bool:
    """End the writer's connections, as a killed database does."""
    pool = town.live.reads._pool
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    )
    try:
        await pool.execute(f"{cut} AND pid <> pg_backend_pid()")
    except OSError:
        return False
    return True
