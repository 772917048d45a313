"""Files into a living city: once, part by part, with quarantine, replay and a quality score."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.collect.mappings import mapping_at
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.collection.feeds import note_feed
from tests.app.collect.feeding import (
    AIR,
    DEVICE,
    OPERATOR,
    Live,
    entity,
    fed,
    feed_of,
    lines,
    live,
)
from tests.living import Town

__all__ = ["live"]
CSV = (
    "station,at,pm10\n"
    "a,2020-01-01T00:00:00Z,31\n"
    "b,2020-01-01T00:00:00Z,about 30\n"
    "a,2020-01-01T01:00:00Z,32\n"
    "a,2020-01-01T01:00:00Z,32\n"
    "c,yesterday,5\n"
    "d,2020-01-01T01:00:00Z,-\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "air.csv"
    path.write_text(CSV)
    return path


def test_a_file_becomes_entities_and_what_does_not_fit_is_kept(live: Live, file: Path) -> None:
    async def then(town: Town) -> None:
        found = await fed(town, file)
        assert (found.counts.accepted, found.counts.quarantined) == (2, 2)
        assert (found.tally.rows, found.tally.duplicates, found.tally.empty) == (6, 1, 1)
        a = await entity(town, "AirQualityObserved:a")
        assert a["pm10"]["value"] == 32
        assert a["pm10"]["observedAt"].startswith("2020-01-01T01:00:00")
        assert [body["pm10"]["value"] for _, _, body in await lines(town)] == [31, 32]
        feed = await feed_of(town)
        assert (feed["rows"], feed["waiting"], feed["types"]) == (6, 2, ["AirQualityObserved"])
        assert feed["quality"]["validity"] == pytest.approx(4 / 6)
        assert feed["last_observed_at"].startswith("2020-01-01T01:00:00")
        mapping = await town.call("GET", "/api/feeds/air/mapping", caller=OPERATOR)
        assert mapping.json() == AIR
        numbers = (await town.call("GET", "/metrics")).body.decode()
        assert 'hapgang_feed_entities_total{feed="air",outcome="quarantined"} 2' in numbers
        assert 'hapgang_feed_rows_total{feed="air"} 6' in numbers
        for caller in (DEVICE, None):
            refused = await town.call("GET", "/api/feeds", caller=caller)
            assert refused.status in (401, 403)

    live(then)


def test_a_file_is_taken_in_once(live: Live, file: Path) -> None:
    async def then(town: Town) -> None:
        await fed(town, file)
        before = await lines(town), await feed_of(town)
        again = await fed(town, file)
        assert (again.was_known, again.rows_before, again.counts.accepted) == (True, 6, 0)
        assert (await lines(town), await feed_of(town)) == before

    live(then)


def test_a_file_that_was_cut_off_goes_on_where_it_stopped(live: Live, tmp_path: Path) -> None:
    path = tmp_path / "long.csv.gz"
    rows = [f"s{n % 7},2020-01-01T{n // 60:02}:{n % 60:02}:00Z,{n % 900}" for n in range(1_300)]
    path.write_bytes(gzip.compress(("station,at,pm10\n" + "\n".join(rows)).encode()))

    async def then(town: Town) -> None:
        with pytest.raises(OSError, match="cut"):
            await fed(town, path, refuse_after=3)
        assert len(await lines(town)) == 1_000
        found = await fed(town, path)
        assert (found.rows_before, found.counts.accepted) == (1_000, 300)
        assert [body["pm10"]["value"] for _, _, body in await lines(town)] == [
            n % 900 for n in range(1_300)
        ]
        assert (await feed_of(town))["rows"] == 1_300

    live(then)


def test_late_news_is_history_and_known_news_is_nothing(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        for number, text in enumerate(("2020-01-02,5", "2020-01-01,3", "2020-01-02,5")):
            path = tmp_path / f"{number}.csv"
            path.write_text(f"station,at,pm10\n{'' if number < 2 else chr(10)}a,{text}\n")
            found = await fed(town, path)
            assert found.counts == type(found.counts)(**[
                {"accepted": 1}, {"late": 1}, {"repeated": 1}][number])  # fmt: skip
        assert (await entity(town, "AirQualityObserved:a"))["pm10"]["value"] == 5
        path = "/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:AirQualityObserved:a"
        past = await town.call("GET", f"{path}?attrs=pm10", caller=OPERATOR)
        assert sorted((one["observedAt"][:10], one["value"]) for one in past.json()["pm10"]) == [
            ("2020-01-01", 3), ("2020-01-02", 5),
        ]  # fmt: skip

    live(then)


def test_the_weather_of_years_ago_is_not_the_weather_now(live: Live, tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    head = "Date,Rented Bike Count,Hour,Temperature,Humidity,Wind speed,Visibility,"
    head += "Dew point temperature,Solar Radiation,Rainfall,Snowfall,Seasons,Holiday,"
    row = "01/12/2017,254,0,-5.2,37,2.2,2000,-17.6,0.5,3,0,Winter,No Holiday,Yes"
    path.write_text(f"{head}Functioning Day\n{row}\n")

    async def then(town: Town) -> None:
        found = await fed(town, path, mapping_at("seoul-bike"), "bike")
        assert found.counts.accepted == 2
        weather = await entity(town, "WeatherObserved:kma-108")
        assert (weather["solarRadiation"]["value"], weather["visibility"]["value"]) == (
            138.89, 20_000,
        )  # fmt: skip
        assert (await town.call("GET", "/api/weather")).json()["now"] is None

    live(then)


async def quarantined(town: Town) -> list[Any]:
    found = await town.call("GET", "/api/quarantine", caller=OPERATOR)
    kept: list[Any] = found.json()
    return kept


def test_rows_in_quarantine_are_tried_again_by_todays_mapping(live: Live, file: Path) -> None:
    async def then(town: Town) -> None:
        await fed(town, file)
        number, time = await quarantined(town)
        assert (number["origin"], number["body"]["row"]["station"]) == ("feed:air", "b")
        assert "about 30" in number["reason"]
        assert "yesterday" in time["reason"]
        place = f"/api/quarantine/{number['id']}/replay"
        again = await town.call("POST", place, {}, caller=OPERATOR)
        assert again.json()["accepted"] == 0
        words = {"from": "pm10", "is": "number", "pattern": "([0-9]+)"}
        mended = {**AIR, "entity": [{**AIR["entity"][0], "attributes": {"pm10": words}}]}
        await fed(town, file, mended)
        again = await town.call("POST", place, {}, caller=OPERATOR)
        assert again.json()["accepted"] == 1
        assert (await entity(town, "AirQualityObserved:b"))["pm10"]["value"] == 30
        corrected = {**time["body"], "row": {**time["body"]["row"], "at": "2020-01-05"}}
        place = f"/api/quarantine/{time['id']}/replay"
        again = await town.call("POST", place, {"body": corrected}, caller=OPERATOR)
        assert again.json()["accepted"] == 1
        assert (await entity(town, "AirQualityObserved:c"))["pm10"]["value"] == 5

    live(then)


def test_a_feed_s_quarantine_has_an_end(live: Live, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("station,at,pm10\n" + "a,never,1\n" * 1_200)

    async def then(town: Town) -> None:
        found = await fed(town, path)
        assert (found.counts.quarantined, found.counts.dropped) == (1_200, 200)
        assert town.runtime.state.count("QuarantinedRecord") == 1_000

    live(then)


def test_feeds_bring_nobody_s_data_and_nothing_of_the_city_s_own(live: Live, file: Path) -> None:
    async def then(town: Town) -> None:
        for name in ("Person", "QuarantinedRecord"):
            mapping = {**AIR, "entity": [{**AIR["entity"][0], "type": name}]}
            body = {"file": "0" * 64, "name": "x", "feed": "air", "mapping": mapping}
            refused = await town.call("POST", "/api/collect/files", body, caller=OPERATOR)
            assert refused.status == 403, refused
        owned = {**AIR, "entity": [{**AIR["entity"][0], "type": "TestWell"}]}
        found = await fed(town, file, owned)
        assert found.counts.accepted == 0
        assert "its service only" in (await quarantined(town))[0]["reason"]

    live(then)


def test_parts_come_in_their_order(live: Live) -> None:
    async def then(town: Town) -> None:
        body = {"file": "a" * 64, "name": "x", "feed": "air", "mapping": AIR}
        assert (await town.call("POST", "/api/collect/files", body, caller=OPERATOR)).json()[
            "rows"
        ] == 0
        part = {"after": 5, "documents": [], "unfit": [], "tally": {}}
        place = f"/api/collect/files/{'a' * 64}"
        refused = await town.call("POST", f"{place}/rows", part, caller=OPERATOR)
        assert (refused.status, refused.json()["rows"]) == (409, 0)
        wrong = await town.call("GET", "/api/collect/files/abc", caller=OPERATOR)
        assert wrong.status == 422
        other = {**body, "feed": "water"}
        refused = await town.call("POST", "/api/collect/files", other, caller=OPERATOR)
        assert refused.status == 409
        wrong = [{}, {"id": 1, "type": "Lamp"}, {"id": "urn:x:1", "type": ["A", "B"]}]
        part = {"after": 0, "documents": wrong, "unfit": [], "tally": {"rows": 3}}
        taken = await town.call("POST", f"{place}/rows", part, caller=OPERATOR)
        assert taken.json()["counts"]["quarantined"] == 3
        words = {"feed": "lamps", "kind": "mqtt", "mapping": AIR}
        town.runtime.perform(note_feed, PLATFORM, **words)
        lamps = {**body, "file": "b" * 64, "feed": "lamps"}
        refused = await town.call("POST", "/api/collect/files", lamps, caller=OPERATOR)
        assert refused.status == 409
        known = await town.call("GET", place, caller=OPERATOR)
        assert known.json()["rows"] == 3

    live(then)
