"""What `/subscriptions`, `/csourceRegistrations` and `/info` take and answer."""

from typing import Any

from hapgang.app.ngsild.asked import SELECTION_WORDS
from hapgang.app.ngsild.described.parts import Answer, Call, documents, entity_body, ref
from hapgang.app.ngsild.described.schemas import with_context
from hapgang.app.ngsild.described.words import URI
from hapgang.hub.registrations.discovery import TIME_WORDS

_DONE = Answer("Done")
_CREATED = {201: Answer("Created", headers=("Location",))}
_KEY = ("Idempotency-Key", "Link")
_WRITE = ("local", "via", *_KEY)
_PAGE = ("limit", "offset", "count", "options_page", "local", "via", "Link")
_OWN = ("options_page", "local", "via")
_QUERY = (*sorted(SELECTION_WORDS | TIME_WORDS | {"attrs", "csf", "local", "via"}), "options_page")
_URI = {"type": "string", "pattern": URI}
_NAME = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]*$"}
_TEXT = {"type": "string"}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


_SELECTORS = {"type": "array", "minItems": 1, "items": _object(["type"], type=_NAME)}
_ENDPOINT = _object(
    ["uri"],
    uri={"type": "string", "pattern": "^http://127\\.0\\.0\\.1:9/[a-z]{1,9}$"},
    accept={"enum": ["application/json", "application/ld+json", "application/geo+json"]},
)
_NOTIFICATION = _object(
    ["endpoint"],
    endpoint={"anyOf": [_ENDPOINT, {"type": "object"}]},
    format={"enum": ["normalized", "concise", "simplified", "keyValues"]},
    attributes={"type": "array", "minItems": 1, "items": _NAME},
)
_MEMBERS: dict[str, Any] = {
    "id": _URI,
    "type": {"const": "Subscription"},
    "subscriptionName": _TEXT,
    "entities": _SELECTORS,
    "watchedAttributes": {"type": "array", "minItems": 1, "items": _NAME},
    "notification": _NOTIFICATION,
    "isActive": {"type": "boolean"},
}
_SUBSCRIPTION = _object(["type", "notification"], **_MEMBERS)
_CHANGED = {**_object([], **_MEMBERS), "minProperties": 1}
_INFORMATION = _object([], entities=_SELECTORS, propertyNames={"type": "array", "items": _NAME})
_REGISTERED: dict[str, Any] = {
    "id": _URI,
    "type": {"const": "ContextSourceRegistration"},
    "information": {"type": "array", "minItems": 1, "items": _INFORMATION},
    "endpoint": _ENDPOINT["properties"]["uri"],
    "mode": {"enum": ["inclusive", "exclusive", "redirect", "auxiliary"]},
    "registrationName": _TEXT,
}
_REGISTRATION = _object(["type", "information", "endpoint"], **_REGISTERED)
_REGISTRATION["properties"]["endpoint"] = {"anyOf": [_REGISTERED["endpoint"], _TEXT]}

SCHEMAS: dict[str, Any] = {
    "Subscription": _SUBSCRIPTION,
    "SubscriptionLd": with_context(_SUBSCRIPTION),
    "SubscriptionFragment": _CHANGED,
    "SubscriptionFragmentLd": with_context(_CHANGED),
    "SubscriptionTold": _object(
        ["id", "type", "notification", "status"],
        id=_TEXT, type={"const": "Subscription"},
        notification=_object(["endpoint"], endpoint=_object(["uri"], uri=_TEXT)),
        status={"enum": ["active", "paused", "expired"]},
    ),
    "Registration": _REGISTRATION,
    "RegistrationLd": with_context(_REGISTRATION),
    "RegistrationFragment": {"type": "object", "minProperties": 1},
    "RegistrationFragmentLd": with_context({"type": "object"}),
    "RegistrationTold": _object(
        ["id", "type", "information", "endpoint"],
        id=_TEXT, type={"const": "ContextSourceRegistration"},
    ),
    "SourceIdentity": _object(
        ["id", "type", "contextSourceAlias", "contextSourceUptime", "contextSourceTimeAt"],
        type={"const": "ContextSourceIdentity"},
    ),
}  # fmt: skip


def _told(name: str) -> Answer:
    return Answer("It", documents(ref(name)), ("Link",))


def _many(name: str) -> Answer:
    schema = {"type": "array", "items": ref(name)}
    return Answer("A page of them", documents(schema), ("Link", "NGSILD-Results-Count"))


CALLS: dict[tuple[str, str], Call] = {}
for _path in ("subscriptions", "csourceSubscriptions"):
    CALLS |= {
        ("POST", f"/{_path}"): Call(
            _CREATED, (*_WRITE, "Purpose"), entity_body("Subscription"), (422, 504)
        ),
        ("GET", f"/{_path}"): Call({200: _many("SubscriptionTold")}, _PAGE, None, (406, 504)),
        ("GET", f"/{_path}/{{subscription}}"): Call(
            {200: _told("SubscriptionTold")}, _PAGE, None, (406, 504)
        ),
        ("PATCH", f"/{_path}/{{subscription}}"): Call(
            {204: _DONE}, _WRITE, entity_body("SubscriptionFragment", patches=True), (422, 504)
        ),
        ("DELETE", f"/{_path}/{{subscription}}"): Call({204: _DONE}, _WRITE, None, (409,)),
        ("GET", f"/{_path}/{{subscription}}/events"): Call(
            {200: Answer("Notifications as they come", {"text/event-stream": _TEXT})},
            ("local", "via"),
            None,
            (406, 409),
        ),
    }
CALLS |= {
    ("POST", "/csourceRegistrations"): Call(
        _CREATED, (*_OWN, *_KEY), entity_body("Registration"), (422, 504)
    ),
    ("GET", "/csourceRegistrations"): Call(
        {200: _many("RegistrationTold")}, (*_QUERY, "Link"), None, (406, 504)
    ),
    ("GET", "/csourceRegistrations/{registration}"): Call(
        {200: _told("RegistrationTold")}, (*_OWN, "Link"), None, (406, 504)
    ),
    ("PATCH", "/csourceRegistrations/{registration}"): Call(
        {204: _DONE}, (*_OWN, *_KEY), entity_body("RegistrationFragment", patches=True), (422, 504)
    ),
    ("DELETE", "/csourceRegistrations/{registration}"): Call(
        {204: _DONE}, (*_OWN, *_KEY), None, (409,)
    ),
    ("GET", "/info/sourceIdentity"): Call(
        {200: _told("SourceIdentity")}, (*_OWN, "Link"), None, (406, 504)
    ),
}
