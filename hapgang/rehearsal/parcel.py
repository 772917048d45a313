"""A city's model as something to send: its files by name, known by a hash over all of them."""

import os
import secrets
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

import hapgang
from hapgang.rehearsal.wish import Wish
from hapgang.twin.ground import FILE as GROUND
from hapgang.twin.layers import EXTRAS, SCHEMA

# What may lie beside these in a city's folder (keys, a database, kept runs) never leaves.
_FILES = ("city.toml", "population.toml", "choice.toml", "weather.toml", GROUND)
_FOLDERS = (("transit", "*.txt"), ("scenarios", "*.toml"))
_WEATHER, _SCENARIO = "given/weather.csv", "given/scenarios"


class Parcel(msgspec.Struct, frozen=True):
    """Files by name, and the hash that names them all."""

    digest: str
    files: dict[str, bytes]

    @classmethod
    def of(cls, files: dict[str, bytes]) -> "Parcel":
        """Make a parcel of files."""
        digest = sha256()
        for name in sorted(files):
            digest.update(f"{name}\0{len(files[name])}\0".encode())
            digest.update(files[name])
        return cls(digest.hexdigest(), files)

    def unpack(self, folder: Path) -> None:
        """Write the files into a new folder, whole or not at all; who comes second is content."""
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            for name, content in self.files.items():
                path = beside / name
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.write_bytes(content)
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def parcel_of(wish: Wish) -> Parcel:
    """Pack what a wish is about: the model, and weather and scenario where files hold them."""
    names = [*_FILES, *(layer.table.file for layer in {**SCHEMA, **EXTRAS}.values())]
    found = {name: wish.folder / name for name in names}
    for folder, pattern in _FOLDERS:
        found |= {f"{folder}/{p.name}": p for p in (wish.folder / folder).glob(pattern)}
    if wish.weather.endswith(".csv"):
        found[_WEATHER] = Path(wish.weather)
    if (scenario := _own_scenario(wish)) is not None:
        found[f"{_SCENARIO}/{scenario.name}"] = scenario
    return Parcel.of({name: p.read_bytes() for name, p in sorted(found.items()) if p.is_file()})


def unpacked_wish(wish: Wish, folder: Path) -> Wish:
    """Return the wish for where its parcel was unpacked."""
    weather = folder / _WEATHER
    scenario = folder / _SCENARIO / Path(wish.scenario).name
    return msgspec.structs.replace(
        wish,
        model=str(folder),
        weather=str(weather) if weather.is_file() else wish.weather,
        scenario=str(scenario) if scenario.is_file() else wish.scenario,
    )


def _own_scenario(wish: Wish) -> Path | None:
    """Return the file of a scenario that is not the city's."""
    path = Path(wish.scenario)
    return path if wish.scenario.endswith(".toml") and path.is_file() else None


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder, such as a kept run, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@cache
def edition() -> str:
    """Return a hash over the program itself: who computes has to run the same."""
    root = Path(hapgang.__file__).parent
    digest = sha256()
    for path in sorted(p for end in ("*.py", "*.toml") for p in root.rglob(end)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
