"""Kept rehearsals as the portal meets them."""

from pathlib import Path

import msgspec
import pytest

from hapgang.app.runs import _listed, _over_seeds
from hapgang.core.errors import NotFound
from hapgang.core.text import Text
from hapgang.rehearsal.run import Measured, Report


def keep(folder: Path, seed: int, value: float | None, **more: object) -> Path:
    kpi = Measured(
        "city", "share", Text("Share", "분담률"), "%", "lower", value, None, 10.0, "here"
    )
    report = Report(
        city="town", scenario="plan", without=(), residents=200, seed=seed, date="2026-09-16",
        weather="clear", wall_s=3.0, peak_mb=100.0, digest=f"d{seed}", city_version="v1",
        kpis=[kpi], trips={"walk": 10 * seed},
    )  # fmt: skip
    report = msgspec.structs.replace(report, **more)
    run = folder / f"run-{len(list(folder.iterdir()))}"
    run.mkdir()
    (run / "report.json").write_bytes(msgspec.json.encode(report))
    return run


def test_a_run_is_told_with_the_spread_of_its_other_seeds(tmp_path: Path) -> None:
    first = keep(tmp_path, 1, 40.0)
    keep(tmp_path, 2, 42.0)
    keep(tmp_path, 3, None)
    for different in ({"scenario": "today"}, {"city_version": "v2"}, {"residents": 300},
                      {"without": ("x",)}, {"weather": "rain"}):  # fmt: skip
        keep(tmp_path, 9, 99.0, **different)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "report.json").write_text("{")
    told = _over_seeds(first)
    (kpi,) = told.kpis
    assert (told.seeds, told.seed, told.digest) == (3, 1, "d1")
    assert kpi.value == pytest.approx(41.0)
    assert kpi.spread == pytest.approx(2**0.5)
    assert len(_listed(tmp_path)) == 8


def test_one_seed_has_no_spread(tmp_path: Path) -> None:
    told = _over_seeds(keep(tmp_path, 1, 40.0))
    assert (told.seeds, told.kpis[0].value, told.kpis[0].spread) == (1, 40.0, None)


def test_a_run_of_another_version_says_what_to_do(tmp_path: Path) -> None:
    run = keep(tmp_path, 1, 40.0)
    (run / "report.json").write_text('{"city": 3}')
    with pytest.raises(NotFound, match="rehearse again"):
        _over_seeds(run)
