"""Groups of operations are what Table 4.20-2 of V1.9.1 says."""

from hapgang.hub.registrations.operations import GROUPS, OPERATIONS, operations_in


def test_groups_hold_operations_that_there_are() -> None:
    assert all(group <= OPERATIONS for group in GROUPS.values())
    sizes = {name: len(group) for name, group in GROUPS.items()}
    assert sizes == {
        "federationOps": 19, "associationOps": 15, "retrieveOps": 2, "updateOps": 4,
        "redirectionOps": 23,
    }  # fmt: skip


def test_who_redirects_tells_of_types_too_and_takes_no_batches() -> None:
    found = operations_in(["redirectionOps"])
    assert {"purgeEntity", "retrieveEntityTypes", "createEntityMapQueryEntity"} <= found
    assert found.isdisjoint(["queryBatch", "createBatch", "createSubscription"])


def test_operations_and_groups_go_together() -> None:
    assert operations_in(["retrieveOps", "createBatch"]) == {
        "retrieveEntity", "queryEntity", "createBatch",
    }  # fmt: skip
