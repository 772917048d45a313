"""What an operator does with the platform itself."""

from hapgang.core.vocabulary.platform import DeadLetter
from hapgang.runtime.city import CityOf


def drop_dead_letter(city: CityOf, *, letter: str) -> None:
    """Throw a dead letter away."""
    city.hub.delete(DeadLetter, letter)
