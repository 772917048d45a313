"""Devices of a running city: the MQTT door, who may come in, and what they say."""

import asyncio
import logging
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import nats
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.collect.mqtt.doorman import SUBJECT, Doorman
from hapgang.app.collect.mqtt.intake import Intake
from hapgang.app.collect.mqtt.nkeys import Issuer
from hapgang.app.collect.mqtt.passing import Passing
from hapgang.app.collect.mqtt.server import USER, NatsServer
from hapgang.app.collect.routing import Routing
from hapgang.app.tokens import Tokens
from hapgang.core.errors import CityError
from hapgang.runtime.perform import Runtime
from hapgang.writer.recovery import Archive

FOLDER = "devices"
_AGAIN_S = (1.0, 2.0, 5.0, 15.0, 60.0)
_QUIET_S = 600.0  # as long as this, and failures are forgotten
_log = logging.getLogger(__name__)


async def keep_listening(
    runtime: Runtime, archive: Archive, folder: Path, door: MqttDoor, routing: Routing
) -> None:
    """Let devices in and perform what they say, until cancelled; comes back after failures."""
    failures = 0
    clock = asyncio.get_running_loop()
    while True:
        began_s = clock.time()
        try:
            await _listen(runtime, archive, folder, door, routing)
            _log.warning("the MQTT door closed and is opened again")
        except (CityError, nats.errors.Error, OSError, TimeoutError) as error:
            _log.error("the MQTT door: %s", str(error) or type(error).__name__)
        except Exception:  # noqa: BLE001 (the city lives on without its devices, and is told)
            _log.exception("the MQTT door")
        failures = 0 if clock.time() - began_s > _QUIET_S else failures + 1
        await asyncio.sleep(_AGAIN_S[min(failures, len(_AGAIN_S)) - 1])


async def _listen(
    runtime: Runtime, archive: Archive, folder: Path, door: MqttDoor, routing: Routing
) -> None:
    issuer = Issuer()
    server = NatsServer(folder / FOLDER, door, issuer.public)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        await server.start()
        # A line each, so that nobody at the door waits behind what others say.
        guard, stream, aside = [await _connected(server, stack) for _ in range(3)]
        is_open = asyncio.Event()
        doorman = Doorman(issuer, Tokens.at(folder), runtime.clock.now)
        await _answer_for(guard, doorman, is_open)
        intake, passing = Intake(runtime, routing.read), Passing(runtime, routing.read)
        await intake.open(stream, await archive.cursors())
        await passing.open(aside)
        is_open.set()
        _log.info("devices come in by MQTT at %s:%d", door.host, door.port)
        await _until_one_ends(intake.run(), passing.run(), server.ended(), _gone(guard, stream))


async def _connected(server: NatsServer, stack: AsyncExitStack) -> Client:
    client = await nats.connect(
        server.url,
        user=USER,
        password=server.password,
        allow_reconnect=False,
        error_cb=_told,
        pending_size=64 << 20,
    )
    stack.push_async_callback(client.close)
    return client


async def _told(error: Exception) -> None:
    if not isinstance(error, nats.errors.SlowConsumerError):  # what passes by may be dropped
        _log.warning("the NATS server: %s", error)


async def _gone(*clients: Client) -> None:
    while all(client.is_connected for client in clients):
        await asyncio.sleep(0.5)


async def _answer_for(client: Client, doorman: Doorman, is_open: asyncio.Event) -> None:
    """Answer who may come in, as soon as what they say is kept."""

    async def answer(question: Msg) -> None:
        await is_open.wait()
        try:
            await question.respond(doorman.answer(question.data))
        except (CityError, LookupError, TypeError) as error:
            _log.warning("a question about a device could not be answered: %s", error)

    await client.subscribe(SUBJECT, cb=answer)
    await client.flush()


async def _until_one_ends(*parts: Any) -> None:
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
