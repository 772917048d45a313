"""What NGSI-LD answers to a request that is repeated with its Idempotency-Key: the same."""

from pathlib import Path
from typing import Any

import pytest

from hapgang.app.notify.places import Places
from hapgang.contract import Role
from tests.living import Answer, Town, run
from tests.village import person

pytestmark = pytest.mark.slow
OPERATOR = person("op", Role.OPERATOR)
V1 = "/ngsi-ld/v1"
LAMP = {"id": "urn:ngsi-ld:Lamp:1", "type": "Lamp", "power": 1}
PAST = {
    "id": "urn:ngsi-ld:Lamp:5",
    "type": "Lamp",
    "power": [{"type": "Property", "value": 1, "observedAt": "2026-11-20T09:00:00Z"}],
}
SUBSCRIPTION = {
    "type": "Subscription",
    "entities": [{"type": "Lamp"}],
    "notification": {"endpoint": {"uri": "http://127.0.0.1:9/x"}},
}
CALLS: list[tuple[str, str, Any]] = [
    ("POST", "/entities", {**LAMP, "id": "urn:ngsi-ld:Lamp:2"}),
    ("POST", f"/entities/{LAMP['id']}/attrs", {"power": 2, "colour": "red"}),
    ("PATCH", f"/entities/{LAMP['id']}/attrs", {"power": 3, "nothing": 4}),
    ("PATCH", f"/entities/{LAMP['id']}", {"power": 5}),
    ("PUT", f"/entities/{LAMP['id']}", {**LAMP, "power": 6}),
    ("DELETE", f"/entities/{LAMP['id']}/attrs/power", None),
    ("POST", "/entityOperations/create", [{**LAMP, "id": "urn:ngsi-ld:Lamp:3"}, LAMP]),
    ("POST", "/entityOperations/upsert", [LAMP, {**LAMP, "id": "urn:ngsi-ld:Lamp:4"}]),
    ("POST", "/entityOperations/update", [LAMP]),
    ("POST", "/entityOperations/merge", [LAMP]),
    ("POST", "/entityOperations/query", {"type": "Query", "entities": [{"type": "Lamp"}]}),
    ("POST", "/entityOperations/delete", [LAMP["id"]]),
    ("POST", "/subscriptions", SUBSCRIPTION),
    ("POST", "/temporal/entities", PAST),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=[c[0] + c[1] for c in CALLS])
def test_the_second_time_answers_as_the_first(
    database: dict[str, Any], small_city: Path, tmp_path: Path, method: str, path: str, body: Any
) -> None:
    async def then(town: Town) -> None:
        made = await town.call("POST", f"{V1}/entities", LAMP, caller=OPERATOR)
        assert made.status == 201, made.body
        key = {"Idempotency-Key": "once"}
        answers: list[Answer] = []
        last: list[int] = []
        for _ in range(2):
            answers.append(await town.call(method, V1 + path, body, caller=OPERATOR, headers=key))
            last.append(town.runtime.writer.last_seq)
        assert answers[0].status < 300, answers[0].body
        assert answers[0].status == answers[1].status
        assert answers[0].body == answers[1].body
        assert answers[0].headers.get("location") == answers[1].headers.get("location")
        assert last[0] == last[1]

    run(then, database, small_city, tmp_path, notify=Places(["http://127.0.0.1:9"]))
