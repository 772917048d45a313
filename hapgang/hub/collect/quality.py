"""How good a feed's data is: four shares and their mean.

The dimensions are those of the DAMA UK working group, "The six primary dimensions for data quality
assessment" (2013), as far as data can be judged by itself: accuracy and consistency would need the
truth or a second source.

    completeness  values that were there, of those that the mapping asks for
    validity      rows that were not quarantined and values that were not left out, of those seen
    uniqueness    rows that were not said twice within one file or message, of those that fit
    timeliness    rows no older on arrival than the feed promises (`fresh_s`), of those with a time;
                  none where nothing is promised, as for files
"""

import msgspec
from msgspec import Struct


class Tally(Struct, frozen=True, kw_only=True):
    """What was counted of a feed, or of a part of it."""

    rows: int = 0  # all that came
    skipped: int = 0  # not meant
    empty: int = 0  # meant, but without any value
    duplicates: int = 0  # said twice within one file or message
    unfit: int = 0  # quarantined by the mapping
    expected: int = 0  # values
    present: int = 0
    invalid: int = 0  # values that were left out
    timed: int = 0  # rows with a time, where freshness is promised
    fresh: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both counts together."""
        names = self.__struct_fields__
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


class Quality(Struct, frozen=True, kw_only=True):
    """Shares in [0, 1], None where nothing was there to judge; `score` is 100 times their mean."""

    completeness: float | None
    validity: float | None
    uniqueness: float | None
    timeliness: float | None
    score: float | None


def quality(tally: Tally) -> Quality:
    """Return how good what was counted is."""
    meant = tally.rows - tally.skipped
    fitting = meant - tally.unfit
    values = tally.present + tally.invalid
    valid_rows = _share(fitting, meant)
    valid_values = _share(tally.present, values)
    shares = {
        "completeness": _share(tally.present, tally.expected),
        "validity": _product(valid_rows, valid_values),
        "uniqueness": _share(fitting - tally.duplicates, fitting),
        "timeliness": _share(tally.fresh, tally.timed),
    }
    known = [share for share in shares.values() if share is not None]
    score = round(100.0 * sum(known) / len(known), 2) if known else None
    return Quality(**shares, score=score)


def _share(part: int, of: int) -> float | None:
    return None if of <= 0 else max(0.0, min(1.0, part / of))


def _product(rows: float | None, values: float | None) -> float | None:
    return rows if values is None or rows is None else rows * values


def encoded(found: Quality) -> dict[str, float | None]:
    """Return it with four digits, for people."""
    plain: dict[str, float | None] = msgspec.to_builtins(found)
    return {name: None if v is None else round(v, 4) for name, v in plain.items()}
