"""The web server of a process: uvicorn, as a city wants it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

_KEPT_S = 3_600  # of connections between processes of one city


class _Server(uvicorn.Server):
    """A web server that leaves signals alone: uvicorn's own ends the process before the city."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def server_of(application: Callable[..., Any], *, is_inside: bool = False) -> uvicorn.Server:
    """Return a web server; its sockets are given to `serve`.

    is_inside: only processes of the same city come there, and keep their connections.
    """
    return _Server(
        uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=_KEPT_S if is_inside else 5,
        )
    )
