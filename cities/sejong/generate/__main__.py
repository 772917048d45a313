"""`python -m cities.sejong.generate [FOLDER]`: rewrite the reference city's generated files."""

import sys
from pathlib import Path

from cities.sejong.generate.city import make
from cities.sejong.generate.write import write


def main() -> None:
    """Make the city and write it beside the generator, or into another folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    folder.mkdir(parents=True, exist_ok=True)
    city = make()
    write(city, folder)
    sizes = {"nodes": "node", "links": "link", "buildings": "building", "zones": "zone"}
    sizes |= {"places": "place", "areas": "area"}
    counts = ", ".join(f"{len(getattr(city, t)[key])} {t}" for t, key in sizes.items())
    print(f"{folder}: {counts}")


main()
