"""The city over HTTP: one small ASGI application in front of the endpoint table."""

import re
import time
from functools import partial

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from hapgang.app.catalogue import catalogue_endpoints
from hapgang.app.closed import closed_endpoints
from hapgang.app.context import Context, Receive, Respond, Scope, Send, header_of
from hapgang.app.datamap import Uses, note_read
from hapgang.app.endpoints import Endpoint, Table, endpoints_of_services
from hapgang.app.identity.callers import Callers
from hapgang.app.identity.entrance import sign_in_endpoints
from hapgang.app.lake_sql import lake_endpoints
from hapgang.app.log.endpoints import log_endpoints
from hapgang.app.measures import Today, measure_endpoints
from hapgang.app.news import News
from hapgang.app.ngsild import ngsild_endpoints, ngsild_problem
from hapgang.app.open_data import open_data_endpoints
from hapgang.app.openapi import openapi_endpoints
from hapgang.app.operations import operations_endpoints
from hapgang.app.pages import Pages
from hapgang.app.problems import problem
from hapgang.app.rehearsals import rehearsal_endpoints
from hapgang.app.runs import run_endpoints
from hapgang.app.scenarios import scenario_endpoints
from hapgang.app.side_by_side import side_by_side_endpoints
from hapgang.app.spoken import while_true
from hapgang.app.statements import statement_endpoints
from hapgang.app.takings import takings_endpoint
from hapgang.app.tenants import Tenants, asked_for, echoing
from hapgang.app.tiles import tile_endpoints
from hapgang.app.tokens import ANONYMOUS, Tokens
from hapgang.app.tomp import tomp_endpoints
from hapgang.app.traces import TRACEPARENT, follow, read
from hapgang.app.traffic import OTHER, Traffic
from hapgang.app.treasury import treasury_endpoints
from hapgang.app.views import view_endpoints
from hapgang.app.votes.endpoints import votes_endpoints
from hapgang.app.votes.trial import Trials
from hapgang.app.wiring import LiveCity
from hapgang.contract import Caller, Role
from hapgang.core.errors import CityError, Invalid, NotFound, Refused, SignInNeeded
from hapgang.runtime.specs import not_covered

_NO_PAGES = ("/api/", "/ngsi-ld/", "/ogc/")
_SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


_LACKS_ID = re.compile(
    r"/ngsi-ld/v1/(?:entities/(?:/|$)|temporal/entities//|(?:temporal/)?entities/[^/]+/attrs//)"
)


class NoSuchPath(NotFound):
    """Nothing is at this path."""


class WrongMethod(NotFound):
    """The path exists, but not for this method."""

    status = 405


class Application:
    """The ASGI application of one city process."""

    def __init__(
        self,
        live: LiveCity,
        *,
        is_open: bool = False,
        is_demo: bool = False,
        has_visitors: bool = False,
        origin: str | None = None,
    ) -> None:
        """Serve a city; `is_open`: NGSI-LD without sign-in; `has_visitors`: without an account."""
        self._live, tokens = live, Tokens.at(live.folder)
        self._callers, people = Callers(tokens, live), is_demo or has_visitors
        self._tenants, self.traffic = Tenants(live, is_open=is_open), Traffic()
        news, today = News(), Today()
        live.on_start.append(news.attach)
        self._pages, self.uses = Pages(), Uses()
        endpoints = [
            news.endpoint(),
            *endpoints_of_services(live),
            *view_endpoints(has_visitors=people),
            *[*statement_endpoints(), *treasury_endpoints(), takings_endpoint()],
            *tile_endpoints(),
            *operations_endpoints(self.traffic),
            *closed_endpoints(),
            *run_endpoints(),
            *side_by_side_endpoints(),
            *scenario_endpoints(),
            *rehearsal_endpoints(live.model, live.folder),
            *measure_endpoints(today),
            *lake_endpoints(today),
            *catalogue_endpoints(),
            *open_data_endpoints(live, self.uses),
            *log_endpoints(),
            *votes_endpoints(Trials(live, self, is_demo=is_demo)),
            *sign_in_endpoints(live, tokens, origin, is_demo=is_demo, has_visitors=people),
            *ngsild_endpoints(is_open=is_open),
            *tomp_endpoints(live),
        ]
        self.table = Table([*endpoints, *openapi_endpoints(endpoints)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        trace = header_of(scope, TRACEPARENT)
        follow(None if trace is None else read(trace, header_of(scope, b"tracestate")))
        self.traffic.under_way += 1
        try:
            await self._serve(scope, receive, send)
        finally:
            self.traffic.under_way -= 1

    async def attempt(self, scope: Scope, receive: Receive) -> Respond | None:
        """Return the answer to a request without a body; None instead of any error."""
        trace = header_of(scope, TRACEPARENT)
        follow(None if trace is None else read(trace, header_of(scope, b"tracestate")))
        began_s = time.perf_counter()
        try:
            response = await self._answer(scope, receive)
        except Exception:  # noqa: BLE001 (whoever knows more is asked next, and tells what is wrong)
            return None
        self._count(scope, response, time.perf_counter() - began_s)
        return response

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began_s = time.perf_counter()
        try:
            response = await self._answer(scope, receive)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 (every failure becomes a problem document)
            is_ngsild = scope["path"].startswith("/ngsi-ld/")
            response = ngsild_problem(error) if is_ngsild else problem(error)
        self._count(scope, response, time.perf_counter() - began_s)
        tenant = asked_for(scope)
        await response(scope, receive, send if tenant is None else echoing(send, tenant))

    def _count(self, scope: Scope, response: Respond, took_s: float) -> None:
        status: int = getattr(response, "status", 0) or getattr(response, "status_code", 200)
        self.traffic.done(
            scope["method"], scope.get("route", OTHER), status, took_s,
            scope.get("role", ""), self._live.clock.now,
        )  # fmt: skip

    async def _answer(self, scope: Scope, receive: Receive) -> Respond:
        method, raw_path = scope["method"], scope["raw_path"].decode("latin-1")
        found = self.table.find("GET" if method == "HEAD" else method, raw_path)
        if found is None:
            return await self._elsewhere(scope, raw_path)
        endpoint, words = found
        scope["route"] = endpoint.path
        caller = self._caller_of(scope) if endpoint.reads_token else ANONYMOUS
        scope["role"] = caller.role.value
        caller = check_caller(endpoint, caller)
        context = Context(scope, receive, await self._city_of(scope, caller), caller, words)
        response = await endpoint.call(context)
        if isinstance(response, StreamingResponse) and caller != ANONYMOUS:
            is_still = partial(self._is_still, scope, caller)
            response.body_iterator = while_true(is_still, response.body_iterator)
        if context.live is self._live:
            note_read(self.uses, endpoint.path, context)
        return response

    def _is_still(self, scope: Scope, caller: Caller) -> bool:
        """Return whether who called is signed in still, as what they were."""
        try:
            return self._caller_of(scope).role is caller.role
        except CityError:
            return False

    async def _city_of(self, scope: Scope, caller: Caller) -> LiveCity:
        """Return the city that a request is for: a tenant's where it names one."""
        tenant = asked_for(scope)
        if tenant is None:
            return self._live
        creates = scope["method"] == "POST" and not scope["path"].rstrip("/").endswith("/query")
        return await self._tenants.of(tenant, caller, creates=creates)

    async def _elsewhere(self, scope: Scope, raw_path: str) -> Respond:
        path = scope["path"]
        lacking = _LACKS_ID.match(raw_path)
        without = raw_path.replace("/attrs//", "/attrs/", 1)  # what the path is without that name
        methods = self.table.methods_of(without if lacking else raw_path)
        if lacking and (without == raw_path or not methods or scope["method"] in methods):
            raise Invalid("the path lacks a name", "경로에 id나 속성 이름이 없습니다")
        if methods:
            raise WrongMethod(
                f"{path} knows {', '.join(methods)}",
                f"{path}: {', '.join(methods)}만 가능합니다",
                allow=", ".join(methods),
            )
        if path.startswith(_NO_PAGES) or scope["method"] not in ("GET", "HEAD"):
            raise NoSuchPath(f"there is nothing at {path}", f"{path}에는 아무것도 없습니다")
        response = await self._pages.respond(scope)
        response.headers.update(_SAFE)
        return response

    def _caller_of(self, scope: Scope) -> Caller:
        """Return who calls, by the bearer token; without one nobody in particular."""
        header = header_of(scope, b"authorization")
        if header is None:
            return ANONYMOUS
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Invalid(
                "use Authorization: Bearer TOKEN", "Authorization: Bearer 토큰 형식입니다"
            )
        return self._callers.of(token.strip())


def check_caller(endpoint: Endpoint, caller: Caller) -> Caller:
    """Return as whom to go on; raise `Refused` when the endpoint is not for this caller.

    Who acts for somebody comes through doors that are open to all as anybody does: whom they act
    for has not delegated that.
    """
    if caller.only is not None and not endpoint.is_delegated(caller.only):
        if Role.ANONYMOUS not in endpoint.allow:
            raise not_covered(endpoint.spec)
        return ANONYMOUS
    if caller.role in endpoint.allow:
        return caller
    if caller.role is Role.ANONYMOUS or caller == ANONYMOUS:
        raise SignInNeeded("Sign in to do this.", "로그인한 뒤 이용해 주세요.")
    allowed = ", ".join(sorted(role.value for role in endpoint.allow))
    raise Refused(
        f"This is for: {allowed}. You are signed in as {caller.role.value}.",
        f"허용된 역할: {allowed}. 현재 역할: {caller.role.value}.",
    )


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
