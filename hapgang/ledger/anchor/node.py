"""A node that is asked by JSON-RPC 2.0; who carries the bytes is somebody else's matter.

Source: the Ethereum JSON-RPC specification (ethereum/execution-apis).
"""

from collections.abc import Callable
from itertools import count
from typing import Any, TypeAlias

import msgspec

from hapgang.core.errors import Unavailable

Send: TypeAlias = Callable[[bytes], bytes]
"""Bring a body to the node that the operator named, and return the answer's: in bounded time, with
bounded bytes. Raises OSError or `Unavailable` where nothing comes."""

_MOST_BYTES = 1 << 20


class Complaint(Unavailable):
    """What the node answered instead of a result."""

    def __init__(self, code: int, message: str, data: bytes) -> None:
        """Keep the code, and the data where it has some."""
        super().__init__(f"The chain's node says: {message}", f"체인 노드의 응답: {message}")
        self.code = code
        self.words = message.lower()
        self.data = data


class Node:
    """One node of a chain."""

    def __init__(self, send: Send) -> None:
        """Speak through `send`."""
        self._send = send
        self._numbers = count(1)

    def ask(self, method: str, *params: object) -> Any:
        """Return a method's result; `Complaint` if the node refuses, else `Unavailable`."""
        number = next(self._numbers)
        asked = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        try:
            body = self._send(msgspec.json.encode(asked))
        except OSError as error:
            raise _away(str(error)) from error
        if len(body) > _MOST_BYTES:
            raise _away(f"an answer of {len(body)} bytes")
        try:
            answer = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _away("no JSON") from error
        if not isinstance(answer, dict) or answer.get("id") != number:
            raise _away("not the answer to what was asked")
        if (told := answer.get("error")) is not None:
            raise _complaint(told)
        return answer.get("result")


def quantity(value: object) -> int:
    """Return a whole number as the node writes it; `Unavailable` if it is none."""
    try:
        if isinstance(value, str) and value.startswith("0x") and len(value) <= 66:
            return int(value, 16)
    except ValueError:
        pass
    raise _away(f"{str(value)[:40]!r} for a number")


def octets(value: object) -> bytes:
    """Return bytes as the node writes them; `Unavailable` if they are none."""
    try:
        if isinstance(value, str) and value.startswith("0x"):
            return bytes.fromhex(value[2:])
    except ValueError:
        pass
    raise _away(f"{str(value)[:40]!r} for bytes")


def _complaint(error: object) -> Complaint:
    told = error if isinstance(error, dict) else {}
    code, data = told.get("code"), told.get("data")
    try:
        output = octets(data)
    except Unavailable:
        output = b""
    message = str(told.get("message", "an error"))[:300]
    return Complaint(code if isinstance(code, int) else 0, message, output)


def _away(why: str) -> Unavailable:
    return Unavailable(
        f"The chain's node does not answer: {why[:200]}",
        f"체인 노드가 응답하지 않습니다: {why[:200]}",
    )
