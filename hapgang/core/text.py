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
