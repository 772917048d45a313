"""Where a city lies on this machine."""

import os
from pathlib import Path

from hapgang.core.errors import NotFound

FACTS = "city.toml"
DATABASE_URL = "HAPGANG_DATABASE"  # a PostgreSQL by URL instead of the embedded one


def state_folder() -> Path:
    """Return where cities keep their state: `HAPGANG_STATE`, else the user's data folder."""
    chosen = os.environ.get("HAPGANG_STATE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "hapgang"


def city_state(name: str) -> Path:
    """Return the folder that holds everything a city knows, mode 0700; it is made when absent."""
    folder = state_folder() / "cities" / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def bundled(kind: str) -> Path:
    """Return what comes with Hapgang: from the package, else from the checkout around it."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "bundled" / kind
    if inside.is_dir():
        return inside
    return package.parent / ("portal/dist" if kind == "portal" else kind)


def find_city(name: str) -> Path:
    """Return a city's model: a path, else one in the state folder, else one that is bundled."""
    places = [Path(name), state_folder() / "cities" / name, bundled("cities") / name]
    for place in places:
        if (place / FACTS).is_file():
            return place.absolute()
    raise NotFound(
        f"There is no city “{name}”. Known: {', '.join(list_cities())}."
        " Make one with `hapgang city import`.",
        f"“{name}” 도시가 없습니다. 있는 도시: {', '.join(list_cities())}."
        " `hapgang city import`로 만들 수 있습니다.",
    )


def list_cities() -> list[str]:
    """Return the names of the cities that can be found without a path."""
    folders = [state_folder() / "cities", bundled("cities")]
    return sorted({path.parent.name for f in folders for path in f.glob(f"*/{FACTS}")})
