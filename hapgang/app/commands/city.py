"""Make a city of anyone's open data, or show one.

  hapgang city import poa --osm poa_osm.pbf --gtfs bus.zip --gtfs metro.zip \\
      --grid cells.csv --elevation heights.tif
  hapgang city show sejong
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from hapgang.app.settings import find_city, state_folder
from hapgang.core.errors import Unavailable
from hapgang.twin.modes import Modes
from hapgang.twin.scenario import list_scenarios
from hapgang.twin.scene import Scene, load_scene


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    commands = parser.add_subparsers(dest="city_command", metavar="COMMAND", required=True)
    make = commands.add_parser("import", help="make a city of open data")
    make.add_argument("name", help="letters, digits and dashes")
    make.add_argument("--osm", type=Path, required=True, help="OpenStreetMap extract, .osm.pbf")
    make.add_argument("--gtfs", type=Path, action="append", default=[], help="repeatable")
    make.add_argument("--grid", type=Path, help="CSV: id (H3) or lon, lat; population, jobs ...")
    make.add_argument("--elevation", type=Path, help="GeoTIFF")
    make.add_argument("--residents", type=int, help="of the whole city, where known better")
    make.add_argument("--folder", type=Path, help="where to; default: the state folder")
    make.add_argument("--replace", action="store_true", help="replace a city of this name")
    show = commands.add_parser("show", help="what a city consists of")
    show.add_argument("city", help="a name or a folder")
    show.add_argument("--scenario", default="today")
    show.add_argument("--json", action="store_true", help="for machines")


def run(arguments: argparse.Namespace) -> int:
    """Import or show."""
    return _import(arguments) if arguments.city_command == "import" else _show(arguments)


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
