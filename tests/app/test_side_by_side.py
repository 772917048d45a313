"""Two rehearsed days beside one another: what a scenario changes is seen where it was changed."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from hapgang.app.rehearsals import forget_old_drafts, rehearse_all
from hapgang.app.side_by_side import SideBySide, compare, verdict
from hapgang.core.errors import Conflict
from hapgang.core.text import Text
from hapgang.core.vocabulary.scenarios import AddCarPark, Change, Close, MoveStop
from hapgang.hub.lake import Lake
from hapgang.rehearsal.flows import decode
from hapgang.rehearsal.run import Report
from hapgang.rehearsal.wish import Draft, Wish
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scenario import read_scenario
from hapgang.twin.scene import Scene, load_scene

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
BASE = Wish(model=str(CITY), residents=200)


def drafted(base: Wish, *changes: Change) -> Wish:
    kept = read_scenario(CITY, base.scenario).changes
    draft = Draft(
        id="urn:x:d", version=1, title="Try", base=base.scenario, changes=(*kept, *changes)
    )
    return msgspec.structs.replace(base, scenario="draft-d-v1", draft=draft)


def lived(folder: Path, *wishes: Wish) -> list[Path]:
    rehearse_all(
        lambda _: None, wishes=list(wishes), runs=str(folder / "runs"),
        cache=str(folder / "cache"), rehearsal="r",
    )  # fmt: skip
    return [folder / "runs" / wish.run_name for wish in wishes]


@pytest.fixture(autouse=True)
def _keep_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job's process is nice; this one would stay so."""
    monkeypatch.setattr("hapgang.app.rehearsals._NICE", 0)


@pytest.fixture(scope="module")
def plan() -> Scene:
    return load_scene(CITY, "plan")


def busiest(found: SideBySide, scene: Scene) -> tuple[str, str]:
    street = max((s for s in found.streets if s.kind not in ("outside", "gate")), key=lambda s: s.a)
    row = scene.links.row_of[street.street]
    source, target = scene.links.source[row], scene.links.target[row]
    back = np.flatnonzero((scene.links.source == target) & (scene.links.target == source))[0]
    return street.street, str(scene.links.link[back])


@pytest.mark.slow
def test_a_closed_street_loses_its_flow_and_others_get_it(tmp_path: Path, plan: Scene) -> None:
    second = msgspec.structs.replace(BASE, seed=2)
    bases = lived(tmp_path, BASE, second)
    alone = compare(bases[0], bases[0], plan, "car")
    assert alone.seeds == [1, 2]
    assert not any(street.difference for street in alone.streets)
    assert {kpi.verdict for kpi in alone.kpis} <= {"same", "notMeasured"}
    links = busiest(alone, plan)
    shut = drafted(BASE, Close(links=links))
    (run, _) = lived(tmp_path, shut, msgspec.structs.replace(shut, seed=2))
    found = compare(bases[0], run, plan, "car")
    assert (found.seeds, found.unlike, found.b.title) == ([1, 2], [], Text("Try", "Try"))
    closed = next(street for street in found.streets if street.street == links[0])
    assert closed.a > 0
    assert (closed.b, closed.difference) == (0.0, -closed.a)
    assert closed.sure
    assert max(street.difference for street in found.streets) > 0
    back = compare(run, bases[0], plan, "car")
    assert [s.difference for s in back.streets] == [-s.difference for s in found.streets]


@pytest.mark.slow
def test_a_car_park_changes_where_cars_stop(tmp_path: Path, plan: Scene) -> None:
    network = Network.of(plan)
    homes = plan.zones.xy[plan.zones.kind == "block"].mean(axis=0)
    driven = np.unique(network.link_source[(network.link_modes & Modes.CAR) != 0])
    order = np.argsort(np.hypot(*(network.node_xy[driven] - homes).T))
    node = int(driven[order[0]])
    lon, lat = float(plan.nodes.lon[node]), float(plan.nodes.lat[node])
    park = AddCarPark(place="p9", title=Text("P", "P"), capacity=90, lon=lon, lat=lat)
    base, run = lived(tmp_path, BASE, drafted(BASE, park))
    assert stops_at(run, lon, lat) > stops_at(base, lon, lat)


def stops_at(run: Path, lon: float, lat: float) -> int:
    """How many cars end their way at a point."""
    index = msgspec.json.decode((run / "playback.json").read_bytes())
    count = 0
    for chunk in index["chunks"]:
        ways = decode((run / "playback" / chunk["name"]).read_bytes())
        last = ways.starts[1:].astype(int) - 1
        car = ways.mode == index["modes"].index("car")
        ends_now = ways.at_s[last] < chunk["end_s"]
        here = np.hypot(ways.lon[last] - lon, ways.lat[last] - lat) < 1e-4
        count += int((car & ends_now & here).sum())
    return count


@pytest.mark.slow
def test_a_moved_stop_changes_walks(tmp_path: Path, plan: Scene) -> None:
    assert plan.timetable is not None
    stops = plan.timetable.stops
    row = stops.row_of["hapgang_south"]
    x, y = stops.xy[row]
    lon, lat = plan.projection.to_lonlat(np.array([x - 350]), np.array([y]))
    moved = MoveStop(stop="hapgang_south", lon=float(lon[0]), lat=float(lat[0]))
    wish = msgspec.structs.replace(BASE, residents=500)
    base, run = lived(tmp_path, wish, drafted(wish, moved))
    walks = [Lake(path / "lake", path.name).limited_to(["leg"]).number(
        "SELECT sum(distance_m) FROM leg WHERE mode = 'walk'") for path in (base, run)]  # fmt: skip
    assert walks[0] != walks[1]


@pytest.mark.slow
def test_what_differs_besides_is_told_and_no_shared_seed_is_refused(tmp_path: Path) -> None:
    (run,) = lived(tmp_path, BASE)
    report = msgspec.json.decode((run / "report.json").read_bytes(), type=Report)
    other = run.with_name("other")
    other.mkdir()
    for name in ("playback", "playback.json"):
        (other / name).symlink_to(run / name)
    scene = load_scene(CITY)
    for changes, told in (({"weather": "rain", "residents": 500}, ["residents", "weather"]),):
        (other / "report.json").write_bytes(
            msgspec.json.encode(msgspec.structs.replace(report, **changes))
        )
        assert compare(run, other, scene).unlike == told
    lonely = msgspec.structs.replace(report, seed=9, scenario="today")
    (other / "report.json").write_bytes(msgspec.json.encode(lonely))
    with pytest.raises(Conflict, match="share no seed"):
        compare(run, other, scene)
    before = (run / "report.json").stat().st_mtime_ns
    lived(tmp_path, BASE)
    assert (run / "report.json").stat().st_mtime_ns == before  # it was kept, and is used again


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((10.0, 10.04, None), "same"),
        ((10.0, 12.0, None), "better"),
        ((12.0, 10.0, 0.5), "worse"),
        ((10.0, 12.0, 2.5), "unclear"),
        ((None, 12.0, None), "notMeasured"),
    ],
)
def test_a_difference_is_told_by_its_spread(
    values: tuple[float | None, float | None, float | None], said: str
) -> None:
    assert verdict("higher", *values) == said


def test_old_runs_of_drafts_make_room(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"day-draft-a-v{number}-clear").mkdir()
        (tmp_path / f"day-draft-a-v{number}-clear" / "report.json").write_text("{}")
    (tmp_path / "day-plan-clear").mkdir()
    (tmp_path / "day-plan-clear" / "report.json").write_text("{}")
    forget_old_drafts(tmp_path, most=2)
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / "day-plan-clear").is_dir()
