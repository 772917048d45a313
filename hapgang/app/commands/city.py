"""Make a city of anyone's open data, show one, or write its model in a standard's format.

  hapgang city import poa --osm poa_osm.pbf --gtfs bus.zip --gtfs metro.zip \\
      --grid cells.csv --elevation heights.tif
  hapgang city show sejong
  hapgang city export sejong --format cityjson --output sejong.city.json
  hapgang city export sejong --format geojson --layer streets --layer stops --output sejong.geojson
  hapgang city export sejong --format gltf --scenario plan --output sejong.glb
  hapgang city export sejong --format 3dtiles --output sejong-tiles
"""

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from hapgang.app.folders import write_folder
from hapgang.app.settings import find_city, state_folder
from hapgang.core.errors import Conflict, Invalid, Unavailable
from hapgang.twin.exchange import FORMATS, chosen_layers
from hapgang.twin.exchange.tiles import TILESET
from hapgang.twin.modes import Modes
from hapgang.twin.scenario import list_scenarios
from hapgang.twin.scene import Scene, load_scene


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    commands = parser.add_subparsers(dest="city_command", metavar="COMMAND", required=True)
    make = _add_command(commands, "import", "make a city of open data")
    make.add_argument("name", help="letters, digits and dashes")
    make.add_argument("--osm", type=Path, required=True, help="OpenStreetMap extract, .osm.pbf")
    make.add_argument(
        "--gtfs", type=Path, action="append", default=[], help="timetable, .zip; repeatable"
    )
    make.add_argument("--grid", type=Path, help="CSV: id (H3) or lon, lat; population, jobs ...")
    make.add_argument("--elevation", type=Path, help="heights, GeoTIFF")
    make.add_argument("--residents", type=int, help="of the whole city, where known better")
    make.add_argument("--folder", type=Path, help="where to; default: the state folder")
    make.add_argument("--replace", action="store_true", help="replace a city of this name")
    show = _add_command(commands, "show", "what a city consists of")
    show.add_argument("city", help="a name or a folder")
    show.add_argument("--scenario", default="today", help="today, plan, or one of the city's own")
    show.add_argument("--json", action="store_true", help="for machines")
    _add_export(_add_command(commands, "export", "write the model for other programs"))


def _add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> argparse.ArgumentParser:
    """Add a command whose help shows its own of the examples above."""
    own = re.findall(rf"^  hapgang city {name} (?:.*\\\n)*.*", __doc__ or "", re.MULTILINE)
    return commands.add_parser(
        name,
        help=what,
        description="\n".join([f"{what.capitalize()}.\n", *own]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_export(export: argparse.ArgumentParser) -> None:
    layers = "; ".join(f"{name}: {', '.join(form.layers)}" for name, form in FORMATS.items())
    export.add_argument("city", help="a name or a folder")
    export.add_argument("--format", choices=tuple(FORMATS), required=True, help="of the file")
    export.add_argument("--scenario", default="today", help="today, plan, or one of the city's own")
    export.add_argument("--layer", action="append", default=[], help=f"repeatable; {layers}")
    export.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=("where to; a folder for 3dtiles"),
    )
    export.add_argument("--replace", action="store_true", help="replace what has this name")


def run(arguments: argparse.Namespace) -> int:
    """Import, show or export."""
    commands = {"import": _import, "show": _show, "export": _export}
    return commands[arguments.city_command](arguments)


def _import(arguments: argparse.Namespace) -> int:
    try:
        from hapgang.twin.importers import import_city  # noqa: PLC0415 (an extra: [import])
    except ImportError as error:
        raise Unavailable(
            f"Importing needs the extra: pip install 'hapgang[import]' ({error.name} is missing).",
            f"가져오기에는 추가 설치가 필요합니다: pip install 'hapgang[import]' ({error.name})",
        ) from error
    folder = arguments.folder or state_folder() / "cities" / arguments.name
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        made = import_city(
            arguments.name,
            osm=arguments.osm,
            gtfs=arguments.gtfs,
            grid=arguments.grid,
            elevation=arguments.elevation,
            residents=arguments.residents,
            folder=folder,
            replace=arguments.replace,
            report=lambda stage, share: bar.update(task, completed=share, description=stage),
        )
    print("\n".join(made.lines()))
    print(f"next: hapgang rehearse {arguments.name}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    folder = find_city(arguments.city)
    scene = load_scene(folder, arguments.scenario)
    facts = describe(scene, folder)
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return 0
    print(f"{scene.title.ko} · {scene.title.en}  ({folder})")
    for name, value in facts.items():
        print(f"  {name}: {value}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    form, file, replace = FORMATS[arguments.format], arguments.output, arguments.replace
    layers = chosen_layers(form, arguments.layer)
    check = _check_output if form.files is None else _check_folder
    check(file, replace=replace)
    scene = load_scene(find_city(arguments.city), arguments.scenario)
    try:
        if form.files is not None:
            n_bytes = write_folder(file, form.files(scene, layers), replace=replace)
        else:
            assert form.pieces is not None
            n_bytes = _write_beside(file, form.pieces(scene, layers), replace=replace)
    except OSError as error:
        raise Unavailable(
            f"{file} cannot be written: {error.strerror}",
            f"{file} 파일을 쓸 수 없습니다: {error.strerror}",
        ) from error
    print(f"{file}: {form.title}, {', '.join(layers)}, {n_bytes / 1e6:.1f} MB")
    return 0


def _check_output(file: Path, *, replace: bool) -> None:
    """Refuse before the city is read what would fail after it."""
    _check_place(file)
    if file.is_dir():
        raise Invalid(f"--output: {file} is a folder", f"--output: {file}은(는) 폴더입니다")
    if file.exists() and not replace:
        raise Conflict(
            f"{file} exists already; give another name, or --replace",
            f"{file} 파일이 이미 있습니다. 다른 이름을 쓰거나 --replace를 지정하십시오",
        )


def _check_folder(folder: Path, *, replace: bool) -> None:
    """Refuse what is there already; only a tileset may be replaced."""
    _check_place(folder)
    if not folder.exists():
        return
    if not replace:
        raise Conflict(
            f"{folder} exists already; give another name, or --replace",
            f"{folder}이(가) 이미 있습니다. 다른 이름을 쓰거나 --replace를 지정하십시오",
        )
    if not (folder / TILESET).is_file():
        raise Invalid(
            f"--output: {folder} holds no {TILESET} and is not replaced",
            f"--output: {folder}에 {TILESET}이 없어 바꾸지 않습니다",
        )


def _check_place(file: Path) -> None:
    folder = file.absolute().parent
    if not folder.is_dir():
        raise Invalid(
            f"--output: there is no folder {folder}", f"--output: {folder} 폴더가 없습니다"
        )


def _write_beside(file: Path, pieces: Iterator[bytes], *, replace: bool) -> int:
    """Write beside the file and rename, so that it is there whole or not at all; return its size.

    What failed leaves nothing behind.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as out:
            n_bytes = sum(out.write(piece) for piece in pieces)
            out.flush()
            os.fsync(out.fileno())
        _check_output(file, replace=replace)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return n_bytes


def describe(scene: Scene, folder: Path) -> dict[str, object]:
    """Return what a city consists of."""
    links = scene.links
    km = {
        mode.name.lower(): round(float(links.length_m[links.modes & mode > 0].sum()) / 1000, 1)
        for mode in Modes
        if mode.name is not None
    }
    outside = scene.zones.kind == "outside"
    return {
        "name": scene.name,
        "residents": scene.residents,
        "scenarios": list_scenarios(folder),
        "scenario": scene.scenario.name,
        "services": list(scene.scenario.services),
        "directed_km_by_mode": km,
        "buildings": len(scene.buildings),
        "dwellings": int(scene.buildings.dwellings.sum()),
        "jobs_inside": int(scene.zones.jobs[~outside].sum()),
        "zones_inside": int((~outside).sum()),
        "zones_outside": int(outside.sum()),
        "places": dict(Counter(scene.places.kind.tolist()).most_common()),
        "stops": len(scene.timetable.stops) if scene.timetable is not None else 0,
        "routes": len(scene.timetable.routes.route) if scene.timetable is not None else 0,
        "highest_m": float(np.nanmax(scene.ground.elevation_m)),
        "version": scene.version,
    }
