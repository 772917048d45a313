"""What `/temporal` takes and answers."""

from hapgang.app.context import JSON
from hapgang.app.ngsild.described.entities import MAPPED, QUERY_BODY
from hapgang.app.ngsild.described.parts import Answer, Body, Call, documents, entity_body, ref
from hapgang.app.ngsild.described.schemas import with_context
from hapgang.app.ngsild.linked import LD
from hapgang.app.ngsild.temporal.asked import QUERY_WORDS, RETRIEVE_WORDS

_DONE = Answer("Done")
_KEY = ("Idempotency-Key", "Link")
_READ = ("Link", "Purpose")
_WRITE = ("local", "via", "type", "options_write", *_KEY)
_RETRIEVE = (*sorted(RETRIEVE_WORDS - {"options", "format"}), "options_past", "format_past")
_QUERY = (*sorted(QUERY_WORDS - {"options", "format"}), "options_past", "format_past")
_ONE = documents(ref("EntityTold"))
_MANY = documents({"type": "array", "items": ref("EntityTold")})
_PATH = "/temporal/entities"
_PAGE = ("Link", "NGSILD-Results-Count")
_PAST = {
    200: Answer("What was told in that time", _MANY, _PAGE),
    206: Answer("The part of it that one answer has room for", _MANY, (*_PAGE, "Content-Range")),
}
_QUERIED = {
    **QUERY_BODY,
    "properties": {**QUERY_BODY["properties"], "temporalQ": {
        "type": "object", "properties": {
            "timerel": {"enum": ["before", "after", "between"]},
            "timeAt": {"type": "string", "format": "date-time"},
        },
    }},
}  # fmt: skip

CALLS: dict[tuple[str, str], Call] = {
    ("POST", _PATH): Call(
        {201: Answer("Created", headers=("Location",)), 204: _DONE},
        _WRITE, entity_body("Evolution"), (422, 504),
    ),
    ("GET", _PATH): Call(_PAST, (*_QUERY, *_READ), None, (406, 504)),
    ("GET", f"{_PATH}/{{entity}}"): Call(
        {
            200: Answer("Its past", _ONE, ("Link",)),
            206: Answer("A part of it", _ONE, ("Link", "Content-Range")),
        },
        (*_RETRIEVE, *_READ), None, (406, 504),
    ),
    ("DELETE", f"{_PATH}/{{entity}}"): Call({204: _DONE}, _WRITE, None, (409, 422)),
    ("POST", f"{_PATH}/{{entity}}/attrs"): Call(
        {204: _DONE}, _WRITE, entity_body("EntityFragment"), (422, 504)
    ),
    ("DELETE", f"{_PATH}/{{entity}}/attrs/{{attribute}}"): Call(
        {204: _DONE}, (*_WRITE, "datasetId", "deleteAll"), None, (409, 422, 504)
    ),
    ("PATCH", f"{_PATH}/{{entity}}/attrs/{{attribute}}/{{instance}}"): Call(
        {204: _DONE}, _WRITE, entity_body("AttributeFragment", patches=True), (422, 504)
    ),
    ("DELETE", f"{_PATH}/{{entity}}/attrs/{{attribute}}/{{instance}}"): Call(
        {204: _DONE}, _WRITE, None, (409, 422, 504)
    ),
    ("POST", "/temporal/entityOperations/query"): Call(
        _PAST, (*_QUERY, "Idempotency-Key", *_READ),
        Body({JSON: _QUERIED, LD: with_context(_QUERIED)}), (406, 504),
    ),
    ("GET", "/temporal/entityMaps"): Call(
        {201: MAPPED}, (*_QUERY, *_READ), None, (406, 502, 504)
    ),
    ("POST", "/temporal/entityMaps"): Call(
        {201: MAPPED}, (*_QUERY, "Idempotency-Key", *_READ),
        Body({JSON: _QUERIED, LD: with_context(_QUERIED)}), (406, 502, 504),
    ),
}  # fmt: skip
