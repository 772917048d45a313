"""`hapgang rehearse` as people and machines call it: words, answers, interruptions."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from hapgang.app.cli import main
from hapgang.app.comparison import comparison_markdown, comparison_page, print_comparison
from hapgang.app.runs import _listed
from hapgang.contract import Text
from hapgang.rehearsal.compare import compare
from hapgang.rehearsal.run import Measured, Report
from hapgang.rehearsal.wish import Wish

ROOT = Path(__file__).resolve().parents[2]
CITY = str(ROOT / "cities" / "sejong")
FEW = ["rehearse", CITY, "--residents", "40", "--seed", "7"]
STABLE = {"city", "residents", "seed", "wall_s", "peak_mb", "digest", "kpis", "trips"}
KPI = {"service", "name", "unit", "value", "spread", "target", "source", "source_ko"}


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAPGANG_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def runs(state: Path) -> Path:
    return state / "cities" / "sejong" / "runs"


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main([*FEW, *words])
    out, err = capsys.readouterr()
    return status, out, err


def test_json_is_the_stable_form_and_nothing_else(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = asked(capsys, "--json")
    found = json.loads(out)
    assert status == 0
    assert (out[0], out[-2:]) == ("{", "}\n")
    assert found.keys() >= STABLE
    assert all(kpi.keys() >= KPI and kpi["source"] for kpi in found["kpis"])
    services = {"city", "mobility.maas", "mobility.sharing", "platform"}
    assert {kpi["service"] for kpi in found["kpis"]} == services
    assert all(kpi["spread"] is None for kpi in found["kpis"])
    assert (found["city"], found["residents"], found["seed"]) == ("sejong", 40, 7)
    assert found["wall_s"] > 0
    assert found["peak_mb"] > 50
    assert len(found["digest"]) == 64
    assert all(isinstance(count, int) for count in found["trips"].values())
    kept = runs(state) / "2026-09-16-plan-clear-40-7" / "report.json"
    assert msgspec.json.decode(kept.read_bytes(), type=Report).digest == found["digest"]
    assert [run.run for run in _listed(runs(state))] == ["2026-09-16-plan-clear-40-7"]


def test_a_table_names_values_targets_and_sources(
    state: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _ = asked(capsys, "--no-save", "--html", str(tmp_path / "page.html"))
    assert status == 0
    for word in (
        "Commute, there and back",
        "통근 왕복 시간",
        "≤ 60 min",
        "the white paper",
        "digest",
    ):
        assert word in out
    assert not runs(state).exists()
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "통근 왕복 시간" in page


@pytest.mark.slow
def test_the_disk_gives_the_same_digest(
    state: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    digests = {
        json.loads(asked(capsys, "--json", "--no-save", *words)[1])["digest"]
        for words in ([], ["--disk", str(tmp_path / "disk")])
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--weather", "locusts"], "use drawn, clear"),
        (["--weather", "/nowhere/day.csv"], "cannot be read"),
        (["--weather", "snow"], "no snow at this time of the year"),
        (["--weather", "snow"], "choose another day with --date"),
        (["--date", "yesterday"], "--date: Invalid"),
        (["--residents", "0"], "--residents: Expected `int` >= 1"),
        (["--days", "0"], "--days: Expected"),
        (["--seed", "-1"], "--seed: Expected"),
        (["--seeds", "0"], "--seeds is 1 or more"),
        (["--seeds", "2", "--disk", "x"], "--disk holds one run"),
        (["--scenario", "today", "--scenario", "plan", "--disk", "x"], "--disk holds one run"),
        (["--disk", "x", "--ray", "127.0.0.2:1"], "leave --ray and HAPGANG_RAY out"),
        (["--workers", "0"], "--workers is 1 or more"),
        (["--without", "mobility.flying"], "there is no service mobility.flying; installed are"),
        (["--with-and-without", "mobility.flying"], "there is no service mobility.flying"),
        (
            ["--with-and-without", "mobility.sharing", "--scenario", "today"],
            "no scenario asked for runs mobility.sharing",
        ),
        (["--scenario", "tomorrow"], "it has plan, today"),
        (["--html", "/nowhere/page.html"], "there is no folder /nowhere"),
    ],
)
def test_bad_words_are_refused_in_one_clear_line_and_its_translation(
    state: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    status, out, err = asked(capsys, *words)
    assert status == 1
    assert out == ""
    assert told in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 2
    assert not runs(state).exists()


def test_a_city_that_is_not_there_is_told(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "atlantis"]) == 1
    assert "Known: sejong" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({}, "2026-09-16-plan-clear-all-1"),
        ({"residents": 9, "days": 2}, "2026-09-16-plan-clear-9-1-2-days"),
        ({"weather": "/tmp/a b/wet day.csv"}, "2026-09-16-plan-wet-day-all-1"),
        (
            {"without": ("mobility.sharing",)},
            "2026-09-16-plan-clear-all-1-without-mobility.sharing",
        ),
    ],
)
def test_a_run_is_named_by_what_was_asked(words: dict[str, Any], name: str) -> None:
    assert Wish(model="x", **words).run_name == name


@pytest.mark.slow
def test_seeds_run_side_by_side_and_say_their_spread(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = asked(capsys, "--seeds", "2", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["seeds"] == 2
    assert len(found["digest"].split()) == 2
    share = next(kpi for kpi in found["kpis"] if kpi["name"] == "car_share")
    assert share["spread"] > 0
    assert len(_listed(runs(state))) == 2


@pytest.mark.slow
def test_variants_run_side_by_side_and_say_how_they_differ(
    state: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    words = ["--scenario", "today", "--scenario", "plan", "--with-and-without", "mobility.sharing"]
    status, out, _ = asked(capsys, *words, "--json", "--html", str(page))
    found = json.loads(out)
    assert status == 0
    assert (found["city"], found["residents"], found["seeds"]) == ("sejong", 40, 1)
    reports = [variant["report"] for variant in found["variants"]]
    assert [(r["scenario"], r["without"]) for r in reports] == [
        ("today", []), ("plan", []), ("plan", ["mobility.sharing"]),
    ]  # fmt: skip
    assert found["variants"][0]["differences"] == []
    share = [kpi["value"] for r in reports for kpi in r["kpis"] if kpi["name"] == "car_share"]
    for variant, value in zip(found["variants"][1:], share[1:], strict=True):
        (change,) = (d for d in variant["differences"] if d["name"] == "car_share")
        assert change["value"] == pytest.approx(value - share[0])
    assert json.loads(asked(capsys, "--json", "--no-save")[1])["digest"] == reports[1]["digest"]
    assert len(_listed(runs(state))) == 3
    assert "plan – mobility.sharing" in page.read_text("utf-8")


def test_variants_are_shown_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    kpi = Measured("city", "x", Text("Car share", "분담률"), "%", "lower", 4.0, None, 3.0, "")
    one = Report(
        city="c", scenario="today", without=(), residents=10, seed=1, wall_s=1.0, peak_mb=1.0,
        digest="d", kpis=[kpi], trips={},
    )  # fmt: skip
    two = msgspec.structs.replace(
        one, scenario="plan", without=("a.b",), kpis=[msgspec.structs.replace(kpi, value=2.5)]
    )
    print_comparison(compare([[one], [two]]), Console(width=120))
    out = capsys.readouterr().out
    for word in ("today", "plan – a.b", "4 % ✗", "2.5 % ✓", "Δ -1.5 %", "분담률"):
        assert word in out
    page = comparison_page(compare([[one], [two]]))
    assert "Δ -1.5 %" in page
    assert page.startswith("<!doctype html>")
    *_, heads, _, row = comparison_markdown(compare([[one], [two]])).splitlines()
    assert heads == "| | today | plan – a.b | differs by | target | source |"
    assert row == "| Car share | 4 % ✗ | 2.5 % ✓ | -1.5 % | ≤ 3 % |  |"


@contextmanager
def rehearsing(state: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A rehearsal in a process of its own, whose progress is read from a terminal."""
    ours, theirs = pty.openpty()
    environment = {
        **os.environ, "HAPGANG_STATE": str(state), "PYTHONPATH": str(ROOT), "TERM": "xterm",
        "COLUMNS": "100",
    }  # fmt: skip
    command = [sys.executable, "-m", "hapgang.app.cli", "rehearse", CITY, *words]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        assert process.stdout is not None
        process.stdout.close()


def read_until(terminal: int, word: bytes, limit_s: float = 120.0) -> bytes:
    seen, end = b"", time.monotonic() + limit_s
    while word not in seen:
        assert time.monotonic() < end, seen[-500:]
        seen += os.read(terminal, 4096)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_rehearsal_leaves_no_run(state: Path, sign: int, status: int) -> None:
    with rehearsing(state, "--residents", "4000") as (process, terminal):
        seen = read_until(terminal, b"day")
        assert b"city" in seen  # progress is shown, stage by stage
        process.send_signal(sign)
        assert process.wait(60) == status
        if sign == signal.SIGINT:
            assert b"stopped" in read_until(terminal, b"stopped")
    assert not runs(state).exists() or list(runs(state).iterdir()) == []


KILLED_WHILE_KEEPING = """
import os, signal, sys
from hapgang.app.cli import main
from hapgang.app.comparison import comparison_page, print_comparison
from hapgang.rehearsal import run
kept = run.write_playback
def killed(*words):
    kept(*words)
    os.kill(os.getpid(), signal.SIGKILL)
run.write_playback = killed
main(sys.argv[1:])
"""


@pytest.mark.slow
def test_a_rehearsal_killed_while_it_is_kept_is_not_listed(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_KEEPING, *FEW], env=environment, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert [path.name[0] for path in runs(state).iterdir()] == ["."]
    assert _listed(runs(state)) == []
    assert asked(capsys)[0] == 0
    assert [path.name for path in runs(state).iterdir()] == ["2026-09-16-plan-clear-40-7"]


def test_reports_of_other_versions_are_left_out_of_the_list(state: Path) -> None:
    for name, text in (("old", '{"city": "c"}'), ("broken", "{"), (".hidden", "{}")):
        (runs(state) / name).mkdir(parents=True)
        (runs(state) / name / "report.json").write_text(text)
    assert _listed(runs(state)) == []
