"""Features: found by box, time and property; paged without loss; of persons never."""

from pathlib import Path
from typing import Any

from hapgang.contract import Caller, Role
from tests.living import Town, run
from tests.village import move_in, person, write_diary

OPERATOR, DEVICE, ANNE = person("op", Role.OPERATOR), person("gw", Role.DEVICE), person("anne")
WELLS = "/ogc/collections/type.TestWell/items"
PLACES = "/ogc/collections/layer.places/items"


async def get(town: Town, path: str, caller: Caller | None = None) -> Any:
    answer = await town.call("GET", path, caller=caller)
    assert answer.status == 200, (path, answer.body)
    return answer.json()


async def dig(town: Town, number: int) -> None:
    for well in range(number):
        body = {"well": f"w{well}", "lon": 127.30 + well / 1000, "lat": 36.51}
        await town.call("POST", "/api/test/village/wells", body, caller=OPERATOR)


def test_every_page_together_is_everything_once(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await dig(town, 7)
        for path, number in ((WELLS, 7), (PLACES, 9)):
            seen, next_page = [], f"{path}?limit=2"
            while next_page:
                page = await get(town, next_page)
                assert page["numberMatched"] == number
                assert page["numberReturned"] == len(page["features"]) <= 2
                seen += [one["id"] for one in page["features"]]
                links = {link["rel"]: link["href"] for link in page["links"]}
                next_page = links.get("next", "").removeprefix("http://localhost")
            assert len(seen) == len(set(seen)) == number

    run(then, database, small_city, tmp_path / "state")


def test_a_box_a_time_and_a_property_narrow(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await dig(town, 5)
        await town.call("POST", "/api/test/village/wells/w3/draw", caller=ANNE)
        assert (await get(town, f"{WELLS}?bbox=127.3005,36,127.3025,37"))["numberMatched"] == 2
        assert (await get(town, f"{WELLS}?bbox=170,36,-170,37"))["numberMatched"] == 0
        assert (await get(town, f"{WELLS}?value=1"))["features"][0]["id"].endswith("w3")
        assert (await get(town, f"{WELLS}?state=free"))["numberMatched"] == 5
        assert (await get(town, f"{WELLS}?datetime=2020-01-01"))["numberMatched"] == 0
        assert (await get(town, f"{WELLS}?datetime=2020-01-01/.."))["numberMatched"] == 5
        assert (await get(town, f"{PLACES}?kind=pm_station&limit=1"))["numberMatched"] == 9
        assert (await get(town, f"{PLACES}?bbox=127.3,36.51,127.302,36.512"))["numberMatched"] == 1
        west = await get(town, f"{PLACES}?bbox=36.51,127.3,36.512,127.302&bbox-crs={_EPSG}4326")
        assert west["numberMatched"] == 1
        for words in ("unheard=1", "a=%00", "limit=0", "bbox=1", "datetime=x", "crs=x", "f=xml"):
            assert (await town.call("GET", f"{WELLS}?{words}")).status == 400

    run(then, database, small_city, tmp_path / "state")


_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def test_one_feature_in_every_system(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await dig(town, 1)
        at = f"{WELLS}/urn:ngsi-ld:TestWell:w0"
        plain = await get(town, at)
        assert plain["geometry"] == {"type": "Point", "coordinates": [127.3, 36.51]}
        assert plain["properties"]["depth"] == 1.0
        turned = await town.call("GET", f"{at}?crs={_EPSG}4326")
        assert turned.json()["geometry"]["coordinates"] == [36.51, 127.3]
        assert turned.headers["content-crs"] == f"<{_EPSG}4326>"
        metres = (await get(town, f"{at}?crs={_EPSG}5186"))["geometry"]["coordinates"]
        expected = town.live.scene.projection.xy(127.3, 36.51)[0]  # east, north
        assert abs(metres[0] - expected[1]) < 0.01
        assert abs(metres[1] - expected[0]) < 0.01
        links = {link["rel"] for link in plain["links"]}
        assert {"self", "collection"} <= links
        assert (await town.call("GET", f"{WELLS}/urn:nothing")).status == 404
        assert (await get(town, f"{PLACES}/p3"))["properties"]["place"] == "p3"

    run(then, database, small_city, tmp_path / "state")


def test_people_and_the_inside_stay(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await dig(town, 1)
        move_in(town.runtime, ANNE)
        diary = town.runtime.perform(write_diary, ANNE, text="dear diary")
        owner = {"type": "Relationship", "object": ANNE.id}
        lamp = {"id": "urn:l:1", "type": "Lamp", "owner": owner,
                "note": f"ask {ANNE.id}", "power": 5,
                "where": {"type": "Point", "coordinates": [127.3, 36.51]}}  # fmt: skip
        assert (await town.call("POST", "/ngsi-ld/v1/entities", lamp, caller=DEVICE)).status == 201
        tally = "/ogc/collections/type.TestTally"  # nobody's, but it does not say that it is open
        assert (await town.call("GET", f"{tally}/items")).status == 404
        assert (await town.call("GET", tally)).status == 404
        assert (await town.call("GET", f"{tally}/items", caller=ANNE)).status == 200
        assert b"TestTally" not in (await town.call("GET", "/ogc/api")).body
        extra = {"note": {"type": "Property", "value": "a secret"}}
        well = "/ngsi-ld/v1/entities/urn:ngsi-ld:TestWell:w0"
        await town.call("PATCH", well, extra, caller=DEVICE)
        for caller in (None, ANNE, OPERATOR):
            told = {
                one["id"] for one in (await get(town, "/ogc/collections", caller))["collections"]
            }
            assert not {"type.TestDiary", "type.Person", "type.Job"} & told
            assert ("type.Lamp" in told) is (caller is not None)
            for name in ("type.TestDiary", "type.Person", "type.Job", "table.event", "x"):
                for path in ("", "/items", f"/items/{diary}"):
                    answer = await town.call("GET", f"/ogc/collections/{name}{path}", caller=caller)
                    assert answer.status == 404
        found = (await get(town, WELLS))["features"][0]["properties"]
        assert "note" not in found  # only what is declared leaves
        page = await get(town, "/ogc/collections/type.Lamp/items", ANNE)
        assert page["features"][0]["properties"] | {"modified_at": ""} == {
            "owner": None, "note": None, "power": 5, "modified_at": "",
        }  # fmt: skip
        assert page["features"][0]["geometry"]["type"] == "Point"

    run(then, database, small_city, tmp_path / "state")


def test_the_landing_page_leads_everywhere(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        landing = await get(town, "/ogc")
        links = {link["rel"]: link for link in landing["links"]}
        assert {"self", "service-desc", "service-doc", "conformance", "data"} <= links.keys()
        for rel in ("service-desc", "conformance", "data"):
            path = links[rel]["href"].removeprefix("http://localhost")
            answer = await town.call("GET", path)
            assert answer.status == 200
            assert answer.headers["content-type"] == links[rel]["type"]
        for path in ("/ogc", "/ogc/collections", "/ogc/collections/layer.trees"):
            page = await town.call("GET", path, headers={"accept": "text/html,*/*"})
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert "나무".encode() in (await town.call(
                "GET", path, headers={"accept": "text/html", "accept-language": "ko-KR"}
            )).body  # fmt: skip
        assert (await town.call("GET", "/ogc/nowhere")).status == 404
        assert (await town.call("GET", "/ogc?unheard=1")).status == 400
        told = await get(town, "/ogc/collections/layer.trees")
        assert told["itemType"] == "feature"
        assert len(told["crs"]) == 3

    run(then, database, small_city, tmp_path / "state")
