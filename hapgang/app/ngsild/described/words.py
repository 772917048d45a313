"""Parameters of the standard's API, with their grammar where it is short."""

from typing import Any

from hapgang.app.ngsild.described.parts import Parameter

URI = r"^[a-zA-Z][a-zA-Z0-9+.\-]*:[^\s\x00-\x20<>\"{}|\\^`]{1,500}$"
_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_TEXT = {"type": "string", "maxLength": 4000}


def _text(example: str, grammar: str = "") -> dict[str, Any]:
    """Return the schema of a text; what its usual form is, is said without forbidding others."""
    usual = {"type": "string", "pattern": f"^{grammar}$"} if grammar else _TEXT
    return (
        {"anyOf": [usual, _TEXT], "examples": [example]}
        if grammar
        else {**_TEXT, "example": example}
    )


def _one_of(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


def _list_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema, "minItems": 1}


_URI = {"type": "string", "pattern": URI}
_INSTANT = r"20[0-9]{2}-0[1-9]-[12][0-8]T0[0-9]:[0-5][0-9]:00Z"
_NAMES = rf"{_NAME}(,{_NAME}){{0,3}}"
_FORMATS = _one_of("normalized", "concise", "simplified", "keyValues")

_TENANT = Parameter(
    "Whose data are meant; a tenant has names of its own for everything",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,48}$"},
    "header",
)

_MAP = Parameter("The entity map that pages are taken from", {"type": "string"}, "header")

PARAMETERS: dict[str, Parameter] = {
    # of the path
    "/entity": Parameter("The entity's id", _URI, "path"),
    "/attribute": Parameter("The attribute's name", {"type": "string", "minLength": 1}, "path"),
    "/type": Parameter("The type's name", {"type": "string", "minLength": 1}, "path"),
    "/context": Parameter(
        "The context's id, or its address", {"type": "string", "minLength": 1}, "path"
    ),
    "/registration": Parameter("The registration's id", _URI, "path"),
    "/map": Parameter("The entity map's id", {"type": "string", "minLength": 1}, "path"),
    "/subscription": Parameter("The subscription's id", _URI, "path"),
    "/instance": Parameter("The instance's id", _URI, "path"),
    # headers
    "Link": Parameter(
        'The context of the request: <ADDRESS>; rel="http://www.w3.org/ns/json-ld#context"',
        {"type": "string"},
        "header",
    ),
    "Idempotency-Key": Parameter(
        "The same request with the same key is done once",
        {"type": "string", "minLength": 1, "maxLength": 200},
        "header",
    ),
    "NGSILD-Tenant": _TENANT,
    "NGSILD-EntityMap": _MAP,
    "Purpose": Parameter("Why personal data are read", {"type": "string"}, "header"),
    # which entities
    "id": Parameter("Ids of entities", _list_of(_URI), is_list=True),
    "type": Parameter(
        "Types: Building,(Home;Vehicle)", _text("Building", rf"{_NAME}([,;|]{_NAME}){{0,2}}")
    ),
    "idPattern": Parameter(
        "A regular expression that the id fits", {"type": "string", "maxLength": 200}
    ),
    "attrs": Parameter("Names of attributes", _text("speed", _NAMES)),
    "q": Parameter(
        'A query: speed>50;brand=="X"',
        _text("speed>50", rf"{_NAME}((==|!=|<|>|<=|>=)[0-9]{{1,4}})?"),
    ),
    "csf": Parameter("A filter of registrations, in the language of q", _text('name=="x"')),
    "georel": Parameter(
        "How geometries lie to each other",
        _text(
            "near;maxDistance==2000",
            r"(within|contains|overlaps|intersects|equals|disjoint|near;(max|min)Distance==[0-9]{1,5})",
        ),
    ),
    "geometry": Parameter(
        "The kind of the geometry", _text("Point", r"(Point|Polygon|LineString|MultiPoint)")
    ),
    "coordinates": Parameter(
        "The geometry's coordinates",
        _text("[127.2,36.5]", r"\[-?[0-9]{1,2}\.[0-9],-?[0-9]{1,2}\.[0-9]\]"),
    ),
    "geoproperty": Parameter("The attribute that holds the geometry", _text("location", _NAME)),
    "scopeQ": Parameter(
        "Scopes: /Madrid/#;/Parks", _text("/a/#", r"/[a-z]{1,5}(/[a-z]{1,5}|/\+)?(/#)?")
    ),
    "datasetId": Parameter("Which instances of attributes", _text("@none")),
    # how many, in which order
    "limit": Parameter("At most so many", {"type": "integer", "minimum": 0, "maximum": 1000}),
    "offset": Parameter("After so many", {"type": "integer", "minimum": 0, "maximum": 999_999_999}),
    "count": Parameter("Tell how many there are", {"type": "boolean"}),
    "orderBy": Parameter("By what they are sorted", _text("name;desc", rf"{_NAME}(;(asc|desc))?")),
    "collation": Parameter("In which language texts are sorted", _text("ko")),
    # in which form
    "pick": Parameter("Members that are told: name,locatedAt{id}", _text("name", _NAMES)),
    "omit": Parameter("Members that are not told", _text("name", _NAMES)),
    "format": Parameter("The representation", _FORMATS),
    "options": Parameter(
        "More of the form",
        _list_of(_one_of("normalized", "concise", "simplified", "keyValues", "sysAttrs", "count")),
        is_list=True,
    ),
    "lang": Parameter("Languages, best first", _text("ko,en;q=0.5", r"(ko|en|fr)(;q=0\.[1-9])?")),
    "geometryProperty": Parameter(
        "Which attribute is a Feature's geometry", _text("location", _NAME)
    ),
    "join": Parameter("Whether linked entities are told, too", _one_of("inline", "flat", "@none")),
    "joinLevel": Parameter("How many links away", {"type": "integer", "minimum": 1, "maximum": 10}),
    "containedBy": Parameter("Entities that led to this one", _text("urn:ngsi-ld:A:1")),
    "expandValues": Parameter("Attributes whose values are names", _text("category", _NAMES)),
    "jsonKeys": Parameter("Attributes whose values' keys are no names", _text("extra", _NAMES)),
    "local": Parameter("This city alone, without others", {"type": "boolean"}),
    "via": Parameter("Which cities were asked before", _text("1.1 city")),
    "entityMap": Parameter("Whether an entity map is wanted", {"type": "boolean"}),
    "splitEntities": Parameter("Entities may be split over sources", {"type": "boolean"}),
    # writes
    "keep": Parameter("Attributes that stay", _text("name", _NAMES)),
    "drop": Parameter("Attributes that go", _text("name", _NAMES)),
    "deleteAll": Parameter("All instances of the attribute", {"type": "boolean"}),
    "overwrite": Parameter("Whether attributes that are there change", _text("true")),
    "observedAt": Parameter("When it was observed", _text("2026-11-22T09:00:00Z")),
    "options_write": Parameter("Ignored", _text("keyValues"), name="options"),
    "options_attribute": Parameter(
        "noOverwrite keeps what is there", _text("noOverwrite"), name="options"
    ),
    "options_batch": Parameter("update, or noOverwrite", _text("update"), name="options"),
    "options_page": Parameter("sysAttrs, count", _text("sysAttrs"), name="options"),
    # the past
    "timerel": Parameter("How instants lie to timeAt", _one_of("before", "after", "between")),
    "timeAt": Parameter("An instant", _text("2026-11-22T09:00:00Z", _INSTANT)),
    "endTimeAt": Parameter("The end of a time", _text("2026-11-23T09:00:00Z", _INSTANT)),
    "timeproperty": Parameter(
        "Which time is meant", _one_of("observedAt", "createdAt", "modifiedAt", "deletedAt")
    ),
    "lastN": Parameter(
        "So many of the newest", {"type": "integer", "minimum": 1, "maximum": 1_000_000}
    ),
    "aggrMethods": Parameter(
        "How values are put together", _text("max,avg", "(max|min|avg|sum)(,avg)?")
    ),
    "aggrPeriodDuration": Parameter("Over which time", _text("PT1H", "PT[1-9][0-9]?[HM]")),
    "options_past": Parameter(
        "More of the form",
        _list_of(
            _one_of(
                "normalized", "concise", "temporalValues", "aggregatedValues", "sysAttrs", "count"
            )
        ),
        is_list=True,
        name="options",
    ),
    "format_past": Parameter(
        "The representation",
        _one_of("normalized", "concise", "temporalValues", "aggregatedValues"),
        name="format",
    ),
    # contexts and discovery
    "details": Parameter("Tell more of each", {"type": "boolean"}),
    "kind": Parameter("Contexts of one kind", _one_of("Hosted", "Cached", "ImplicitlyCreated")),
    "reload": Parameter("Fetch it anew", {"type": "boolean"}),
}

HEADERS: dict[str, Parameter] = {
    "NGSILD-EntityMap": _MAP,
    "NGSILD-Tenant": _TENANT,
    "Location": Parameter("Where it is", {"type": "string"}, "header"),
    "Link": Parameter(
        "The context of the names, and pages before and after", {"type": "string"}, "header"
    ),
    "Content-Range": Parameter("Which time it covers", {"type": "string"}, "header"),
    "NGSILD-Results-Count": Parameter("How many there are in all", {"type": "integer"}, "header"),
}
