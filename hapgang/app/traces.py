"""Whose request this is, across systems: the `traceparent` header of W3C Trace Context, level 1.

A request that bears one is told so in log lines, and what the city asks others meanwhile bears the
same trace with the city's own step as its parent. Nothing is sent to a collector.
"""

import logging
import re
import secrets
from contextvars import ContextVar
from typing import NamedTuple

TRACEPARENT = b"traceparent"
_MOST_STATE = 512  # characters of `tracestate`, which is passed on as it came
_STATE = re.compile(r"[\x20-\x7e]*")
_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_NONE = ("0" * 32, "0" * 16)


class Trace(NamedTuple):
    """A step of a trace: the city's own of this request."""

    trace: str
    parent: str
    step: str
    flags: str
    state: str = ""


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def read(header: str | None, state: str | None = None) -> Trace | None:
    """Return the city's step of the trace that a header names; None where it names none.

    Of versions that are not known yet, the part that version 00 has is read (section 3.2.4).
    """
    found = _FORM.fullmatch(header) if header is not None and len(header) <= _MOST_STATE else None
    if found is None:
        return None
    version, trace, parent, flags, more = found.groups()
    if version == "ff" or trace == _NONE[0] or parent == _NONE[1] or (version == "00" and more):
        return None
    kept = state if state and len(state) <= _MOST_STATE and _STATE.fullmatch(state) else ""
    sampled = f"{int(flags, 16) & 1:02x}"
    return Trace(trace, parent, secrets.token_hex(8), sampled, kept)


def follow(trace: Trace | None) -> None:
    """Let all that this task does from here on belong to a trace, or to none."""
    _current.set(trace)


def current() -> Trace | None:
    """Return the trace that is under way."""
    return _current.get()


def headers() -> dict[str, str]:
    """Return what a request to others bears; nothing where there is no trace."""
    trace = _current.get()
    if trace is None:
        return {}
    out = {"traceparent": f"00-{trace.trace}-{trace.step}-{trace.flags}"}
    return {**out, "tracestate": trace.state} if trace.state else out


class TraceFilter(logging.Filter):
    """Gives log records the word `trace`, for a handler's format."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass."""
        trace = _current.get()
        record.trace = "" if trace is None else f" trace={trace.trace}"
        return True
