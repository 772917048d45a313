"""Tenants (ETSI GS CIM 009, clauses 4.14 and 6.3.14): cities beside the city, for NGSI-LD only.

A tenant has a database of its own on the city's server, a writer and a state, and keys of its own;
no service runs in it. So nothing leads from one tenant to another, and whoever names none pays
nothing. It is made by the first write of an operator, or of anybody where the city is open.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from hapgang.app.context import Message, Scope, Send, header_of
from hapgang.app.wiring import LiveCity
from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Invalid, Unavailable
from hapgang.hub.ngsild.errors import NonexistentTenant
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.contexts import contexts_of
from hapgang.writer.postgres import Postgres

HEADER = b"ngsild-tenant"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,48}")
_MOST = 6  # each has up to six connections to the database, which takes fifty
_LIMIT_S = 30.0
_log = logging.getLogger(__name__)


class TenantCity(LiveCity):
    """The city of one tenant."""

    def __init__(self, main: LiveCity, name: str) -> None:
        """Serve a tenant of a city, on its model."""
        super().__init__(
            main.model, main.scene.scenario.name, state=folder_of(main, name), scene=main.scene,
            notify=main.notifier.places, sources=main.sources.places,
        )  # fmt: skip
        self.services = {"platform": platform}
        self.contexts = contexts_of(self._find, main.fetcher, self.clock.now)
        self._of = main

    def _database(self) -> tuple[Postgres | None, dict[str, Any]]:
        postgres, connect = self._of._database()
        return postgres, {**connect, "database": database_of(connect, self.folder.name)}


class Tenants:
    """The tenants of a city, each made when it is needed and kept until the city ends."""

    def __init__(self, main: LiveCity, *, is_open: bool) -> None:
        """Know the tenants of a city; they run while it is in charge."""
        self._main = main
        self._is_open = is_open
        self._cities: dict[str, TenantCity] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._making = asyncio.Lock()
        main.alongside.append(self.run)

    async def run(self) -> None:
        """Bring to life the tenants that are on disk, and keep all of them until cancelled."""
        try:
            for folder in sorted(folder_of(self._main).glob("*")):
                if _NAME.fullmatch(folder.name):
                    self._start(folder.name)
            await asyncio.Event().wait()
        finally:
            tasks = [*self._tasks.values()]
            self._cities, self._tasks = {}, {}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def of(self, name: str, caller: Caller, *, creates: bool) -> LiveCity:
        """Return a tenant's city; `NonexistentTenant` where there is none and none is to be."""
        if not _NAME.fullmatch(name):
            raise Invalid(
                "a tenant's name consists of at most 48 letters, digits, _ and -",
                "테넌트 이름은 영문, 숫자, _, -로 48자까지입니다",
            )
        if name not in self._cities:
            if not (creates and (self._is_open or caller.role is Role.OPERATOR)):
                raise NonexistentTenant(f"there is no tenant {name}", f"{name} 테넌트가 없습니다")
            assert self._main.runtime is not None  # `Unavailable` while the city itself starts
            async with self._making:
                await self._make(name)
        city = self._cities[name]
        await self._until_there(city, self._tasks[name])
        return city

    async def _make(self, name: str) -> None:
        """Make the tenant's database; its folder last, for that is what says that it is there."""
        if name in self._cities:
            return
        if len(self._cities) >= _MOST:
            raise Conflict(
                f"there are {_MOST} tenants already, and no room for more",
                f"테넌트는 {_MOST}개까지 만들 수 있습니다",
            )
        postgres, connect = await asyncio.to_thread(self._main._database)
        try:
            connection = await asyncpg.connect(**connect)
            try:
                await connection.execute(f"CREATE DATABASE {database_of(connect, name)}")
            except asyncpg.DuplicateDatabaseError:
                _log.info("the database of tenant %s is there already", name)
            finally:
                await connection.close()
        finally:
            if postgres is not None:
                postgres.close()
        folder_of(self._main, name).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._start(name)

    def _start(self, name: str) -> None:
        city = TenantCity(self._main, name)
        self._cities[name] = city
        self._tasks[name] = asyncio.create_task(city.run(standby=True))

    async def _until_there(self, city: TenantCity, running: "asyncio.Task[None]") -> None:
        if city.in_charge.is_set():
            return
        there = asyncio.create_task(city.in_charge.wait())
        await asyncio.wait({there, running}, timeout=_LIMIT_S, return_when=asyncio.FIRST_COMPLETED)
        there.cancel()
        if not city.in_charge.is_set():
            raise Unavailable("The tenant is starting.", "테넌트가 시작되는 중입니다.")


def asked_for(scope: Scope) -> str | None:
    """Return the tenant that a request names; None where it names none, or is not for one."""
    return header_of(scope, HEADER) if scope["path"].startswith("/ngsi-ld/") else None


def echoing(send: Send, name: str) -> Send:
    """Return what sends an answer with the tenant's name in it (clause 6.3.14)."""
    if not _NAME.fullmatch(name):
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (HEADER, name.encode())]}
        await send(message)

    return sent


def folder_of(main: LiveCity, name: str = "") -> Path:
    """Return where a tenant's files are; without a name, where those of all tenants are."""
    return main.folder / "tenants" / name


def database_of(connect: Mapping[str, Any], name: str) -> str:
    """Return the name of a tenant's database: letters and digits, whatever the tenant's name.

    connect: how to come to the city's own, beside which other cities may have theirs.
    """
    own = connect.get("database") or urlsplit(connect["dsn"]).path
    digest = blake2b(f"{own.strip('/')}/{name}".encode(), digest_size=12)
    return f"tenant_{digest.hexdigest()}"
