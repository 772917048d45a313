"""The members of entities and attributes that have a meaning of their own (clauses 4.5 and 5.2)."""

KINDS = frozenset(
    [
        "Property",
        "Relationship",
        "GeoProperty",
        "LanguageProperty",
        "VocabProperty",
        "ListProperty",
        "ListRelationship",
        "JsonProperty",
        "TemporalProperty",
    ]
)
GEOMETRIES = frozenset(
    [
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    ]
)
# What an attribute is worth; one of them makes an object an attribute.
VALUES = frozenset(
    [
        "value",
        "object",
        "languageMap",
        "vocab",
        "json",
        "valueList",
        "objectList",
        "values",
        "objects",
        "languageMaps",
        "vocabs",
        "jsons",
        "valueLists",
        "objectLists",
    ]
)
WORDS = frozenset(["type", "vocab", "previousVocab", "objectType", "valueType"])
IDS = frozenset(
    [
        "id",
        "object",
        "objectList",
        "previousObject",
        "previousObjectList",
        "objects",
        "objectLists",
        "datasetId",
    ]
)
ENTITIES = frozenset(["entity", "entityList"])  # of a joined relationship
# Nothing in them is a name.
CLOSED = VALUES - WORDS - IDS - {"vocabs"} | {
    "previousValue",
    "previousJson",
    "previousLanguageMap",
    "previousValueList",
    "dataset",
    "ngsildproof",
    "observedAt",
    "createdAt",
    "modifiedAt",
    "deletedAt",
    "expiresAt",
    "unitCode",
    "lang",
    "instanceId",
    "scope",
}
