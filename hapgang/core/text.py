"""Text that people read, in the languages of the city."""

from typing import Literal

import msgspec

Language = Literal["ko", "en"]


class Text(msgspec.Struct, frozen=True):
    """The same sentence in English and Korean."""

    en: str
    ko: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.ko if language == "ko" else self.en


class Words(msgspec.Struct, frozen=True):
    """What the data map says of a type, so that a child understands it.

    `is_open`: anybody may have its entities, whoever they are; never so where they are personal or
    internal.
    """

    title: Text
    about: Text
    is_open: bool = False
