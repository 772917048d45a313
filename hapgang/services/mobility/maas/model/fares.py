"""What public transport costs whom: fares by age, and the city pass."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.money import Won
from hapgang.core.text import Text, Words
from hapgang.core.vocabulary.people import Concession

# What passes were sold for, less what the city paid for the rides on them.
CITY_PASSES = "mobility.maas.pass"
Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")]


class Fares(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Card fares of a Sejong city bus, once for a journey: changes within the hour are free.

    Source: city of Sejong, fares from 1 July 2020 (Pressian, 28 May 2020). Below six: free.
    """

    adult_won: Won = 1_400
    youth_won: Won = 1_100
    child_won: Won = 600
    infant_won: Won = 0

    def of(self, concession: Concession) -> int:
        """Return somebody's fare; seniors and disabled people pay the adults', or have a pass."""
        reduced = {"youth": self.youth_won, "child": self.child_won, "infant": self.infant_won}
        return reduced.get(concession, self.adult_won)


class PassTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of the city pass, for a calendar month.

    Source: Sejong's Ieung Pass (Kyunghyang Shinmun, 31 July 2024): 20,000 won for 50,000 won of
    public transport; nothing for those up to 18, from 70 and with a disability.
    """

    price_won: Won = 20_000
    covers_won: Won = 50_000
    free_for: tuple[Concession, ...] = ("infant", "child", "youth", "senior", "disabled")

    def price_for(self, concession: Concession) -> int:
        """Return what somebody pays for a pass."""
        return 0 if concession in self.free_for else self.price_won


@entity(
    "CityPass",
    person="holder",
    words=Words(
        Text("City passes", "정기권"),
        Text(
            "Whose pass holds for which month. Sealed.",
            "누구의 정기권이 어느 달에 쓰이는지예요. 봉인되어 있어요.",
        ),
    ),
)
class CityPass(Entity, frozen=True, kw_only=True):
    """Somebody's pass for public transport in one month."""

    holder: Annotated[str, Relationship("holder", indexed=True)]
    month: Annotated[str, Property(indexed=True)]
    price_won: Annotated[Won, Property("price", unit="KRW")]
    covers_won: Annotated[Won, Property("covers", unit="KRW")]
    used_won: Annotated[Won, Property("used", unit="KRW")] = 0

    @property
    def left_won(self) -> int:
        """What it still covers."""
        return self.covers_won - self.used_won
