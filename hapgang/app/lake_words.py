"""Why a query was not run, or failed, in words of both languages and with the place in the text."""

from typing import Any

from hapgang.core.errors import Invalid
from hapgang.core.text import Text

_REFUSED = {
    "long": Text("A query has at most {what} characters.", "질의는 최대 {what}자입니다."),
    "empty": Text("Write a query, such as SELECT count(*) FROM trip.",
                  "질의를 적어 주세요. 예: SELECT count(*) FROM trip"),
    "several": Text("Run one query at a time; take away what stands after the semicolon.",
                    "질의는 한 번에 하나만 실행할 수 있습니다. 세미콜론 뒤를 지워 주세요."),
    "writes": Text("The lake can only be read: begin with SELECT, WITH or FROM.",
                   "레이크는 읽기만 할 수 있습니다. SELECT, WITH, FROM으로 시작하세요."),
    "large": Text("The answer is too large. Ask for fewer columns or rows, or shorter text.",
                  "답이 너무 큽니다. 열이나 행을 줄이거나 짧은 글을 물어보세요."),
    "deep": Text("The query is nested too deep.", "질의가 너무 깊이 중첩되었습니다."),
    "form": Text("{what} is not for queries of the lake.", "{what}은(는) 여기서 쓸 수 없습니다."),
    "function": Text("The function {what} is not for queries of the lake.",
                     "{what} 함수는 여기서 쓸 수 없습니다."),
    "table": Text("There is no table “{what}” in this lake; a query reads its tables, no files.",
                  "이 레이크에는 “{what}” 표가 없습니다. 레이크의 표만 읽을 수 있습니다."),
    "syntax": Text("The query cannot be read: {what}", "질의를 읽을 수 없습니다: {what}"),
}  # fmt: skip
_MEMORY = Text(
    "The query needs more than {memory} MB of memory. Ask for less: fewer days or columns, a WHERE,"
    " no join that multiplies rows.",
    "질의에 필요한 메모리가 {memory} MB를 넘습니다. 날짜나 열을 줄이거나 WHERE를 쓰고,"
    " 행을 곱하는 조인을 피하세요.",
)
_FAILED = {
    "COLUMN_NOT_FOUND": Text("There is no column “{name}” here.", "“{name}” 열이 없습니다."),
    "Type": Text("There is no type “{name}”.", "“{name}” 형식이 없습니다."),
    "Table": Text("There is no table “{name}” in this lake.",
                  "이 레이크에 “{name}” 표가 없습니다."),
    "Function": Text("There is no function “{name}”.", "“{name}” 함수가 없습니다."),
    "Permission": Text("A query reads the lake's tables only, no files and no settings.",
                       "질의는 레이크의 표만 읽을 수 있고, 파일과 설정은 읽을 수 없습니다."),
}  # fmt: skip
_OTHER = Text("The query failed: {message}", "질의를 실행하지 못했습니다: {message}")
_MEANT = Text(" Did you mean “{candidate}”?", " “{candidate}”을(를) 뜻했나요?")
_AT = Text(" (line {line}, character {character})", " ({line}번째 줄 {character}번째 글자)")
_MOST_MESSAGE = 600


class NotRun(Invalid):
    """A query that cannot be run as it is written; its `detail` names the place."""

    title = Text("Please check the query", "질의를 확인해 주세요")


def refused(told: dict[str, Any], sql: str, memory_mb: int) -> NotRun:
    """Return the error that tells what a query's process said."""
    if "refused" in told:
        text, words = _REFUSED[told["refused"]], {"what": told["what"]}
        start, length = told["start"], told["length"]
        return _at(_filled(text, words), sql, start, length)
    said = told.get("failed", told)
    candidates = str(said.get("candidates", "")).split(",")[0].strip()
    text = _filled(_text_of(said), {
        "memory": str(memory_mb),
        "name": str(said.get("name", "")),
        "message": _first_part(str(said.get("exception_message", ""))),
    })  # fmt: skip
    if candidates and said.get("name") and "(" not in candidates:
        meant = _filled(_MEANT, {"candidate": candidates})
        text = Text(text.en + meant.en, text.ko + meant.ko)
    return _at(text, sql, said.get("start"), said.get("length", 1))


def _text_of(said: dict[str, Any]) -> Text:
    kind, subtype = str(said.get("exception_type")), str(said.get("error_subtype", ""))
    if kind in ("Out of Memory", "OutOfMemoryException", "ArrowMemoryError"):
        return _MEMORY
    if subtype == "MISSING_ENTRY":
        what = str(said.get("type", ""))
        return _FAILED.get("Function" if what.endswith("Function") else what, _OTHER)
    return _FAILED.get(subtype) or _FAILED.get(kind) or _OTHER


def _at(text: Text, sql: str, start: int | None, length: int) -> NotRun:
    """Say the place as people count, from bytes: line, character, and the part to be marked."""
    raw = sql.encode()
    if start is None or not 0 <= start <= len(raw):
        return NotRun(text.en, text.ko)
    before = raw[:start].decode(errors="ignore")
    marked = raw[start : start + max(length, 1)].decode(errors="ignore")
    line = before.count("\n") + 1
    character = len(before) - before.rfind("\n")
    at = _filled(_AT, {"line": str(line), "character": str(character)})
    return NotRun(
        text.en + at.en, text.ko + at.ko,
        line=line, character=character, start=len(before), length=len(marked),
    )  # fmt: skip


def _filled(text: Text, words: dict[str, str]) -> Text:
    en, ko = text.en, text.ko
    for name, word in words.items():
        slot = "{" + name + "}"
        en, ko = en.replace(slot, word), ko.replace(slot, word)
    return Text(en, ko)


def _first_part(message: str) -> str:
    """Return what an engine says first: what follows are its own settings and candidates."""
    return message.strip().partition("\n")[0][:_MOST_MESSAGE]
