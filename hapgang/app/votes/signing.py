"""Tokens are signed beside the city, by the key of their poll; what doors of tokens share."""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.app.context import Context
from hapgang.app.votes import work
from hapgang.core.errors import Invalid, NotFound, Unavailable
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Consultation

BlindedMessage = Annotated[str, Meta(pattern=r"\A(?:[0-9a-f]{2}){256,512}\Z")]


class Signed(msgspec.Struct, frozen=True):
    """The issuer's answer, to be unblinded by the voter's device."""

    signed: str


def digest_of(blinded: str) -> str:
    """Return what a blinded message is known by afterwards."""
    return hashlib.sha256(blinded.encode()).hexdigest()


def poll_named(context: Context, name: str) -> Consultation:
    """Return the poll of a path."""
    record = context.live.runtime.state.get(urn("Poll", name))
    if record is None or not isinstance(record.view, Consultation):
        raise NotFound("there is no such poll", "그런 투표가 없습니다")
    return record.view


async def sign(context: Context, poll: Consultation, blinded: str) -> str:
    """Return a blinded message signed by its poll's key; what the key cannot sign is `Invalid`."""
    votes = context.live.votes
    path = votes.key_of(poll.issuer)
    if not path.is_file():  # a city that was restored without its secrets
        raise Unavailable(
            "The key of this poll's tokens is missing; its operator has to bring it back.",
            "이 투표의 서명 키가 없습니다. 운영자가 복구해야 합니다.",
        )
    signed = await votes.processes.ask(work.sign_blinded, str(path), bytes.fromhex(blinded))
    if isinstance(signed, Text):
        raise Invalid(signed.en, signed.ko)
    return signed
