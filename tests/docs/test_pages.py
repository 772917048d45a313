"""The documentation is true: its tables, links, commands, routes, settings, rules and services."""

import argparse
import configparser
import importlib
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hapgang.app.cli import _COMMANDS
from hapgang.app.endpoints import Table
from hapgang.runtime.discover import discover
from tests.docs.pages import ROOT, blocks, commands_of, pages, prose
from tests.docs.reference import TABLES, endpoints, filled

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_VARIABLE = re.compile(r"HAPGANG_[A-Z]+(?:_[A-Z]+)*")
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?|[\w.-]+/")
_SUBCOMMANDS = (["city", "import"], ["city", "export"])
SHELLS = ("console", "bash", "text", "ini")


def each(paths: tuple[Path, ...]) -> pytest.MarkDecorator:
    names = [str(path.relative_to(ROOT)) for path in paths]
    return pytest.mark.parametrize("page", paths, ids=names)


@pytest.mark.parametrize("name", TABLES)
def test_tables_made_from_the_code_are_current(name: str) -> None:
    path, now, fresh = filled(name)
    assert now == fresh, f"{path.name}: run `python -m tests.docs.reference` and commit"


@each(pages())
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(place), f"{target}: no such heading"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_every_page_can_be_reached_from_the_readme() -> None:
    readme = ROOT / "README.md"
    reached, waiting = set(), [readme]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        linked = [(page.parent / t.partition("#")[0]).resolve() for t in _LINK.findall(prose(page))]
        waiting += [p for p in linked if p.suffix == ".md" and p.is_file() and p not in reached]
    assert set(pages()) <= reached


def typed(page: Path) -> Iterator[list[str]]:
    """Every command line on a page, in blocks and in prose, as words."""
    lines = [c.words for block in blocks(page) for c in commands_of(block)]
    for block in blocks(page):
        if block.language in SHELLS[1:]:
            lines += block.text.replace("\\\n", "").splitlines()
    lines += _CODE.findall(prose(page))
    for line in lines:
        for part in re.split(r"[|;]|&&|\$\(|(?<=\))\"", line):
            text = part.split("  ")[0].partition(" #")[0].strip().strip(")")
            try:
                yield shlex.split(text.partition(" > ")[0])
            except ValueError:
                continue  # half of a quoted text


@cache
def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(exit_on_error=False)
    top.add_argument("--version", action="store_true")
    commands = top.add_subparsers(required=False)
    for name, (_, module) in _COMMANDS.items():
        importlib.import_module(module).add_arguments(commands.add_parser(name))
    return top


def understood(words: list[str]) -> bool:
    try:
        parser().parse_args(words)
    except SystemExit as end:
        return end.code == 0
    return True


@each(pages())
def test_commands_are_understood(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in typed(page):
        program = Path(words[0]).name if words else ""
        if program != "hapgang" or any(w.isupper() or "..." in w for w in words[1:]):
            continue
        if (len(words) == 2 and words[1] in _COMMANDS) or words[1:] in _SUBCOMMANDS:
            continue  # the command as such
        assert understood(words[1:]), f"{shlex.join(words)}: {capsys.readouterr().err}"


@each(pages())
def test_targets_of_make_exist(page: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for words in typed(page):
        if words and words[0] == "make" and len(words) > 1:
            assert set(words[1:]) <= known, shlex.join(words)


def test_every_target_of_make_is_documented() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    made = [words[1:] for page in pages() for words in typed(page) if words[:1] == ["make"]]
    named = {target for line in made for target in line}
    assert set(targets) - {"help", "clean", "wheel", "portal"} <= named


@cache
def table() -> Table:
    return Table(endpoints())


@each(pages())
def test_routes_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for method, path in re.findall(r"`(GET|POST|PATCH|PUT|DELETE) (/[^`?\s]*)", text):
        assert table().find(method, path) is not None, f"{method} {path}"
    for words in typed(page):
        if words[:1] != ["curl"]:
            continue
        url = next(w for w in words if w.startswith("localhost:8000"))
        path = url.removeprefix("localhost:8000").partition("?")[0]
        if not path.startswith("/api/city/snow/"):  # of the guide's own service
            assert table().methods_of(path), path


@each(pages())
def test_paths_of_the_repository_exist(page: Path) -> None:
    tops = {p.name for p in ROOT.iterdir() if p.is_dir()}
    for word in _CODE.findall(prose(page)):
        is_path = _PATH.fullmatch(word) is not None and word.split("/")[0] in tops
        if is_path and not re.search(r"[A-Z]{3}|/city/snow", word):
            assert (ROOT / word).exists(), word


def test_settings_from_the_environment_are_documented() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "hapgang", "tests", "portal", "benchmarks", "Makefile"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    code = (ROOT / name for name in listed if name.endswith((".py", ".ts", ".js", "Makefile")))
    used = {found for path in code if path.is_file() for found in variables(path)}
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    first = re.findall(r"^\| (`HAPGANG_[^|]+) \|", page, re.MULTILINE)
    documented = {name for cell in first for name in _VARIABLE.findall(cell)}
    assert used == documented


def variables(path: Path) -> set[str]:
    return set(_VARIABLE.findall(path.read_text("utf-8")))


def test_the_readme_starts_in_three_commands() -> None:
    start = next(block for block in blocks(ROOT / "README.md") if block.language == "bash")
    lines = [line.partition("#")[0].split() for line in start.text.splitlines()]
    assert [line[0] for line in lines] == ["make", "make", ".venv/bin/hapgang"]
    assert [line[1] for line in lines[:2]] == ["demo", "test"]


def test_the_readme_names_what_the_machine_needs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    portal = json.loads((ROOT / "portal" / "package.json").read_text("utf-8"))
    python = project["requires-python"].removeprefix(">=")
    node = portal["engines"]["node"].removeprefix(">=")
    assert f"**Python {python}**" in readme
    assert node in readme
    assert "Chromium" in readme
    assert project["license"] in readme


def test_the_readme_lists_the_commands_and_the_services() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `hapgang (\w+)`", readme, re.MULTILINE)) == set(_COMMANDS)
    rows = re.findall(r"^\| `(\w+\.\w+)` \|.*\| (\w+) \| \d+ \|$", readme, re.MULTILINE)
    assert dict(rows) == {name: service.level.value for name, service in discover().items()}


def test_the_architecture_draws_the_layers_that_are_enforced() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    enforced = contracts["importlinter:contract:layers"]["layers"].strip().splitlines()
    drawn = next(blocks(ROOT / "ARCHITECTURE.md")).text.splitlines()
    rooms = [re.split(r"\s{2,}", line.strip())[0] for line in drawn if line.strip()]
    assert rooms == [line.replace("hapgang.", "").strip() for line in enforced]


def test_every_room_has_a_paragraph_and_every_cited_rule_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {p.name for p in (ROOT / "hapgang").iterdir() if (p / "__init__.py").is_file()}
    assert set(re.findall(r"^\*\*(\w+)\*\* \(`hapgang", text, re.MULTILINE)) == rooms | {"contract"}
    rules = re.findall(r"^\| ([A-Z-]{5,}) \|", text, re.MULTILINE)
    assert len(rules) == len(set(rules))
    cited = {rule for line in re.findall(r"Cited here: (.+?)\.", text) for rule in line.split(", ")}
    cited |= set(re.findall(r"\(([A-Z-]{5,})\)", text))
    assert cited <= set(rules)


def test_modules_named_in_the_architecture_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for room, paragraph in re.findall(
        r"^\*\*\w+\*\* \(`(hapgang/\w+)`\)\. (.+?)\n\n", text, re.M | re.S
    ):
        for name in re.findall(r"`(\w+\.(?:py|sql)|\w+/)`", paragraph):
            assert (ROOT / room / name).exists(), f"{room}/{name}"


def test_decisions_are_numbered_and_have_a_line_to_quote() -> None:
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    for path in found:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]}: ")
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Alternatives"]
        assert re.search(r"^> \*\*", text, re.MULTILINE)


def test_code_on_pages_is_formatted(tmp_path: Path) -> None:
    for page in pages():
        for block in blocks(page):
            if block.language == "python" and block.file:
                path = tmp_path / page.stem / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, "utf-8")
    ruff = [
        Path(sys.executable).parent / "ruff",
        "format",
        "--check",
        "--config",
        ROOT / "pyproject.toml",
    ]
    done = subprocess.run([*ruff, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
