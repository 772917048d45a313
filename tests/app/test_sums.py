"""Sums of what was said one by one: quick and slow agree, whatever was said, from feed and lake."""

import random
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.lakes import write_on
from hapgang.app.ngsild.temporal import numbers, reading
from hapgang.contract import Role
from hapgang.hub.temporal import recorded
from tests.living import Town, run
from tests.village import person

ANNE, OPERATOR = person("anne"), person("op", Role.OPERATOR)
ENTITIES, TEMPORAL = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/temporal/entities"
METHODS = (
    "format=aggregatedValues&aggrMethods=avg,max,min,sum,sumsq,stddev,totalCount,distinctCount"
)
NAMES = [f"urn:ngsi-ld:Lamp:{number}" for number in range(4)]
SPANS = [
    "",
    "timerel=after&timeAt=2026-03-01T09:20:00Z",
    "timerel=between&timeAt=2026-03-01T09:05:00Z&endTimeAt=2026-03-01T09:40:00Z",
    "timerel=before&timeAt=2036-03-01T09:40:00Z&timeproperty=modifiedAt",
]


def said(chance: random.Random) -> Any:
    """Return an attribute: mostly a number, sometimes something else."""
    value: Any = chance.choice([1, 2, 2.5, -3, 7, 0.1])
    rare = chance.random()
    if rare < 0.05:
        value = chance.choice(["on", True, [1, 2], {"a": 1}])
    out: dict[str, Any] = {"type": "Property", "value": value}
    if chance.random() < 0.8:
        out["observedAt"] = f"2026-03-01T09:{chance.randrange(60):02}:00Z"
    if 0.05 < rare < 0.1:
        return [out, {**out, "datasetId": "urn:d:1"}]
    return out


async def change(town: Town, chance: random.Random) -> None:
    """Do something to a lamp."""
    entity, dice = chance.choice(NAMES), chance.random()
    names = chance.sample(["power", "heat", "mood"], chance.randint(1, 2))
    body: dict[str, Any] = {
        name: {"type": "Property", "value": chance.choice("abc")}
        if name == "mood"
        else said(chance)
        for name in names
    }
    attrs = f"{ENTITIES}/{entity}/attrs"
    if dice < 0.03:
        await town.call("DELETE", f"{ENTITIES}/{entity}", caller=OPERATOR)
    elif dice < 0.06:
        await town.call("DELETE", f"{attrs}/{names[0]}", caller=OPERATOR)
    elif dice < 0.08:
        await town.call("POST", f"{TEMPORAL}/{entity}/attrs", body, caller=OPERATOR)
    elif dice < 0.25:
        whole = {"id": entity, "type": "Lamp", **body}
        await town.call("POST", ENTITIES, whole, caller=OPERATOR)
    else:
        await town.call("POST", attrs, body, caller=OPERATOR)


def rounded(found: Any) -> Any:
    """Return numbers as far as the order in which they are added does not matter."""
    if isinstance(found, float):
        return round(found, 6)
    if isinstance(found, dict):
        return {name: rounded(value) for name, value in found.items()}
    return [rounded(one) for one in found] if isinstance(found, list) else found


@pytest.mark.parametrize("seed", range(4))
def test_quick_and_slow_sums_agree(
    database: dict[str, Any], small_city: Path, tmp_path: Path, seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    chance = random.Random(seed)
    if seed:  # else all is read by its entities
        monkeypatch.setattr(numbers, "_BY_INDEX", 0)

    async def then(town: Town) -> None:
        for _ in range(4):
            for _ in range(25):
                await change(town, chance)
            for span in SPANS:
                for more in ("", "&attrs=power", "&aggrPeriodDuration=PT7M&pick=id,type,heat"):
                    await agree(town, f"{span or 'timeproperty=observedAt'}&{METHODS}{more}")
            if chance.random() < 0.7:
                await write_on(town.live.reads, town.live.clock, town.live.folder)

    run(then, database, small_city, tmp_path / "state")


async def agree(town: Town, words: str) -> None:
    for place in [*(f"{TEMPORAL}/{name}?" for name in NAMES), f"{TEMPORAL}?type=Lamp&"]:
        if "?type" in place and "timerel" not in words:
            continue
        quick = await town.call("GET", f"{place}{words}", caller=ANNE)
        with pytest.MonkeyPatch.context() as slowly:
            slowly.setattr(numbers, "is_of_arrays", lambda *_: False)
            slowly.setattr("hapgang.app.ngsild.temporal.consume.is_of_arrays", lambda *_: False)
            slow = await town.call("GET", f"{place}{words}", caller=ANNE)
        assert quick.status == slow.status, (place, words, quick, slow)
        if quick.status == 200:
            assert rounded(quick.json()) == rounded(slow.json()), (place, words)


def test_many_changes_are_summed_and_only_what_has_no_room_is_refused(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_LINES", 10)
    monkeypatch.setattr(reading, "MOST_INSTANCES", 10)

    async def then(town: Town) -> None:
        body = {"id": NAMES[0], "type": "Lamp", "power": {"type": "Property", "value": 1}}
        await town.call("POST", ENTITIES, body, caller=OPERATOR)
        for value in range(20):
            change = {"power": {"type": "Property", "value": value}}
            await town.call("PATCH", f"{ENTITIES}/{NAMES[0]}/attrs", change, caller=OPERATOR)
        words = f"{METHODS}&timerel=after&timeAt=2020-01-01T00:00:00Z&timeproperty=modifiedAt"
        for _ in range(2):
            found = (await town.call("GET", f"{TEMPORAL}/{NAMES[0]}?{words}", caller=ANNE)).json()
            assert [row[0] for row in found["power"]["totalCount"]] == [21]
            await write_on(town.live.reads, town.live.clock, town.live.folder)
            monkeypatch.setattr(numbers, "_BY_INDEX", 0)  # from the lake
        refused = await town.call("GET", f"{TEMPORAL}/{NAMES[0]}?options=sysAttrs", caller=ANNE)
        assert refused.status == 403
        power = [
            {"type": "Property", "value": n, "observedAt": f"2026-03-01T09:{n:02}:00Z"}
            for n in range(11)
        ]
        told = {"id": NAMES[1], "type": "Lamp", "power": power}
        for _ in range(2):
            await town.call("POST", TEMPORAL, told, caller=OPERATOR)
        refused = await town.call("GET", f"{TEMPORAL}/{NAMES[1]}?lastN=1", caller=ANNE)
        assert (refused.status, "corrections" in refused.json()["detail"]) == (403, True)
        monkeypatch.setattr(recorded.check_count, "__defaults__", (10,))
        refused = await town.call("GET", f"{TEMPORAL}/{NAMES[0]}?{words}", caller=ANNE)
        assert refused.status == 403

    run(then, database, small_city, tmp_path / "state")
