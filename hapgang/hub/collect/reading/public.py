"""The envelope of Korea's public data portal, as AirKorea and the KMA answer: JSON or XML.

    {"response": {"header": {"resultCode": "00", "resultMsg": "..."},
                  "body": {"items": [...] | {"item": [...]}, "totalCount": n, "numOfRows": m}}}

What the gateway itself refuses (a key that is unknown, a limit that is used up) comes as XML, also
to who asked for JSON: OpenAPI_ServiceResponse. Codes as in the portal's guide to its open API.
"""

from typing import Any, BinaryIO

from hapgang.hub.collect.reading.documents import json_document, xml_document
from hapgang.hub.collect.reading.rows import Row, Rows, Unreadable, whole
from hapgang.hub.collect.words import Reading

_FINE = ("00", "0", "0000")
_NOTHING = ("03", "3")  # no data for what was asked


def public_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read the items of an answer; `Unreadable` repeats what the service says is wrong."""
    data = whole(source)
    message = xml_document(data) if data.lstrip()[:1] == b"<" else json_document(data)
    response = message.get("response") if isinstance(message, dict) else None
    if not isinstance(response, dict):
        raise _refused(message)
    header = response.get("header")
    code = str(header.get("resultCode", "")) if isinstance(header, dict) else ""
    if code in _NOTHING:
        return
    if code not in _FINE:
        raise _said(code, header.get("resultMsg") if isinstance(header, dict) else None)
    body = response.get("body")
    around = {"header": header, "body": _without_items(body)}
    for item in _items(body):
        yield Row(item, around)


def _items(body: Any) -> list[Any]:
    items = body.get("items") if isinstance(body, dict) else None
    if isinstance(items, dict):
        items = items.get("item")
    if items is None or items == "":
        return []
    return items if isinstance(items, list) else [items]


def _without_items(body: Any) -> Any:
    if not isinstance(body, dict):
        return None
    return {name: value for name, value in body.items() if name != "items"}


def _refused(message: Any) -> Unreadable:
    gateway = message.get("OpenAPI_ServiceResponse") if isinstance(message, dict) else None
    head = gateway.get("cmmMsgHeader") if isinstance(gateway, dict) else None
    if not isinstance(head, dict):
        return Unreadable("there is no `response` in it", "`response`가 없는 문서입니다")
    return _said(head.get("returnReasonCode"), head.get("returnAuthMsg") or head.get("errMsg"))


def _said(code: Any, why: Any) -> Unreadable:
    text = f"{code} {why}"[:200]
    return Unreadable(f"the service refuses: {text}", f"서비스 오류: {text}")
