"""What the guide tells an operator to run does what it says."""

import re
import textwrap
from pathlib import Path

import pytest

from tests.ledger.anchor.bench import ADDRESSES
from tests.ledger.anchor.nodes import RICH, anvil

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "chain.md"


def test_the_guides_python_makes_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"^ *```python\n(.*?)^ *```$", GUIDE.read_text("utf-8"), re.S | re.M)
    program = "\n".join(map(textwrap.dedent, blocks))
    (tmp_path / "anchor.key").write_text(RICH.to_hex())
    (tmp_path / "anchor.key").chmod(0o600)
    monkeypatch.chdir(tmp_path)
    with anvil(tmp_path) as node:
        exec(program.replace(":8545", f":{node.port}"), {"__name__": "guide"})
    said = capsys.readouterr().out.split("\n")
    assert re.fullmatch("0x[0-9a-f]{40}", said[0])
    assert said[1] == f"({ADDRESSES[:3]!r}, 2) None"


def test_the_guides_key_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"-c '(.*?)'\n", GUIDE.read_text("utf-8"), re.S)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    exec(found.group(1), {"__name__": "guide"})
    assert (tmp_path / "witness.key").stat().st_mode & 0o777 == 0o600
