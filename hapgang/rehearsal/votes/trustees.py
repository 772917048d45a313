"""Three trustees that a rehearsal plays itself: they make the key, and two of them open the sum."""

from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Card
from hapgang.ledger.ballots.ballot import Ballot
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.poll import Poll
from hapgang.ledger.ballots.sealing import opened, seal
from hapgang.ledger.ballots.tally import Share, check_share, partial_decrypt, tally
from hapgang.ledger.ballots.trustees import Dealing, check_part, deal, part_for, share_of
from hapgang.rehearsal.votes.door import drawn, enter
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.votes.counting import check_sharer, note_share
from hapgang.runtime.platform.votes.making import part_words, plain, said
from hapgang.runtime.platform.votes.preparing import confirm
from hapgang.runtime.platform.votes.preparing import deal as show_dealing

COUNT, NEEDED = 3, 2
ANYBODY = Caller(urn("Device", "ballot-box"), Role.ANONYMOUS)


class Trustees:
    """All three, and what each keeps."""

    def __init__(self, runtime: Runtime, poll: str, seed: int) -> None:
        """Make their keys from a seed."""
        self._runtime, self._poll, self._seed = runtime, poll, seed
        self._sealing = [
            X25519PrivateKey.from_private_bytes(drawn(seed, poll, "sealing", index))
            for index in range(1, COUNT + 1)
        ]
        self._signing = [
            Ed25519PrivateKey.from_private_bytes(drawn(seed, poll, "signing", index))
            for index in range(1, COUNT + 1)
        ]
        self._shares: list[bytes] = []

    def cards(self) -> tuple[Card, ...]:
        """Return how others know them."""
        return tuple(
            Card(
                Text(f"Rehearsed trustee {index}", f"예행 수탁자 {index}"),
                sealing.public_key().public_bytes_raw().hex(),
                signing.public_key().public_bytes_raw().hex(),
            )
            for index, (sealing, signing) in enumerate(
                zip(self._sealing, self._signing, strict=True), 1
            )
        )

    def make_key(self, fixed: Callable[[Sequence[Dealing]], Poll]) -> None:
        """Deal parts to one another, check them, and confirm the poll, which `fixed` composes."""
        receivers = [card.sealing for card in self.cards()]
        dealings, sealed = [], []
        for index in range(1, COUNT + 1):
            name = self.cards()[index - 1].name
            dealer = deal(
                self._poll, index, name, NEEDED, drawn(self._seed, self._poll, "deal", index)
            )
            parts = tuple(
                seal(
                    part_for(dealer, other),
                    bytes.fromhex(receivers[other - 1]),
                    part_words(self._poll, index, other),
                    own=X25519PrivateKey.from_private_bytes(
                        drawn(self._seed, self._poll, "part", index, other)
                    ),
                )
                for other in range(1, COUNT + 1)
            )
            body = [plain(dealer.public), list(parts)]
            self._say(show_dealing, index, "deal", body, dealing=dealer.public, parts=parts)
            dealings.append(dealer.public)
            sealed.append(parts)
        for index in range(1, COUNT + 1):
            own = self._sealing[index - 1]
            received = []
            for dealt, parts in zip(dealings, sealed, strict=True):
                about = part_words(self._poll, dealt.index, index)
                received.append(opened(parts[index - 1], own, about))
                check_part(dealt, index, received[-1])
            self._shares.append(share_of(received))
        sha256 = fingerprint(fixed(dealings))
        for index in range(1, COUNT + 1):
            self._say(confirm, index, "confirm", sha256, sha256=sha256)

    def open_sums(self, poll: Poll, board: str, ballots: Sequence[Ballot]) -> list[Share]:
        """Give as many shares as are needed, checked as the city checks them."""
        shares = []
        for index in range(1, NEEDED + 1):
            seed = drawn(self._seed, poll.id, "open", index, board)
            secret = self._shares[index - 1]
            share = partial_decrypt(poll, board, ballots, index, secret, seed)
            message = said(self._poll, index, "share", fingerprint(share))
            words = {"poll": self._poll, "share": share, "signature": self._sign(index, message)}
            enter(self._runtime, check_sharer, ANYBODY, **words)
            check_share(poll, board, tally(poll, ballots), share)
            enter(self._runtime, note_share, PLATFORM, **words, is_right=True)
            shares.append(share)
        return shares

    def _say(self, action: Any, index: int, step: str, body: object, **words: Any) -> None:
        signature = self._sign(index, said(self._poll, index, step, body))
        self._runtime.perform(
            action, ANYBODY, poll=self._poll, index=index, signature=signature, **words
        )

    def _sign(self, index: int, message: bytes) -> str:
        return self._signing[index - 1].sign(message).hex()
