"""Who answers for a city's data, and what others may do with them: `open_data.toml` of its folder.

    licence = "CC-BY-4.0"
    contact = "data@example.org"
    publisher = {en = "Sejong City", ko = "세종특별자치시"}

All may be left out. Without a licence nobody is allowed anything, but where the model was made of
OpenStreetMap, whose licence then holds.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.hub.datamap.dataset import Licence
from hapgang.hub.datamap.dcat import Publisher
from hapgang.twin.scene import CityFacts

FILE = "open_data.toml"
LICENCES: Mapping[str, Licence] = {
    "CC-BY-4.0": Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODbL-1.0": Licence("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "KOGL-1": Licence(
        "공공누리 제1유형 (KOGL Type 1)", "https://www.kogl.or.kr/info/licenseType1.do"
    ),
}


class _OpenData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    licence: str = ""
    contact: Annotated[str, Meta(pattern=r"^([^\s@<>]+@[^\s@<>]+)?$(?!\n)")] = ""
    publisher: Text | None = None


def publisher_of(folder: Path, facts: CityFacts) -> Publisher:
    """Return who publishes a city's data; `Invalid` for a file that does not say it well."""
    said = _OpenData()
    path = folder / FILE
    if path.is_file():
        try:
            said = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _OpenData)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise Invalid(f"{FILE}: {error}", None) from error
        if said.licence and said.licence not in LICENCES:
            known = ", ".join(LICENCES)
            raise Invalid(
                f"{FILE}: licence is one of {known}", f"{FILE}: licence는 {known} 중 하나"
            )
    is_shared_alike = any("odbl" in source.licence.lower() for source in facts.sources)
    licence = LICENCES.get("ODbL-1.0" if is_shared_alike else said.licence)
    return Publisher(said.publisher or facts.title, said.contact, licence)
