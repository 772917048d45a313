"""One HTTP/1.1 request to somebody outside, on a connection of its own."""

from collections.abc import Mapping

from hapgang.app.exchange import Answer, Place, ask, begin, connect, head, within
from hapgang.app.traces import headers as trace_headers


async def send(
    place: Place,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    limit_s: float,
    most_bytes: int,
) -> Answer:
    """Send one request and return the whole answer; `NoAnswer` for anything else."""
    request = _request(place, method, path, body, headers)
    return await within(limit_s, _exchange(place, request, most_bytes))


async def _exchange(place: Place, request: bytes, most_bytes: int) -> Answer:
    line = await connect(place)
    try:
        answer, _ = await ask(line, request, most_bytes)
        return answer
    finally:
        line.writer.close()


def _request(
    place: Place, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> bytes:
    fields = {"Accept": "application/json", "Connection": "close", **trace_headers(), **headers}
    if body:
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return head(begin(method, place, path), fields.items()) + body
