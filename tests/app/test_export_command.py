"""`hapgang city export`: a file is there whole or not at all, and is not replaced unasked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.cli import main
from hapgang.app.commands import city
from hapgang.twin.exchange import FORMATS, Format
from tests.twin.paper_city import both_ways, write_city


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return write_city(
        tmp_path / "paper", [(0, 0), (100, 0)], both_ways(("a", 0, 1, {})), scenarios={"plan": ""}
    )


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def export(model: Path, file: Path, *words: str) -> int:
    return main(["city", "export", str(model), "--output", str(file), *words])


@pytest.mark.parametrize("form", sorted(name for name, form in FORMATS.items() if form.pieces))
def test_every_format(paper: Path, out: Path, form: str, capsys: Any) -> None:
    file = out / "paper.file"
    assert export(paper, file, "--format", form, "--scenario", "plan") == 0
    assert capsys.readouterr().out.startswith(f"{file}: {FORMATS[form].title}, ")
    assert [path.name for path in out.iterdir()] == ["paper.file"]
    if form != "gltf":
        assert json.loads(file.read_text("utf-8"))["type"]


def test_a_tileset_is_a_folder(paper: Path, out: Path, capsys: Any) -> None:
    folder = out / "tiles"
    assert export(paper, folder, "--format", "3dtiles", "--layer", "ground") == 0
    assert capsys.readouterr().out.startswith(f"{folder}: 3D Tiles 1.1, ground, ")
    assert sorted(path.name for path in folder.iterdir()) == ["ground.glb", "tileset.json"]
    assert [path.name for path in out.iterdir()] == ["tiles"]
    assert export(paper, folder, "--format", "3dtiles") == 1
    assert "exists already" in capsys.readouterr().err
    assert export(paper, folder, "--format", "3dtiles", "--replace") == 0
    (out / "mine").mkdir()
    assert export(paper, out / "mine", "--format", "3dtiles", "--replace") == 1
    assert "holds no tileset.json and is not replaced" in capsys.readouterr().err
    assert export(paper, out / "none" / "tiles", "--format", "3dtiles") == 1
    assert "there is no folder" in capsys.readouterr().err


def test_chosen_layers(paper: Path, out: Path) -> None:
    file = out / "paper.geojson"
    assert export(paper, file, "--format", "geojson", "--layer", "links", "--layer", "zones") == 0
    found = json.loads(file.read_text("utf-8"))["features"]
    assert {one["properties"]["layer"] for one in found} == {"links", "zones"}


def test_a_file_is_replaced_only_when_asked(paper: Path, out: Path, capsys: Any) -> None:
    file = out / "paper.geojson"
    file.write_text("mine", "utf-8")
    assert export(paper, file, "--format", "geojson") == 1
    said = capsys.readouterr().err
    assert "exists already; give another name, or --replace" in said
    assert "이미 있습니다" in said
    assert file.read_text("utf-8") == "mine"
    assert export(paper, file, "--format", "geojson", "--replace") == 0
    assert json.loads(file.read_text("utf-8"))["type"] == "FeatureCollection"


def test_words_that_do_not_fit(paper: Path, out: Path, capsys: Any) -> None:
    cases = {
        "has no layer “stops”": (out / "a.glb", "--format", "gltf", "--layer", "stops"),
        "there is no folder": (out / "nowhere" / "a.glb", "--format", "gltf"),
        "is a folder": (out, "--format", "gltf"),
        "“moon”": (out / "a.glb", "--format", "gltf", "--scenario", "moon"),
    }
    for message, (file, *words) in cases.items():
        assert export(paper, Path(file), *map(str, words)) == 1
        assert message in capsys.readouterr().err
    assert not any(out.iterdir())


def test_what_fails_half_way_leaves_nothing(
    paper: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def full(*_: object) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    form = Format(title="Full", layers=("x",), usual=("x",), pieces=full)
    monkeypatch.setitem(city.FORMATS, "geojson", form)  # type: ignore[arg-type]  # a dict
    file = out / "paper.geojson"
    file.write_text("mine", "utf-8")
    assert export(paper, file, "--format", "geojson", "--replace") == 1
    assert "cannot be written: No space left on device" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["paper.geojson"]
    assert file.read_text("utf-8") == "mine"
