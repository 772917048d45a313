"""Regular expressions that clients send: searched in time that grows with the text only (RE2)."""

from typing import Any

import re2

from hapgang.core.errors import Invalid

MOST_CHARACTERS = 200  # a text of 5,000 takes at most 0.2 s then
_QUIET = re2.Options()
_QUIET.log_errors = False


def compile_pattern(pattern: str, name: str) -> Any:
    """Return a compiled pattern, to `search` with; `Invalid` says what is wrong with `name`."""
    if len(pattern) > MOST_CHARACTERS:
        raise Invalid(
            f"{name}: a regular expression has at most {MOST_CHARACTERS} characters",
            f"{name}: 정규식은 최대 {MOST_CHARACTERS}자입니다",
        )
    try:
        return re2.compile(pattern, _QUIET)  # type: ignore[no-untyped-call]
    except re2.error as error:
        reason = error.args[0] if error.args else b""
        told = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise Invalid(
            f"{name}: “{pattern[:30]}” is no regular expression: {told[:100]}",
            f"{name}의 정규식 “{pattern[:30]}”이(가) 잘못되었습니다",
        ) from None
