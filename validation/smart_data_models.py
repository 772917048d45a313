"""FIWARE's Smart Data Models: their examples, sent to a city and read back, come back unchanged.

python -m validation.smart_data_models FOLDER [--json] [--write docs/smart-data-models.md]

FOLDER holds clones of the public repositories `smart-data-models/dataModel.*`. Each example of an
NGSI-LD entity is created in a city that is started for it, and read in the same form: normalised
examples normalised, key-values as key-values. The contexts that examples name by an address on the
internet are kept by the city itself (`/jsonldContexts`), since a city fetches nothing.
"""

import argparse
import re
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from validation.etsi.places import city

_V1 = "/ngsi-ld/v1"
_LD = "application/ld+json"
_CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld"
_REPOSITORY = re.compile(r"dataModel\.\w+")
_FORMS = {"example-normalized.jsonld": "normalized", "example.jsonld": "keyValues"}


class Example(msgspec.Struct, frozen=True):
    """What became of one example: nothing said is good."""

    name: str
    form: str
    problem: str = ""


def main() -> int:
    """Send all examples of a folder; the exit status is 0 whatever comes of it."""
    parser = argparse.ArgumentParser(
        prog="python -m validation.smart_data_models", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("folder", type=Path, help="with clones of the repositories dataModel.*")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the docs' page")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="models-") as own, city(Path(own) / "state") as url:
        found = list(_tried(url, chosen.folder))
    if chosen.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    else:
        print(page(found))
    if chosen.write:
        chosen.write.write_text(page(found), "utf-8")
    return 0


def page(found: list[Example]) -> str:
    """Return what came of the examples as Markdown."""
    good = sum(not one.problem for one in found)
    lines = [
        "# Smart Data Models", "",
        "Examples of FIWARE's Smart Data Models, created in a city and read back in the same form:"
        " `python -m validation.smart_data_models`.", "",
        f"{good} of {len(found)} came back unchanged. The others are no NGSI-LD, and were refused"
        " with the reason that stands beside them.", "",
    ]  # fmt: skip
    lines += ["| example | form | unchanged |", "| --- | --- | --- |"]
    lines += [
        f"| {one.name} | {one.form} | {'yes' if not one.problem else one.problem} |"
        for one in found
    ]
    return "\n".join([*lines, ""])


def _tried(url: str, folder: Path) -> Iterator[Example]:
    hosted = {
        path.parent.name: _keep(url, path) for path in sorted(folder.glob("*/context.jsonld"))
    }
    for path in sorted(folder.glob("*/*/examples/*.jsonld")):
        if path.name in _FORMS:
            name = f"{path.parts[-4]}/{path.parts[-3]}"
            yield Example(name, _FORMS[path.name], _problem(url, path, hosted))


def _keep(url: str, path: Path) -> str:
    """Let the city keep a context; its address there."""
    status, headers, told = _send("POST", f"{url}{_V1}/jsonldContexts", path.read_bytes())
    if status != 201:
        raise RuntimeError(f"{path}: {status} {told[:300]!r}")
    return f"{url}{headers['location']}"


def _problem(url: str, path: Path, hosted: dict[str, str]) -> str:
    """Send an example and read it; what is wrong, or nothing."""
    try:
        entity = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError as error:
        return f"the example is no JSON: {error}"
    own = hosted[path.parts[-4]]
    context = _named(entity.pop("@context", own), hosted, own)
    body = msgspec.json.encode({**entity, "@context": context})
    form = _FORMS[path.name]
    status, _, told = _send("POST", f"{url}{_V1}/entities?format={form}", body)
    if status != 201:
        return f"refused: {_detail(told)}"
    where = f"{url}{_V1}/entities/{quote(entity['id'], safe='')}"
    link = {"Link": f'<{context}>; rel="http://www.w3.org/ns/json-ld#context"; type="{_LD}"'}
    status, _, told = _send("GET", f"{where}?format={form}", headers=link)
    _send("DELETE", where)
    found = msgspec.json.decode(told) if status == 200 else None
    if found is None:
        return f"not found again: {_detail(told)}"
    return _difference(entity, found)


def _named(context: Any, hosted: dict[str, str], own: str) -> str:
    """Return the address of the context that the city keeps for the one that an example names."""
    for url in context if isinstance(context, list) else [context]:
        name = _REPOSITORY.search(url) if isinstance(url, str) else None
        if name is not None and name[0] in hosted:
            return hosted[name[0]]
    return own


def _difference(sent: dict[str, Any], found: dict[str, Any]) -> str:
    names = sorted(name for name in sent.keys() | found.keys() if sent.get(name) != found.get(name))
    if not names:
        return ""
    first = names[0]
    return f"{', '.join(names[:5])}: {sent.get(first)!r:.80} became {found.get(first)!r:.80}"


def _detail(told: bytes) -> str:
    try:
        return str(msgspec.json.decode(told)["detail"])[:200]
    except (msgspec.DecodeError, KeyError, TypeError):
        return repr(told[:100])


def _send(
    method: str, url: str, body: bytes | None = None, *, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    sent = {"Content-Type": _LD, **(headers or {})}
    asked = urllib.request.Request(url, body, sent, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            told = answer.read()
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, told
    except urllib.error.HTTPError as error:
        return error.code, {}, error.read()


if __name__ == "__main__":
    sys.exit(main())
