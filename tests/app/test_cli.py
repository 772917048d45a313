"""The command line explains itself, quickly, and refuses what would be unsafe."""

import argparse
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hapgang import __version__
from hapgang.app.cli import main
from hapgang.app.settings import city_state, find_city
from hapgang.app.tokens import Tokens
from hapgang.contract import Role
from hapgang.core.errors import NotFound
from tests.small_city import write_small_city

COMMANDS = ("up", "rehearse", "city", "services", "staff", "token")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAPGANG_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    try:
        status = main(words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def parsers_of(
    parser: argparse.ArgumentParser, *words: str
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Yield a command and all that are under it, each with its words."""
    yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                yield from parsers_of(one, *words, name)


def every_command() -> dict[str, argparse.ArgumentParser]:
    found = {}
    for command in COMMANDS:
        top = argparse.ArgumentParser()
        importlib.import_module(f"hapgang.app.commands.{command}").add_arguments(top)
        found.update({" ".join(words): parser for words, parser in parsers_of(top, command)})
    return found


EVERY = every_command()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(["--help"], capsys)
    assert status == 0
    assert all(command in text for command in COMMANDS)
    assert {"city import", "city show"} < EVERY.keys()


@pytest.mark.parametrize("command", EVERY)
def test_every_command_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said([*command.split(), "--help"], capsys)
    assert status == 0
    assert re.search(rf"^ *hapgang {command}\b", text, re.MULTILINE), text


@pytest.mark.parametrize("command", EVERY)
def test_every_word_of_a_command_is_explained(command: str) -> None:
    actions = EVERY[command]._actions
    words = [one for one in actions if not isinstance(one, argparse._SubParsersAction)]
    assert [one.dest for one in words if not one.help] == []


def test_help_loads_no_room() -> None:
    """`hapgang --help` is quick because nothing heavy is imported; the benchmarks time it."""
    program = (
        "import sys; from hapgang.app.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'asyncpg', 'starlette', 'numba', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("words", [[], ["fly"], ["up", "--port", "x"], ["token", "king"]], ids=str)
def test_wrong_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(words, capsys)
    assert status == 2
    assert "usage: hapgang" in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(["--version"], capsys) == (0, f"hapgang {__version__}\n")
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert project["scripts"]["hapgang"] == "hapgang.app.cli:main"


@pytest.mark.parametrize("flag", ["--demo", "--open"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_open_doors_are_on_loopback_only(
    host: str, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = said(["up", flag, "--host", host], capsys)
    assert status == 1
    assert "loopback only" in text
    assert "루프백" in text


def test_a_city_that_is_not_there(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(["token", "operator", "--city", "atlantis"], capsys)
    assert status == 1
    assert "There is no city" in text
    assert "sejong" in text
    with pytest.raises(NotFound):
        find_city(str(state))


def test_a_service_that_is_not_installed_is_named(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = write_small_city(tmp_path / "small", services='"mobility.sharing", "mobility.flying"')
    status, text = said(["up", str(city), "--port", "0"], capsys)
    assert status == 1
    assert "scenario plan: there is no service mobility.flying" in text
    assert re.search(r"installed are .*mobility\.sharing", text)
    assert "mobility.flying 서비스가 없습니다" in text


def test_a_token_speaks_for_its_role(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = write_small_city(tmp_path / "small")
    for role in Role:
        if role in (Role.ANONYMOUS, Role.PLATFORM):
            assert said(["token", role.value, "--city", str(city)], capsys)[0] == 2
            continue
        status, token = said(["token", role.value, "--city", str(city)], capsys)
        assert status == 0
        caller = Tokens.at(city_state("small")).known(token.strip(), datetime.now(UTC)).caller
        assert caller.role is role
    named = ["token", "device", "--city", str(city), "--id", "urn:ngsi-ld:Device:bench-7"]
    token = said([*named, "--hours", "1"], capsys)[1].strip()
    caller = Tokens.at(city_state("small")).known(token, datetime.now(UTC)).caller
    assert caller.id == "urn:ngsi-ld:Device:bench-7"
    assert said([*named[:-1], "not a uri"], capsys)[0] == 1
    assert (state / "cities" / "small").stat().st_mode & 0o777 == 0o700


def test_services_are_listed_for_people_and_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    status, text = said(["services", "--json"], capsys)
    assert status == 0
    names = [service["name"] for service in json.loads(text)]
    assert "mobility.sharing" in names
    status, text = said(["services"], capsys)
    assert all(name in text for name in names)
