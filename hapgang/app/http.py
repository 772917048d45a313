"""The city over HTTP: one small ASGI application in front of the endpoint table."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hapgang.app.endpoints import Context, Endpoint, Table, caller_of, endpoints_of_services
from hapgang.app.identities import identity_endpoints
from hapgang.app.news import News
from hapgang.app.ngsild import ngsild_endpoints, ngsild_problem
from hapgang.app.openapi import openapi_endpoints
from hapgang.app.operations import operations_endpoints
from hapgang.app.pages import Pages
from hapgang.app.problems import problem
from hapgang.app.runs import run_endpoints
from hapgang.app.tokens import ANONYMOUS, Tokens
from hapgang.app.views import view_endpoints
from hapgang.app.wiring import LiveCity
from hapgang.contract import Role
from hapgang.core.errors import NotFound, Refused, SignInNeeded

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class NoSuchPath(NotFound):
    """Nothing is at this path."""


class WrongMethod(NotFound):
    """The path exists, but not for this method."""

    status = 405


class Application:
    """The ASGI application of one city process."""

    def __init__(self, live: LiveCity, *, is_open: bool = False, is_demo: bool = False) -> None:
        """Serve a city; `is_open` lets NGSI-LD be used without sign-in, on loopback only."""
        self._live = live
        self._tokens = Tokens.at(live.folder)
        self._is_open = is_open
        news = News()
        live.on_start.append(news.attach)
        endpoints = [
            news.endpoint(),
            *endpoints_of_services(live),
            *view_endpoints(),
            *operations_endpoints(),
            *run_endpoints(),
            *identity_endpoints(self._tokens, is_demo=is_demo),
            *ngsild_endpoints(is_open=is_open),
        ]
        self.table = Table([*endpoints, *openapi_endpoints(endpoints)])
        self._pages = Pages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 (every failure becomes a problem document)
            is_ngsild = request.url.path.startswith("/ngsi-ld/")
            response = ngsild_problem(error) if is_ngsild else problem(error)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path, method = request.scope["path"], request.method
        found = self.table.find("GET" if method == "HEAD" else method, path)
        if found is None:
            return await self._elsewhere(request)
        endpoint, words = found
        caller = caller_of(request, self._tokens, self._live)
        check_caller(endpoint, caller)
        return await endpoint.call(Context(request, self._live, caller, words))

    async def _elsewhere(self, request: Request) -> Response:
        path = request.scope["path"]
        methods = self.table.methods_of(path)
        if methods:
            raise WrongMethod(
                f"{path} knows {', '.join(methods)}", f"{path}: {', '.join(methods)}만 가능합니다"
            )
        if path.startswith(("/api/", "/ngsi-ld/")) or request.method not in ("GET", "HEAD"):
            raise NoSuchPath(f"there is nothing at {path}", f"{path}에는 아무것도 없습니다")
        response = await self._pages.respond(request.scope)
        response.headers.update(_SAFE)
        return response


def check_caller(endpoint: Endpoint, caller: Any) -> None:
    """Raise `Refused` when the endpoint is not for this caller's role."""
    if caller.role in endpoint.allow:
        return
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
