"""What a trustee does, on its own machine: deal, check what it was dealt, give one share once."""

import secrets
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from hapgang.app.votes.trustee_file import Kept, OnePoll
from hapgang.core.errors import Conflict, Invalid
from hapgang.core.vocabulary.votes import Consultation, PollTrustee
from hapgang.ledger.ballots.ballot import Ballot, Strike
from hapgang.ledger.ballots.board import Close, check_board, close
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.poll import Poll, check_poll
from hapgang.ledger.ballots.sealing import opened, seal
from hapgang.ledger.ballots.tally import Share, partial_decrypt
from hapgang.ledger.ballots.trustees import (
    Dealing,
    WrongShare,
    check_dealing,
    check_part,
    deal,
    part_for,
    share_of,
)
from hapgang.runtime.platform.votes.making import composed, part_words, plain, said

_PAGE = 100


class City(Protocol):
    """The city's API, as far as a trustee needs it."""

    def get(self, path: str) -> Any:
        """Return what is at a path."""

    def post(self, path: str, body: object) -> Any:
        """Send something."""


class _Public(msgspec.Struct, frozen=True):
    poll: Consultation
    trustees: list[PollTrustee]


class Trustee:
    """One trustee, its file and the city."""

    def __init__(self, kept: Kept, city: City) -> None:
        """Act by what the file holds."""
        self._kept = kept
        self._city = city

    def deal(self, name: str) -> str:
        """Deal a part of the key to each trustee; nothing of the polynomial is kept."""
        known = self._look(name)
        me = self._me(known)
        asked, index = known.poll, me.index
        dealer = deal(name, index, me.card.name, asked.threshold, secrets.token_bytes(32))
        parts = [
            seal(
                part_for(dealer, other.index),
                bytes.fromhex(other.card.sealing),
                part_words(name, index, other.index),
            )
            for other in known.trustees
        ]
        dealing = plain(dealer.public)
        body: dict[str, object] = {"dealing": dealing, "parts": parts}
        self._say(name, "dealings", index, "deal", [dealing, parts], body)
        return f"Dealt as trustee {index} of {len(parts)}.\n{_cards(known.trustees)}"

    def check(self, name: str) -> str:
        """Check all dealings and the parts in them; confirm the poll, or name who dealt wrongly."""
        known = self._look(name)
        me = self._me(known)
        if any(other.dealing is None for other in known.trustees):
            raise Conflict("Not all trustees have dealt.", "아직 분배하지 않은 수탁자가 있습니다.")
        found = [msgspec.convert(other.dealing, Dealing) for other in known.trustees]
        parts = []
        for dealing, other in zip(found, known.trustees, strict=True):
            try:
                check_dealing(dealing, name, other.index, known.poll.threshold)
                about = part_words(name, other.index, me.index)
                part = opened(other.parts[me.index - 1], self._kept.sealing, about)
                check_part(dealing, me.index, part)
            except (Invalid, IndexError):
                body: dict[str, object] = {"dealer": other.index}
                self._say(name, "complaints", me.index, "complain", other.index, body)
                raise WrongShare(
                    f"Trustee {other.index} dealt wrongly. The city was told so.",
                    f"수탁자 {other.index}의 분배가 잘못되어 도시에 알렸습니다.",
                ) from None
            parts.append(part)
        poll = composed(known.poll, found)
        check_poll(poll)
        sha256 = fingerprint(poll)
        before = self._kept.poll(name)
        if before is not None and before.sha256 != sha256:
            raise Conflict("You confirmed another poll.", "다른 투표를 이미 확인하셨습니다.")
        if before is None:
            self._kept.keep(name, OnePoll(sha256, share_of(parts).hex()))
        self._say(name, "confirmations", me.index, "confirm", sha256, {"sha256": sha256})
        return f"Confirmed {name}, fingerprint {sha256}.\n{_cards(known.trustees)}"

    def share(self, name: str) -> str:
        """Check the whole closed board and give the share for it: for one board, ever."""
        known, kept = self._look(name), self._kept.poll(name)
        me = self._me(known)
        if kept is None or known.poll.poll is None or known.poll.close is None:
            raise Conflict("There is no closed board that you hold a key of.",
                           "키를 맡은 마감된 게시판이 없습니다.")  # fmt: skip
        poll = msgspec.convert(known.poll.poll, Poll)
        if fingerprint(poll) != kept.sha256:
            raise Conflict("This is not the poll that you confirmed.", "확인하신 투표가 아닙니다.")
        board = self._board(name, msgspec.convert(known.poll.close, Close).entries)
        ballots = check_board(poll, board)
        made = close(poll, board)
        if plain(made) != known.poll.close:
            raise Conflict("The board is not the one that was closed.", "마감된 게시판과 다릅니다.")
        if kept.board not in (None, made.board):
            raise Conflict(
                "You gave a share for another board of this poll; a second one tells votes.",
                "이 투표의 다른 게시판에 이미 몫을 내셨습니다. 두 번째는 비밀을 깨뜨립니다.",
            )
        if kept.share is None:
            secret, seed = bytes.fromhex(kept.secret), secrets.token_bytes(32)
            given = partial_decrypt(poll, made.board, ballots, me.index, secret, seed)
            kept = msgspec.structs.replace(kept, board=made.board, share=plain(given))
            self._kept.keep(name, kept)  # before anybody hears of it
        given = msgspec.convert(kept.share, Share)
        signature = self._signed(name, me.index, "share", fingerprint(given))
        self._city.post(f"/polls/{name}/shares", {"share": given, "signature": signature})
        return f"Gave the share for board {made.board}: {made.counted} ballots count."

    def _board(self, name: str, count: int) -> list[Ballot | Strike]:
        found: list[Ballot | Strike] = []
        while len(found) < count:
            page = self._city.get(f"/polls/{name}/board?first={len(found)}&limit={_PAGE}")
            entries = msgspec.convert(page["entries"], list[Ballot | Strike])
            if not entries:
                raise Conflict("The board lacks entries.", "게시판에 빠진 항목이 있습니다.")
            found += entries
        return found

    def _look(self, name: str) -> _Public:
        try:
            return msgspec.convert(self._city.get(f"/polls/{name}"), _Public)
        except msgspec.ValidationError as error:
            raise Invalid(f"the city shows no poll: {error}", None) from None

    def _me(self, known: _Public) -> PollTrustee:
        for place, trustee in enumerate(known.trustees, 1):
            if trustee.card == self._kept.card and trustee.index == place:
                return trustee
        raise Conflict("You are no trustee of this poll.", "이 투표의 수탁자가 아닙니다.")

    def _signed(self, name: str, index: int, step: str, what: object) -> str:
        return self._kept.signing.sign(said(name, index, step, what)).hex()

    def _say(
        self, name: str, path: str, index: int, step: str, what: object, body: dict[str, object]
    ) -> None:
        signature = self._signed(name, index, step, what)
        self._city.post(f"/polls/{name}/{path}", {**body, "index": index, "signature": signature})


def _cards(trustees: Sequence[PollTrustee]) -> str:
    """Show all cards, for trustees to compare with what they were told by another way."""
    return "\n".join(
        f"  {one.index} {one.card.name.en} · {one.card.name.ko}: {fingerprint(one.card)[:32]}"
        for one in trustees
    )
