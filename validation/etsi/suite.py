"""A copy of the suite that speaks to this machine only.

The suite asks the web for its JSON-LD contexts and is told in `resources/variables.py` where
everything is. Both are rewritten in a copy; the suite itself is left as it is.
"""

import re
import shutil
import subprocess
from pathlib import Path

import msgspec

SINGLE, SEVERAL = Path("TP/NGSI-LD"), Path("IOP_TP")  # one broker; brokers among each other
CONTEXTS = Path("resources/jsonld-contexts")
ELSEWHERE = "elsewhere"  # stands in for contexts whose text does not come with the suite
_VARIABLES = Path("resources/variables.py")
_PARTS = (SINGLE.parts[0], SEVERAL.parts[0], "resources", "data", "libraries")
_TEXTS = {".robot", ".resource", ".py", ".json", ".jsonld", ".geojson"}
_OWN = re.compile(r"https?://[^\s\"'<>]*?/jsonld-contexts/([\w.-]+\.jsonld)")
_FOREIGN = re.compile(
    r"https?://((?:easy-global-market\.github\.io|fiware\.github\.io|smartdatamodels\.org)"
    r"/[^\s\"'<>]*?\.jsonld)"
)
_BROKER = re.compile(r"http://localhost:9090(?![0-9])")  # written into single tests, too


class Places(msgspec.Struct, frozen=True):
    """Where things are while the suite runs; everything is on loopback."""

    city: str
    contexts: str
    core: str  # the core context that the city uses
    notifications: int
    source: int
    context_server: int
    mqtt: int

    def variables(self) -> dict[str, str | int]:
        """Return what the suite's variables become."""
        return {
            "url": f"{self.city}/ngsi-ld/v1",
            "temporal_api_url": f"{self.city}/ngsi-ld/v1",
            "notification_server_host": "127.0.0.1",
            "notification_server_port": self.notifications,
            "mqtt_broker_host": "127.0.0.1",
            "mqtt_broker_non_default_port": self.mqtt,
            "context_source_host": "127.0.0.1",
            "context_source_port": self.source,
            "context_server_host": "127.0.0.1",
            "context_server_port": self.context_server,
            "core_context": self.core,
        }


def check_suite(suite: Path) -> None:
    """Raise `FileNotFoundError` where the folder is not the suite."""
    for part in (SINGLE, CONTEXTS, _VARIABLES):
        if not (suite / part).exists():
            raise FileNotFoundError(f"{suite} is not the suite: there is no {part} in it")


def version_of(suite: Path) -> str:
    """Return the commit of a suite that is a clone; of one that is not, nothing is known."""
    if not (suite / ".git").exists():
        return "unknown"
    asked = ["git", "-C", str(suite), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def copy_suite(suite: Path, copy: Path, places: Places, *, limit_s: int) -> None:
    """Copy the suite and rewrite the copy for these places, with a time limit for each test."""
    for part in _PARTS:
        if (suite / part).is_dir():
            shutil.copytree(suite / part, copy / part)
    for path in sorted(copy.rglob("*")):
        if path.suffix in _TEXTS and path.is_file():
            old = path.read_bytes()
            new = rewritten(old.decode("utf-8", "surrogateescape"), places)
            if path.suffix == ".robot":
                new = with_limit(new, limit_s)
            path.write_bytes(new.encode("utf-8", "surrogateescape"))
    variables = copy / _VARIABLES
    variables.write_text(with_values(variables.read_text("utf-8"), places.variables()), "utf-8")


def rewritten(text: str, places: Places) -> str:
    """Return a text of the suite with its contexts, and the broker it takes for granted, here.

    The core contexts stay where they are: a broker knows those itself.
    """
    text = _OWN.sub(lambda found: f"{places.contexts}/{found[1]}", text)
    text = _FOREIGN.sub(lambda found: f"{places.contexts}/{ELSEWHERE}/{found[1]}", text)
    return _BROKER.sub(places.city, text)


def with_values(variables: str, values: dict[str, str | int]) -> str:
    """Return `variables.py` with other values; names that it lacks are left out."""
    for name, value in values.items():
        variables = re.sub(rf"(?m)^{name}\s*=.*$", f"{name} = {value!r}", variables)
    return variables


def with_limit(tests: str, limit_s: int) -> str:
    """Return a file of tests in which each may take so long at most, unless it says otherwise."""
    if re.search(r"(?mi)^test timeout", tests):
        return tests
    limit = f"*** Settings ***\nTest Timeout    {limit_s} seconds\n"
    if "*** Settings ***\n" in tests:
        return tests.replace("*** Settings ***\n", limit, 1)
    return f"{limit}\n{tests}"


def chosen(copy: Path, only: list[str], *, several: bool) -> tuple[list[str], list[str]]:
    """Return the paths and tags that were asked for; without paths, all tests of one broker."""
    paths, tags = [], []
    for word in only:
        found = next((p for p in (Path(word), SINGLE / word) if (copy / p).exists()), None)
        if found is None:
            tags.append(word)
        else:
            paths.append(str(found))
    if not paths:
        paths = [str(SINGLE), *([str(SEVERAL)] if several else [])]
    return paths, tags
