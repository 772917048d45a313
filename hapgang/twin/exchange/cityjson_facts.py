"""What the attributes of a CityJSON object say, checked."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from hapgang.twin.exchange.cityjson_form import bad_object


class Facts:
    """The attributes of one object of a file; what they do not say is counted as assumed."""

    def __init__(
        self, file: str, name: str, values: Mapping[str, Any], assumed: Counter[str]
    ) -> None:
        self._file, self._name, self._values = file, name, values
        self._assumed = assumed

    def text(self, key: str) -> str | None:
        """Return a text; None for what is none."""
        value = self._values.get(key)
        return value if isinstance(value, str) and value else None

    def word(self, key: str, column: str, otherwise: str) -> str:
        """Return a text, the first where there are several."""
        named = self._values.get(key)
        found = named[0] if isinstance(named, list) and named else named
        if isinstance(found, str) and found:
            return found
        self._assumed[column] += 1
        return otherwise

    def number(self, key: str, column: str = "") -> float | None:
        """Return a number from 0 on; None where there is none, which counts for the column."""
        value = self._values.get(key)
        if value is None:
            self._assumed[column] += bool(column)
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise bad_object(
                self._file, self._name, f"{key} must be a number from 0 on, not {_shown(value)}",
                f"{key}은(는) 0 이상의 수여야 합니다: {_shown(value)}",
            )  # fmt: skip
        return float(value)

    def count(self, key: str, column: str, below: int) -> int | None:
        """Return a whole number."""
        value = self.number(key, column)
        if value is not None and (value != int(value) or value >= below):
            raise bad_object(
                self._file, self._name,
                f"{key} must be a whole number below {below}, not {value:g}",
                f"{key}은(는) {below} 미만의 정수여야 합니다: {value:g}",
            )  # fmt: skip
        return None if value is None else int(value)


def _shown(value: object) -> str:
    return msgspec.json.encode(value).decode()[:40]
