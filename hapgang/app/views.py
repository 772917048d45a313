"""What the portal reads: the city, its model, its services, and the caller's own affairs."""

import asyncio
import gzip
import hashlib
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta
from starlette.responses import Response

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.contract import ANYONE, Kpi, Level, Role, Service, Text
from hapgang.core.entity import type_of
from hapgang.ledger.till import account_id
from hapgang.runtime.specs import wrong_words
from hapgang.twin.exchange.geojson import LAYERS, layer_geojson
from hapgang.twin.scene import Scene

GEOJSON = "application/geo+json"
_PEOPLE = frozenset({Role.RESIDENT, Role.VISITOR})


class CityView(msgspec.Struct):
    """The city as a whole."""

    name: str
    title: Text
    time_zone: str
    centre: tuple[float, float]
    bounds: tuple[float, float, float, float]
    scenario: str
    residents: int
    now: str
    sources: list[dict[str, str]]
    visitors: bool  # whether one may go on without an account, for some hours


class KpiView(msgspec.Struct):
    """What a service is measured by."""

    name: str
    title: Text
    unit: str
    better: str
    target: float | None
    source: str
    source_ko: str


class ReadView(msgspec.Struct):
    """What a service reads of a type that is not its own, and what for."""

    type: str
    fields: tuple[str, ...]
    purpose: Text


class ServiceView(msgspec.Struct):
    """A service that this city runs."""

    name: str
    title: Text
    level: Level
    owns: list[str]
    reads: list[ReadView]
    kpis: list[KpiView]
    page: bool


class TransferView(msgspec.Struct):
    """A line of the caller's statement; what leaves is negative."""

    id: str
    at: str
    amount_won: int
    other: str
    memo: str
    step: str


def view_endpoints(*, has_visitors: bool = False) -> list[Endpoint]:
    """Return the portal's reads."""
    anyone = frozenset(ANYONE)

    async def city(context: Context) -> Respond:
        return json_reply(_city(context, has_visitors=has_visitors))

    return [
        Endpoint("GET", "/api/city", anyone, city, summary="The city.", returns=CityView),
        Endpoint(
            "GET", "/api/scene/{layer}", anyone, _layer,
            summary=f"The city's model as GeoJSON: {', '.join(LAYERS)}.",
            media_type=GEOJSON,
        ),
        Endpoint(
            "GET", "/api/services", anyone, _services,
            summary="The services that this city runs.", returns=list[ServiceView],
        ),
        Endpoint(
            "GET", "/api/me/transfers", _PEOPLE, _transfers,
            summary="A page of the caller's statement, newest first: limit, offset.",
            returns=list[TransferView],
        ),
        Endpoint(
            "GET", "/api/me/access", _PEOPLE, _access,
            summary="A page of who looked at the caller's data, newest first: limit, offset.",
            returns=list[dict[str, Any]],
        ),
    ]  # fmt: skip


def _city(context: Context, *, has_visitors: bool) -> CityView:
    live = context.live
    scene = live.scene
    lon, lat = scene.nodes.lon, scene.nodes.lat
    return CityView(
        name=scene.name,
        title=scene.title,
        time_zone=scene.time_zone,
        centre=scene.facts.centre,
        bounds=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        scenario=scene.scenario.name,
        residents=scene.residents,
        now=live.clock.now().isoformat(),
        sources=[msgspec.to_builtins(source) for source in scene.facts.sources],
        visitors=has_visitors,
    )


class _Layer(NamedTuple):
    """A layer as it goes out, plain and packed, and its fingerprint."""

    plain: bytes
    packed: bytes
    etag: str


async def _layer(context: Context) -> Respond:
    layer = await asyncio.to_thread(_layer_of, context.live.scene, context.path["layer"])
    headers = {"Cache-Control": "no-cache", "ETag": layer.etag, "Vary": "Accept-Encoding"}
    if context.header(b"if-none-match") == layer.etag:
        return Response(status_code=304, headers=headers)
    if context.accepts("gzip"):
        headers["Content-Encoding"] = "gzip"
        return Response(layer.packed, media_type=GEOJSON, headers=headers)
    return Response(layer.plain, media_type=GEOJSON, headers=headers)


@lru_cache(maxsize=16)
def _layer_of(scene: Scene, layer: str) -> _Layer:
    plain = msgspec.json.encode(layer_geojson(scene, layer))
    etag = f'W/"{hashlib.blake2b(plain, digest_size=12).hexdigest()}"'
    return _Layer(plain, gzip.compress(plain, 6, mtime=0), etag)


async def _services(context: Context) -> Respond:
    found = [
        _service_view(name, service)
        for name, service in context.live.services.items()
        if name != "platform"
    ]
    return json_reply(found)


def _service_view(name: str, service: Service) -> ServiceView:
    return ServiceView(
        name=name,
        title=service.title,
        level=service.level,
        owns=[type_of(view).name for view in service.owns],
        reads=[ReadView(type_of(r.view).name, r.fields, r.purpose) for r in service.reads],
        kpis=[_kpi_view(kpi) for kpi in service.kpis],
        page=service.page,
    )


class _Page(msgspec.Struct, forbid_unknown_fields=True):
    """Which part of a long list is wanted."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 200
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


def _page_of(context: Context) -> _Page:
    try:
        return msgspec.convert(context.words(), _Page, strict=False)
    except msgspec.ValidationError as error:
        raise wrong_words(error) from None


def _kpi_view(kpi: Kpi) -> KpiView:
    return KpiView(
        name=kpi.name,
        title=kpi.title,
        unit=kpi.unit,
        better=kpi.better,
        target=kpi.target,
        source=kpi.source.en,
        source_ko=kpi.source.ko,
    )


async def _transfers(context: Context) -> Respond:
    account = account_id(context.caller.id)
    page = _page_of(context)
    rows = await context.live.reads.transfers_of(account, page.limit, page.offset)
    return json_reply(
        [
            TransferView(
                id=row.id,
                at=at.isoformat(),
                amount_won=row.amount_won if row.credit == account else -row.amount_won,
                other=row.debit if row.credit == account else row.credit,
                memo=row.memo,
                step=row.step,
            )
            for at, row in rows
        ]
    )


async def _access(context: Context) -> Respond:
    page = _page_of(context)
    return json_reply(await context.live.reads.reads_of(context.caller.id, page.limit, page.offset))
