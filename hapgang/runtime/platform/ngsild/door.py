"""Documents at the hub for the caller of an action."""

from hapgang.contract import Caller
from hapgang.hub.documents import Documents
from hapgang.runtime.city import CityOf


def documents_of(city: CityOf, *, purpose: str = "", caller: Caller | None = None) -> Documents:
    """Return what a caller may see and write; the action's own caller where none is named."""
    return Documents(
        city.hub,
        city.runtime.state,
        caller=(caller or city.caller).id,
        at=city.now,
        seq=city.unit.seq,
        purpose=purpose,
    )
