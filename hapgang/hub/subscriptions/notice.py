"""All that subscribers are to be told of one unit: written once, whoever hears it."""

from datetime import datetime
from typing import Any

import msgspec

from hapgang.hub.record import Record
from hapgang.hub.subscriptions.told import Kept, Told, kept_of, told_in

MOST_TOLD = 1_000  # entities of one notification


class Recipient(msgspec.Struct, array_like=True):
    """What of a notice is for one subscription."""

    which: list[int]  # places in `Notice.told`
    reason: str = ""  # the triggerReason of a notification of registrations


class _Body(msgspec.Struct):
    told: list[Kept]
    linked: list[Kept] = []


class Notice:
    """What happened, and whom it is for."""

    __slots__ = ("at", "id", "left", "linked", "person", "recipients", "told", "written")

    def __init__(
        self,
        number: int,
        at: datetime,
        told: list[Told],
        recipients: dict[str, Recipient],
        *,
        person: str | None = None,
        linked: dict[str, Record] | None = None,
    ) -> None:
        """Number `number` of the city."""
        self.id = number
        self.at = at
        self.told = told
        self.recipients = recipients
        self.person = person
        self.linked = linked or {}
        self.left = len(recipients)  # who is still to be told
        self.written: dict[Any, bytes] = {}  # what was made of it already, by form

    def of(self, subscription: str) -> list[Told]:
        """Return what one subscription is told."""
        return [self.told[place] for place in self.recipients[subscription].which]

    def body(self) -> bytes:
        """Return it as it lies on disk."""
        linked = [kept_of(Told("periodic", record)) for record in self.linked.values()]
        return msgspec.json.encode(_Body([kept_of(one) for one in self.told], linked))


_DECODER = msgspec.json.Decoder(_Body)
_RECIPIENTS = msgspec.json.Decoder(dict[str, Recipient])


def notice_in(
    number: int, at: datetime, person: str | None, body: bytes, recipients: str
) -> Notice:
    """Return a notice that was on disk."""
    found = _DECODER.decode(body)
    linked = [told_in(one).record for one in found.linked]
    return Notice(
        number,
        at,
        [told_in(one) for one in found.told],
        _RECIPIENTS.decode(recipients),
        person=person,
        linked={record.id: record for record in linked},
    )
