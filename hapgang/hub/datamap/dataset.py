"""What the data map tells of one set of data."""

from typing import Literal

import msgspec

from hapgang.core.text import Text

Kind = Literal["type", "layer", "feed", "table", "results"]
# open: anybody. signed_in: whoever has signed in. roles: some. internal: the city's operators.
# sealed: about people; each person sees their own, and no other item leaves.
Access = Literal["open", "signed_in", "roles", "internal", "sealed"]
Form = Literal[
    "text", "number", "whole", "yes_no", "time", "place", "shape", "words", "link", "choice",
    "list", "object",
]  # fmt: skip


class DataColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute or column, with its UN/CEFACT unit code or its unit as it is written."""

    name: str
    form: Form
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


class Licence(msgspec.Struct, frozen=True):
    """What others may do with data."""

    name: str
    url: str


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """A way to get at the data: an address on this city, and what comes back."""

    title: Text
    path: str
    media_type: str
    standard: str = ""  # the address of what it conforms to
    service: str = ""  # the data service that gives it


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """One set of data, as far as it does not change from minute to minute."""

    id: str
    kind: Kind
    domain: str
    title: Text
    about: Text
    owner: Text
    access: Access
    columns: tuple[DataColumn, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    licence: Licence | None = None
    frequency: str = "UNKNOWN"  # EU authority table "frequency"
    keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # titles of what it was made from, outside of the city

    def fits(self, wanted: str) -> bool:
        """Whether every word that is looked for stands somewhere in its description."""
        texts = (self.title, self.about, self.owner)
        heap = " ".join(
            [self.id, self.domain, *(t.en for t in texts), *(t.ko for t in texts), *self.keywords]
            + [column.name for column in self.columns]
        ).lower()
        return all(word in heap for word in wanted.lower().split())
