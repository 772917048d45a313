"""The documentation as data: pages, their code blocks, commands and links."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')


class Block(NamedTuple):
    """A fenced block: its language, what else its first line says, and its text."""

    language: str
    info: str
    text: str

    @property
    def file(self) -> str:
        """The file that the block is, if it is one."""
        found = _TITLE.search(self.info)
        return found.group(1) if found else ""


class Command(NamedTuple):
    """A line that a reader types, and what is printed then."""

    words: str
    printed: str


@cache
def pages() -> tuple[Path, ...]:
    """Every page of the documentation that people write or generate."""
    top = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")]
    return (*top, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))


def blocks(page: Path) -> Iterator[Block]:
    """Yield a page's fenced blocks."""
    for language, info, text in _FENCE.findall(page.read_text("utf-8")):
        yield Block(language, info, text)


def commands_of(block: Block) -> Iterator[Command]:
    """Yield what a console block says is typed and printed."""
    if block.language == "console":
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            typed, _, printed = part.replace("\\\n", "").partition("\n")
            yield Command(typed.strip(), printed)


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def fits(expected: str, printed: str) -> bool:
    """Whether what was printed is what a page says.

    … stands for anything in a line, and a line of nothing else for any lines.
    """
    lines = [
        "(?s:.*)" if line == "…" else re.escape(line).replace("…", ".*?")
        for line in expected.rstrip().split("\n")
    ]
    return re.fullmatch("\n".join(lines), printed.rstrip()) is not None
