"""What can be wrong with a context, told apart as ETSI GS CIM 009 does (clause 5.5.6).

A context that cannot be had is `LdContextNotAvailable`; one that can, and makes no sense, is
`BadContext` (the standard's BadRequestData).
"""

from typing import ClassVar

from hapgang.core.errors import Invalid, Unavailable
from hapgang.core.text import Text


class LdContextNotAvailable(Unavailable):
    """A context named by its address could not be fetched."""

    status = 504
    title: ClassVar[Text] = Text("A context is not available", "컨텍스트를 가져올 수 없습니다")


class BadContext(Invalid):
    """A context is not one, or a name means nothing under it; `code` is JSON-LD's own word."""

    title: ClassVar[Text] = Text("Please check the @context", "@context를 확인해 주세요")


def bad_context(code: str, en: str, ko: str | None = None) -> BadContext:
    """Return the error with JSON-LD 1.1's error code."""
    told = ko if ko is not None else f"@context가 잘못되었습니다 ({code})"
    return BadContext(f"@context: {en} ({code})", told, code=code)


def shown(value: object) -> str:
    """Return a value short enough for a message."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
