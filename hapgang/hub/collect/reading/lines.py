"""Formats with a row on each line: CSV (RFC 4180) and JSON lines. One broken line costs itself."""

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from hapgang.hub.collect.reading.rows import MOST_LINE, Row, Rows, Unreadable
from hapgang.hub.collect.words import Reading


def csv_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read comma-separated values; the first line that is not skipped names the fields."""
    lines = _Lines(source, words)
    reader = csv.reader(lines, delimiter=words.delimiter)
    names = [name.strip() for name in words.columns] or _heading(reader)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(None, broken=f"line {lines.number}: {error}")
            continue
        if fields:
            yield _row(fields, names, lines)


def _row(fields: list[str], names: list[str], lines: "_Lines") -> Row:
    why, lines.broken = lines.broken, ""
    if not why and len(fields) != len(names):
        why = f"it has {len(fields)} fields, the heading {len(names)}"
    if why:
        text = [field.encode("utf-8", "backslashreplace").decode() for field in fields]
        return Row(text, broken=f"line {lines.number}: {why}")
    return Row(dict(zip(names, fields, strict=True)))


def _heading(reader: Any) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, ())]
    except csv.Error as error:
        raise Unreadable(f"the heading line: {error}", f"제목 줄 오류: {error}") from None
    if not names:
        raise Unreadable("there is no heading line", "제목 줄이 없습니다")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"the heading names {twice!r:.60} twice", f"제목 중복: {twice!r:.60}")
    return names


def json_line_rows(source: BinaryIO, words: Reading) -> Rows:
    """Read one JSON value on each line."""
    lines = _Lines(source, words)
    for line in lines:
        why, lines.broken = lines.broken, ""
        if not line.strip():
            continue
        try:
            yield Row(msgspec.json.decode(line), broken=why and f"line {lines.number}: {why}")
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            text = line[:2000].encode("utf-8", "backslashreplace").decode()
            yield Row(text, broken=f"line {lines.number}: {why or error}")


class _Lines:
    """The lines of a file as text: bounded in length, and told where they are broken."""

    def __init__(self, source: BinaryIO, words: Reading) -> None:
        try:
            if "\n".encode(words.encoding) != b"\n":
                raise LookupError
        except (LookupError, UnicodeError):
            raise Unreadable(
                f"lines cannot be found in the encoding {words.encoding[:40]}",
                f"지원하지 않는 문자 인코딩: {words.encoding[:40]}",
            ) from None
        self.number = 0
        self.broken = ""
        self._source = source
        self._encoding = words.encoding
        for _ in range(words.skip_lines):
            self._next()

    def __iter__(self) -> Iterator[str]:
        while True:
            line = self._next()
            if not line:
                return
            if self.number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")  # the byte order mark that Excel writes
            yield self._decoded(line)

    def _next(self) -> bytes:
        line = self._source.readline(MOST_LINE)
        self.number += 1
        if len(line) >= MOST_LINE and not line.endswith(b"\n"):
            self.broken = f"longer than {MOST_LINE:,} bytes"
            while (rest := self._source.readline(MOST_LINE)) and not rest.endswith(b"\n"):
                pass
            return line[:1000] + b"\n"
        return line

    def _decoded(self, line: bytes) -> str:
        try:
            text = line.decode(self._encoding)
        except UnicodeDecodeError:
            self.broken = self.broken or f"it is not {self._encoding}"
            text = line.decode(self._encoding, "backslashreplace")
        if "\x00" in text:
            self.broken = self.broken or "it holds a NUL character"
            text = text.replace("\x00", "\\x00")
        return text
