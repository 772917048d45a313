"""The address that a process listens at: taken before anything else is started there."""

import errno
import os
import socket
import time

from hapgang.core.errors import Unavailable

_PATIENCE_S = 2.0


def listening(host: str, port: int) -> socket.socket:
    """Take the address before anything is started; `Unavailable` when somebody else has it.

    Workers of a process that was killed leave it within a moment, which is waited for.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if not 0 <= port <= 65_535:
        raise _taken(host, port, "ports go from 0 to 65535")
    until_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until_s:
                raise _taken(host, port, os.strerror(error.errno or 0)) from None
        time.sleep(0.05)


def _taken(host: str, port: int, reason: str) -> Unavailable:
    return Unavailable(
        f"Nothing can listen on {host}:{port} ({reason}). Stop what is there, or choose another"
        " with --port.",
        f"{host}:{port}에서 열 수 없습니다({reason}). --port로 다른 포트를 고르세요.",
    )
