"""A feed that brings data is on the map: how good it is, and which types it fills."""

from pathlib import Path

import pytest

from tests.app.collect.feeding import OPERATOR, Live, fed, live
from tests.living import Town
from tests.village import person

__all__ = ["live"]
CSV = "station,at,pm10\na,2020-01-01T00:00:00Z,31\nb,2020-01-01T00:00:00Z,about 30\n"


def test_a_feed_is_told_to_who_may_know_and_measured_for_operators(
    live: Live, tmp_path: Path
) -> None:
    file = tmp_path / "air.csv"
    file.write_text(CSV)

    async def then(town: Town) -> None:
        await fed(town, file)
        told = (await town.call("GET", "/api/data/feed.in.air", caller=OPERATOR)).json()
        quality = told["quality"]
        assert quality["number"] == 2
        assert quality["accepted_pct"] < 100  # one row says "about"
        assert quality["newest_at"].startswith("2020-01-01")
        assert quality["score_pct"] == pytest.approx(
            quality["complete_pct"] * quality["accepted_pct"] / 100
        )
        edges = [(edge["source"], edge["target"]) for edge in told["lineage"]["edges"]]
        assert ("feed.in.air", "type.AirQualityObserved") in edges
        for caller in (None, person("anne"), OPERATOR):
            known = await town.call("GET", "/api/data?kind=feed", caller=caller)
            assert (b"feed.in.air" in known.body) is (caller is OPERATOR)
            for path in ("feed.in.unheard", *(["feed.in.air"] if caller is not OPERATOR else [])):
                assert (await town.call("GET", f"/api/data/{path}", caller=caller)).status == 404

    live(then)
