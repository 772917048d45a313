"""TOMP-API 1.6 over HTTP: the city as a transport operator, for providers of journeys elsewhere.

What a provider asks for its traveller is done as a guest of the city, so that one operator's rules
for riders hold for all. A guest's booking takes two units: the provider's money is set aside in its
own name, the ride is kept in the guest's. What is cut off between the two expires by itself.
"""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import msgspec

from hapgang.app.context import Context, Reply, Respond
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.problems import problem
from hapgang.app.wiring import LiveCity
from hapgang.contract import Caller, Role, Route
from hapgang.core.errors import CityError, Invalid, NotFound, Unavailable
from hapgang.core.vocabulary.people import AgeBand
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.people import register_person
from hapgang.services.mobility.maas.actions import (
    booking_id,
    cancel_guest,
    commit_guest,
    guest_of,
    keep_guest,
    move_guest,
    serve_bookings,
    turn_guest_away,
)
from hapgang.services.mobility.maas.model.outside import GuestBooking
from hapgang.services.mobility.maas.speaks.serving import read
from hapgang.services.mobility.maas.speaks.words import BookingOperation, LegEvent

SERVICE = "mobility.maas"
TOMP = "/tomp/"
_DOCUMENT = msgspec.json.Decoder(dict[str, Any])
_CREATED = ("/planning/inquiries", "/planning/offers", "/bookings")  # answered with 201
# A stranger of whom a provider tells no age is taken to be grown up, as in our own plans.
_NO_AGE = AgeBand.THIRTIES


class NotUnderstood(Invalid):
    """A document is not as the standard has it; TOMP says so with 400."""

    status = 400


def tomp_endpoints(live: LiveCity) -> list[Endpoint]:
    """Return the standard's endpoints, where the city has integrated mobility."""
    service = live.services.get(SERVICE)
    routes = service.routes if service is not None else ()
    special: dict[Any, Call] = {
        serve_bookings: _book, commit_guest: _booking_event, move_guest: _leg_event,
    }  # fmt: skip
    return [
        Endpoint(
            route.method,
            f"/api/mobility/maas{route.path}",
            frozenset(route.allow),
            _answered(route, special.get(route.action) or _plain(route)),
            summary=(route.action.__doc__ or "").strip().splitlines()[0],
            tag=SERVICE,
        )
        for route in routes
        if route.path.startswith(TOMP)
    ]


def _answered(route: Route, call: Call) -> Call:
    """Wrap a call so that its errors have the standard's status."""

    async def answered(context: Context) -> Respond:
        try:
            return await call(context)
        except Invalid as error:
            return problem(NotUnderstood(error.message.en, error.message.ko))

    answered.__doc__ = route.path
    return answered


def _plain(route: Route) -> Call:
    """Return a call that passes the document, or the words of the path, to one action."""
    status = 201 if route.path.endswith(_CREATED) and route.method == "POST" else 200

    async def call(context: Context) -> Respond:
        runtime = context.live.runtime
        words: dict[str, Any] = dict(context.path)
        if route.method == "POST":
            words["document"] = await context.decoded(_DOCUMENT)
        told = await _safe(runtime, lambda: runtime.perform(route.action, context.caller, **words))
        return _told(told, status)

    return call


async def _book(context: Context) -> Respond:
    """POST /bookings: the provider's money first, then the ride as its guest."""
    runtime, document = context.live.runtime, await context.decoded(_DOCUMENT)
    runtime.perform(serve_bookings, context.caller, document=document)
    name = str(document["id"])
    told = await _safe(runtime, lambda: _keep(runtime, name))
    return _told(told, 201, _booking(runtime, name))


def _keep(runtime: Runtime, name: str) -> Any:
    mine = _booking(runtime, name)
    if mine is None:
        raise NotFound("There is no such booking.", "그런 예약이 없습니다.")
    runtime.perform(
        register_person, PLATFORM, person=guest_of(name), licence=mine.licence, visitor=True,
        age_band=_NO_AGE if mine.age is None else AgeBand.of(mine.age),
    )  # fmt: skip
    try:
        return runtime.perform(keep_guest, _as_guest(name), booking=name)
    except Unavailable:
        raise
    except CityError as error:
        reason = error.message.en
        runtime.perform(turn_guest_away, PLATFORM, booking=name, reason=reason)
        raise


async def _booking_event(context: Context) -> Respond:
    """POST /bookings/{id}/events: COMMIT and CANCEL."""
    runtime, name = context.live.runtime, context.path["booking"]
    wish = read(await context.decoded(_DOCUMENT), BookingOperation)
    actions: dict[str, Callable[..., Any]] = {"COMMIT": commit_guest, "CANCEL": cancel_guest}
    action = actions.get(wish.operation)
    if action is None:
        raise NotUnderstood(
            f"{wish.operation} is not done here.", f"{wish.operation}은(는) 지원하지 않습니다."
        )
    words = {"booking": name, "provider": context.caller.id}
    told = await _safe(runtime, lambda: runtime.perform(action, _as_guest(name), **words))
    return _told(told, 200, _booking(runtime, name))


async def _leg_event(context: Context) -> Respond:
    """POST /legs/{id}/events: SET_IN_USE and FINISH."""
    runtime, leg = context.live.runtime, context.path["leg"]
    document = await context.decoded(_DOCUMENT)
    read(document, LegEvent)
    who = _as_guest(leg.removesuffix("-1"))
    words = {"leg": leg, "provider": context.caller.id, "document": document}
    return _told(await _safe(runtime, lambda: runtime.perform(move_guest, who, **words)), 200)


async def _safe(runtime: Runtime, do: Callable[[], Any]) -> Any:
    """Do something, and wait until it is on disk: also what a refusal was answered with."""
    try:
        return do()
    finally:
        if not runtime.writer.is_durable:
            await runtime.writer.durable()


def _booking(runtime: Runtime, name: str) -> GuestBooking | None:
    record = runtime.state.get(booking_id(name))
    view = None if record is None else record.view
    return view if isinstance(view, GuestBooking) else None


def _as_guest(name: str) -> Caller:
    """Return the guest of a booking, whose steps only the platform can take."""
    return Caller(guest_of(name), Role.PLATFORM)


def _told(document: Any, status: int, booking: GuestBooking | None = None) -> Reply:
    body = b"" if document is None else msgspec.json.encode(document)
    reply = Reply(body, status=status).with_header("Content-Language", "ko")
    if booking is not None and booking.state == "pending":
        reply = reply.with_header("Expires", _http_date(booking.expires_at))
    return reply


def _http_date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)
