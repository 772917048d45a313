"""The operations that a source may support, one by one and in groups (clause 4.20)."""

_WRITES = (
    "createEntity", "updateEntity", "appendAttrs", "updateAttrs", "deleteAttrs", "deleteEntity",
    "mergeEntity", "replaceEntity", "replaceAttrs", "purgeEntity",
)  # fmt: skip
_BATCHES = ("createBatch", "upsertBatch", "updateBatch", "deleteBatch", "mergeBatch")
_TEMPORAL = (
    "upsertTemporal", "appendAttrsTemporal", "deleteAttrsTemporal", "updateAttrInstanceTemporal",
    "deleteAttrInstanceTemporal", "deleteTemporal", "retrieveTemporal", "queryTemporal",
)  # fmt: skip
_READS = ("retrieveEntity", "queryEntity", "queryBatch")
_DISCOVERY = (
    "retrieveEntityTypes", "retrieveEntityTypeDetails", "retrieveEntityTypeInfo",
    "retrieveAttrTypes", "retrieveAttrTypeDetails", "retrieveAttrTypeInfo",
)  # fmt: skip
_SUBSCRIPTIONS = (
    "createSubscription", "updateSubscription", "retrieveSubscription", "querySubscription",
    "deleteSubscription",
)  # fmt: skip
_MAPS = (
    "retrieveEntityMap", "updateEntityMap", "deleteEntityMap", "createEntityMapQueryEntity",
    "createEntityMapQueryTemporal",
)  # fmt: skip
_IDENTITY = "retrieveContextSourceIdentity"

GROUPS: dict[str, frozenset[str]] = {
    "federationOps": frozenset([*_READS, *_DISCOVERY, *_SUBSCRIPTIONS, *_MAPS[:4], _IDENTITY]),
    "associationOps": frozenset([*_READS, *_DISCOVERY, *_SUBSCRIPTIONS, _IDENTITY]),
    "retrieveOps": frozenset(["retrieveEntity", "queryEntity"]),
    "updateOps": frozenset(["updateEntity", "updateAttrs", "replaceEntity", "replaceAttrs"]),
    "redirectionOps": frozenset(
        [*_WRITES, "retrieveEntity", "queryEntity", *_DISCOVERY, *_MAPS[:4], _IDENTITY]
    ),
}
OPERATIONS = frozenset(
    [
        *_WRITES, *_BATCHES, *_TEMPORAL, *_READS, *_DISCOVERY, *_SUBSCRIPTIONS, *_MAPS, _IDENTITY,
    ]
)  # fmt: skip


def operations_in(names: list[str]) -> frozenset[str]:
    """Return the operations that are meant by names of operations and of groups."""
    return frozenset(one for name in names for one in GROUPS.get(name, (name,)))
