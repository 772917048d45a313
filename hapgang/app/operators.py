"""Operators outside of the city: the one place that speaks with them, step by step.

What is to be asked stands in orders on disk. A step is taken when its order is on disk, and what
was answered comes back as an action; a city that dies anywhere in between goes on where it was.
Nothing here is remembered but who is being asked at this moment.
"""

import asyncio
import logging
import stat
import tomllib
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import msgspec

from hapgang.app.exchange import Answer, NoAnswer, Place, place_of
from hapgang.app.outside_http import send
from hapgang.contract import Caller, Role
from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money import open_account
from hapgang.services.mobility.maas.actions import (
    clear_guest,
    due_outside,
    gone_now,
    guest_of,
    guests_to_clear,
    next_call,
    note_answer,
    note_free,
    read_free,
    take_reply,
    take_vehicles,
)
from hapgang.services.mobility.maas.model.outside import Operator
from hapgang.services.mobility.maas.speaks import VERSION
from hapgang.services.mobility.maas.speaks.asking import Reply
from hapgang.writer.unit import Unit

SERVICE = "mobility.maas"
SECRETS = "operators.toml"
_PAUSE_S = 0.5  # how often it is looked whether something is due by the clock
_CALL_S, _POLL_S = 5.0, 10.0  # assumptions: how long an operator may take
_MOST_CALL_BYTES, _MOST_POLL_BYTES = 256_000, 8_000_000
_MOST_AT_ONCE = 4  # requests to one operator
_PART = 100  # vehicles that are written in one unit
_MOST_BAD = 1_000  # records of one answer that are told apart
_WAKES = frozenset({"MobilityOrder", "MobilityOperator"})
_MATTERS = ("MobilityOperator", "MobilityStatement")
_log = logging.getLogger(__name__)


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an operator may be spoken to, and the token that opens its door."""

    url: str
    token: str = ""


class Operators:
    """Asks the operators outside of one running city."""

    def __init__(self, runtime: Runtime, folder: Path) -> None:
        """Speak for a runtime; secrets lie in the city's folder."""
        self._runtime = runtime
        self._path = folder / SECRETS
        self._busy: set[str] = set()
        self._asking: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._secrets: dict[str, Secret] | None = None
        self._maas_id = f"hapgang:{runtime.scene.name}"
        runtime.writer.listeners.append(self._listen)

    async def run(self) -> None:
        """Ask what is due until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._wake.clear()
                await self._look(tasks)
                try:
                    async with asyncio.timeout(_PAUSE_S):
                        await self._wake.wait()
                except TimeoutError:
                    pass

    async def _look(self, tasks: asyncio.TaskGroup) -> None:
        self._clear_guests()
        if not any(self._runtime.state.count(name) for name in _MATTERS):
            return
        due = self._runtime.perform(due_outside, PLATFORM)
        self._open_accounts(due.accounts)
        if not (due.orders or due.polls):
            return
        secrets = await asyncio.to_thread(secrets_at, self._path)
        if self._secrets is not None and secrets != self._secrets:
            for operator in due.urls:  # what was wrong may be right now
                self._runtime.perform(note_answer, PLATFORM, operator=operator)
        self._secrets = secrets
        for operator, order in due.orders:
            self._begin(tasks, operator, order, self._step(operator, order, due.urls, secrets))
        for operator in due.polls:
            self._begin(tasks, operator, operator, self._poll(operator, due.urls, secrets))

    def _begin(
        self, tasks: asyncio.TaskGroup, operator: str, what: str, doing: Coroutine[Any, Any, None]
    ) -> None:
        if what in self._busy or self._asking[operator] >= _MOST_AT_ONCE:
            doing.close()
            return
        self._busy.add(what)
        self._asking[operator] += 1
        tasks.create_task(self._guarded(operator, what, doing))

    async def _guarded(self, operator: str, what: str, doing: Coroutine[Any, Any, None]) -> None:
        """Do something whose failure must not stop the city."""
        try:
            await doing
        except CityError as error:
            _log.warning("%s: %s", what, error)
        except Exception:  # noqa: BLE001 (it is told; the order is due again and tried again)
            _log.exception("%s", what)
        finally:
            self._busy.discard(what)
            self._asking[operator] -= 1
            self._wake.set()

    async def _step(
        self, operator: str, order: str, urls: dict[str, str], secrets: dict[str, Secret]
    ) -> None:
        """Take an order's next step: ask, and bring back what was answered."""
        door = self._door(operator, urls, secrets)
        if door is None:
            return  # it is given up in time, as for an operator that does not answer
        call = self._runtime.perform(next_call, PLATFORM, order=order)
        await self._runtime.writer.durable()
        if call is None:
            return
        try:
            got = await self._send(door, call.method, call.path, call.body, _MOST_CALL_BYTES)
            reply = Reply(status=got.status, body=got.body)
        except NoAnswer as error:
            reply = Reply(error=str(error))
        self._runtime.perform(take_reply, PLATFORM, order=order, ask=call.ask, reply=reply)
        reason = reply.error
        if reply.status is not None and reply.status >= 500:
            reason = f"HTTP {reply.status}"
        self._runtime.perform(note_answer, PLATFORM, operator=operator, reason=reason)

    async def _poll(self, operator: str, urls: dict[str, str], secrets: dict[str, Secret]) -> None:
        """Ask an operator what it has free."""
        door = self._door(operator, urls, secrets)
        if door is None:
            return
        try:
            assets = await self._send(door, "GET", "/operator/available-assets", b"")
            stations = await self._send(door, "GET", "/operator/stations", b"")
        except NoAnswer as error:
            self._runtime.perform(note_answer, PLATFORM, operator=operator, reason=str(error))
            return
        if assets.status != 200:
            reason = f"HTTP {assets.status}"
            self._runtime.perform(note_answer, PLATFORM, operator=operator, reason=reason)
            return
        places = stations.body if stations.status == 200 else b"[]"  # not everybody has any
        await self._take(operator, assets.body, places)

    async def _take(self, operator: str, assets: bytes, stations: bytes) -> None:
        """Take in what an operator has free: read beside the city, written in short units."""
        runtime = self._runtime
        record = runtime.state.get(operator)
        if record is None or not isinstance(record.view, Operator):
            return
        try:
            free = await asyncio.to_thread(read_free, record.view, assets, stations)
        except Invalid as error:
            runtime.perform(note_answer, PLATFORM, operator=operator, reason=error.message.en)
            return
        kept = frozenset(vehicle.id for vehicle in free.vehicles)
        gone = runtime.perform(gone_now, PLATFORM, operator=operator, kept=kept)
        for start in range(0, max(len(free.vehicles), len(gone)), _PART):
            part = slice(start, start + _PART)
            words = {"vehicles": free.vehicles[part], "gone": gone[part]}
            runtime.perform(take_vehicles, PLATFORM, operator=operator, **words)
            await asyncio.sleep(0)  # others come in between
        runtime.perform(note_free, PLATFORM, operator=operator, bad=free.bad[:_MOST_BAD])

    def _door(
        self, operator: str, urls: dict[str, str], secrets: dict[str, Secret]
    ) -> tuple[Place, str] | None:
        """Return where an operator is spoken to; None where the city's keeper did not allow it.

        The address has to be the one in the file, so that whoever changes what is registered
        neither gets the secret sent nor makes the city knock at other doors.
        """
        secret = secrets.get(operator.rsplit(":", 1)[-1])
        reason = f"not in {SECRETS} with this address"
        if secret is not None and secret.url.rstrip("/") == urls.get(operator):
            try:
                return place_of(secret.url), secret.token
            except Invalid as error:
                reason = error.message.en
        self._runtime.perform(note_answer, PLATFORM, operator=operator, reason=reason)
        return None

    async def _send(
        self, door: tuple[Place, str], method: str, path: str, body: bytes,
        most_bytes: int = _MOST_POLL_BYTES,
    ) -> Answer:  # fmt: skip
        place, token = door
        headers = {
            "Accept-Language": "ko, en;q=0.8", "Api": "TOMP", "Api-Version": VERSION,
            "maas-id": self._maas_id,
        }  # fmt: skip
        if token:
            headers["Authorization"] = f"Bearer {token}"
        limit_s = _POLL_S if most_bytes == _MOST_POLL_BYTES else _CALL_S
        return await send(
            place, method, path, body, headers, limit_s=limit_s, most_bytes=most_bytes
        )

    def _open_accounts(self, wanted: list[tuple[str, int]]) -> None:
        for owner, credit_won in wanted:
            if self._runtime.book.find_account(account_id(owner)) is None:
                self._runtime.perform(
                    open_account, PLATFORM, owner=owner, kind="operator", credit_won=credit_won
                )

    def _clear_guests(self) -> None:
        """Give back what guests keep whose bookings ended by themselves."""
        if not self._runtime.state.count("MobilityGuestBooking"):
            return
        for booking in self._runtime.perform(guests_to_clear, PLATFORM):
            guest = Caller(guest_of(booking.rsplit(":", 1)[-1]), Role.PLATFORM)
            try:
                self._runtime.perform(clear_guest, guest, booking=booking)
            except CityError as error:
                _log.warning("%s: %s", booking, error)

    def _listen(self, unit: Unit) -> None:
        if any(item.name in _WAKES for item in unit.items):
            self._wake.set()


async def ask_operators(runtime: Runtime, folder: Path) -> None:
    """Speak with operators outside for a city that has integrated mobility, until cancelled."""
    if SERVICE in runtime.services:
        await Operators(runtime, folder).run()
    await asyncio.Event().wait()


def secrets_at(path: Path) -> dict[str, Secret]:
    """Return whom the city may speak to, by name, with secrets; nobody where the file is absent.

    A file that others than the city's user can read is not used.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            _log.error("%s can be read by others; chmod 600 it", path)
            return {}
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Secret])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.error("%s cannot be used: %s", path, error)
        return {}
