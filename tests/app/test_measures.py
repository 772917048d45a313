"""KPIs of a living city: measured from its own lake, and never all lost for one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Service
from hapgang.hub.lake import LakeView
from hapgang.runtime.platform import platform
from hapgang.services.mobility.sharing import service
from hapgang.services.mobility.sharing.model import SERVICE, Vehicle
from tests.living import Town, run
from tests.village import move_in, person

ANNE, BERT = person("anne"), person("bert")
SHARING = {SERVICE: service, "platform": platform}


def unmeasured(_: LakeView) -> float | None:
    raise ValueError("no such column")


async def kpis(town: Town) -> dict[str, float | None]:
    answer = await town.call("GET", "/api/kpis")
    assert answer.status == 200
    return {kpi["name"]: kpi["value"] for kpi in answer.json() if kpi["service"] == SERVICE}


def test_a_resident_s_report_is_counted_and_nobody_is_named(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        for somebody in (ANNE, BERT):
            move_in(town.runtime, somebody)
        path = f"/api/{SERVICE.replace('.', '/')}"
        found = [record.view for record in town.runtime.state.of_type("PersonalMobilityVehicle")]
        ridden = next(v for v in found if isinstance(v, Vehicle) and v.kind == "closed")
        ride = await town.call("POST", f"{path}/rentals", {"vehicle": ridden.id}, caller=ANNE)
        rental, place = ride.json()["id"], {"location": ridden.location}
        await town.call("POST", f"{path}/rentals/{rental}/return", place, caller=ANNE)
        told = {"problem": "blocks_the_way", "note": "in front of my door"}
        said = await town.call(
            "POST", f"{path}/vehicles/{ridden.plate}/problems", told, caller=BERT
        )
        assert said.status == 200
        assert (await kpis(town))["blocked_returns"] == 100.0
        kept = await town.call("GET", f"/api/history/{said.json()['id']}", caller=BERT)
        assert [line["kind"] for line in kept.json()] == ["closed", "created"]
        for line in await town.live.reads.history(ridden.id, 50):
            assert line.person is None
            assert b"my door" not in line.body

    run(then, database, small_city, tmp_path / "state", services=SHARING)


def test_a_kpi_that_cannot_be_measured_hides_no_other(
    database: dict[str, Any],
    small_city: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, *others = service.kpis
    broken: Service = replace(service, kpis=(replace(first, measure=unmeasured), *others))

    async def then(town: Town) -> None:
        assert (await kpis(town))[first.name] is None
        assert f"{SERVICE}.{first.name}" in caplog.text

    services = {SERVICE: broken, "platform": platform}
    run(then, database, small_city, tmp_path / "state", services=services)
