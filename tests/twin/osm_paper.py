"""OpenStreetMap files and GTFS archives drawn on paper, clean and dirty."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

LON, LAT = 127.30, 36.51
Tags = Mapping[str, str]


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def write_osm(
    path: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[tuple[int, Sequence[int], Tags]],
    *,
    tagged: Mapping[int, Tags] | None = None,
    relations: Sequence[tuple[int, Sequence[tuple[int, str]], Tags]] = (),
) -> Path:
    """Write a map; places of nodes are degrees east and north of a corner."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="paper">']
    for id_, (east, north) in sorted(nodes.items()):
        tags = _tags((tagged or {}).get(id_, {}))
        out.append(
            f'<node id="{id_}" version="1" lat="{LAT + north:.7f}" lon="{LON + east:.7f}">'
            f"{tags}</node>"
        )
    for id_, refs, tags in ways:
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs) + _tags(tags)
        out.append(f'<way id="{id_}" version="1">{inside}</way>')
    for id_, members, tags in relations:
        inside = "".join(f'<member type="way" ref="{m}" role="{r}"/>' for m, r in members)
        out.append(f'<relation id="{id_}" version="1">{inside}{_tags(tags)}</relation>')
    path.write_text("\n".join([*out, "</osm>"]), "utf-8")
    return path


def write_zip(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a feed's files into an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path
