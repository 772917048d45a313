"""Anchor.vy in an EVM, and everything that somebody might try with it, right and wrong.

`Siege` keeps beside the contract what has to be true of it. Each `try_` draws one attempt, says
what has to come of it, and then looks at all that the contract keeps. Hypothesis drives it in
tests/ledger/anchor/test_siege.py, a seeded generator in validation/contract.py.
"""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from coincurve import PrivateKey

from hapgang.ledger.anchor import chain
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.chain import Checkpoint, submission, witnesses_change
from hapgang.ledger.anchor.message import (
    address_of,
    checkpoint_digest,
    signed,
    witnesses_digest,
)
from validation.contract_evm import CHAIN, Machine, caller
from validation.contract_log import DrawnLog

MOST_GAS = 400_000  # for one checkpoint, whatever comes with it
MOST_CHANGE_GAS = 1_200_000  # sixteen witnesses in the place of sixteen
MOST_SIZE = 2**63
KEYS = [PrivateKey(bytes([index]) * 32) for index in range(1, 25)]
ADDRESSES = [address_of(key.public_key) for key in KEYS]
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_STEPS = (1, 2, 3, 7, 60, 1_000, 2**16, 2**20 - 1, 2**32, 2**40 + 1)
_SELECTORS = [bytes.fromhex(code[2:]) for code in artefact().methods.values()]
Gas = tuple[int, int, int, int]
"""Leaves, hashes in the proof, signatures, gas."""


class Broken(AssertionError):
    """The contract did what it must not, or did not what it must."""


class Siege:
    """One contract, what it has to hold, and what it has cost."""

    def __init__(self, n: int = 3, threshold: int = 2, seed: bytes = b"siege") -> None:
        """Deploy with the first n witnesses."""
        self.witnesses, self.threshold, self.nonce = list(range(n)), threshold, 0
        self._machine = Machine(ADDRESSES[:n], threshold)
        self.contract = self._machine.contract
        self.kept: list[Checkpoint] = []
        self.log, self._other = DrawnLog(seed), DrawnLog(seed + b"'")
        self.gas: list[Gas] = []
        self.taken = self.refused = 0
        self._calls: list[bytes] = []

    # What somebody may try. Each returns nothing; `Broken` says what went wrong.

    def try_growing(self, draw: random.Random) -> None:
        """A longer log, rightly proven and signed by enough, from anybody: taken."""
        size = self._longer(draw)
        wanted, proof = self._wanted(size), self._proof(size)
        signatures = self._enough(draw, wanted)
        data = submission(wanted, proof, signatures)
        self._expect(None, data, draw)
        self._keep(wanted, data)
        self.gas.append((size, len(proof), len(signatures), self._machine.gas()))

    def try_not_longer(self, draw: random.Random) -> None:
        """The same size or a smaller one, however well signed."""
        if not self.kept:
            self._submit("not longer", Checkpoint(0, bytes(32)), [], draw)
            return
        last = self.kept[-1].size
        size = draw.choice([0, 1, last, last - 1, draw.randint(0, last)])
        wanted = draw.choice([Checkpoint(size, bytes(32)), self.kept[-1], self.kept[0]])
        self._submit("not longer", wanted, [], draw)

    def try_another_past(self, draw: random.Random) -> None:
        """A log that does not go on from the last checkpoint, with its own right proof."""
        if not self.kept:
            return
        last, size = self.kept[-1].size, self._longer(draw)
        wanted = Checkpoint(size, self._other.root(size))
        self._submit("inconsistent", wanted, self._other.proof(last, size), draw)

    def try_wrong_proof(self, draw: random.Random) -> None:
        """A proof, root or size that was altered."""
        if not self.kept:
            self._submit("inconsistent", Checkpoint(1, bytes(32)), [bytes(32)], draw)
            return
        size = self._longer(draw)
        root, proof = self.log.root(size), list(self._proof(size))
        at, kind = draw.randrange(len(proof)), draw.choice(["hash", "drop", "add", "root", "swap"])
        noise = draw.randbytes(32)
        if kind == "hash":
            proof[at] = noise
        elif kind == "drop":
            del proof[at]
        elif kind == "add":
            proof.insert(at, noise)
        elif kind == "swap" and len(proof) > 1:
            proof[at], proof[at - 1] = proof[at - 1], proof[at]
        else:
            root = noise
        self._submit("inconsistent", Checkpoint(size, root), proof[:64], draw)

    def try_too_few(self, draw: random.Random) -> None:
        """Too few witnesses: some twice, strangers, or signatures for something else."""
        size = self._longer(draw)
        wanted = self._wanted(size)
        some = draw.sample(self.witnesses, self.threshold - 1)
        strangers = [at for at in range(len(KEYS)) if at not in self.witnesses]
        signatures = [self._signed(at, wanted) for at in some]
        more = draw.choice(["none", "twice", "strangers", "elsewhere", "other"])
        if more == "twice":
            signatures *= 2
        elif more == "strangers":
            signatures += [self._signed(at, wanted) for at in strangers[: 16 - len(signatures)]]
        elif more == "elsewhere":
            digest = checkpoint_digest(CHAIN, caller(1), wanted.size, wanted.root)
            signatures += [signed(KEYS[at], digest) for at in self.witnesses]
        elif more == "other":
            other = Checkpoint(wanted.size + 1, wanted.root)
            signatures += [self._signed(at, other) for at in self.witnesses]
        data = submission(wanted, self._proof(size), signatures[:16])
        self._expect("too few witnesses", data, draw)

    def try_misshapen(self, draw: random.Random) -> None:
        """A signature in another form than the one."""
        wanted = self._wanted(self._longer(draw))
        good = self._enough(draw, wanted)[:15]
        r, s, v = good[0][:32], int.from_bytes(good[0][32:64], "big"), good[0][64]
        bad = draw.choice([
            r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v]), good[0][:64], b"",
            good[0][:64] + bytes([v - 27]), good[0][:64] + bytes([v + 2]),
            bytes(32) + good[0][32:], r + bytes(32) + good[0][64:],
        ])  # fmt: skip
        data = submission(wanted, self._proof(wanted.size), [*good, bad])
        self._expect("signature", data, draw)

    def try_again(self, draw: random.Random) -> None:
        """A call that was taken before, to the letter."""
        if self._calls:
            self._expect("", draw.choice(self._calls), draw)

    def try_twice_at_once(self, draw: random.Random) -> None:
        """Twice within one transaction, by a contract: the second time it is not longer."""
        size = self._longer(draw)
        wanted = self._wanted(size)
        data = submission(wanted, self._proof(size), self._enough(draw, wanted))
        told = self._machine.twice(data, draw.randrange(9), gas=3 * MOST_GAS)
        if told != [True, False]:
            raise Broken(f"twice in one transaction: {told}")
        self._keep(wanted, data)

    def try_other_witnesses(self, draw: random.Random) -> None:
        """Witnesses who are changed by enough of today's; or not rightly, and then not at all."""
        count = draw.randint(1, 16)
        chosen = draw.sample(range(len(KEYS)), count)
        threshold = draw.randint(1, count)
        people = [ADDRESSES[at] for at in chosen]
        wrong = draw.choice([None, None, "nobody", "twice", "none", "over", "old", "few"])
        nonce, refused = self.nonce, "witnesses"
        if wrong == "nobody":
            people[-1] = "0x" + "00" * 20
        elif wrong == "twice" and count < 16:
            people.append(people[0])
        elif wrong in ("none", "over"):
            threshold, refused = (0, "threshold") if wrong == "none" else (17, "threshold")
        elif wrong == "old" and self.nonce:
            nonce, refused = self.nonce - 1, "too few witnesses"
        elif wrong == "few":
            refused = "too few witnesses"
        else:
            wrong = None
        signers = self._signers(draw)[: self.threshold - 1 if wrong == "few" else None]
        digest = witnesses_digest(CHAIN, self.contract, people, threshold, nonce)
        data = witnesses_change(people, threshold, [signed(KEYS[at], digest) for at in signers])
        self._expect(refused if wrong else None, data, draw, gas=MOST_CHANGE_GAS)
        if not wrong:
            self.witnesses, self.threshold = chosen, threshold
            self.nonce += 1
            self.taken += 1
            self._calls.append(data)

    def try_rubbish(self, draw: random.Random) -> None:
        """Bytes that are no call, huge lengths, cut or lengthened calls; ether with a good one."""
        wanted = self._wanted(self._longer(draw))
        good = submission(wanted, self._proof(wanted.size), self._enough(draw, wanted))
        words = [0, 1, 31, 65, 2**64, 2**255, 2**256 - 1, draw.getrandbits(256)]
        made = [draw.choice(words).to_bytes(32, "big") for _ in range(draw.randrange(24))]
        selector = draw.choice([*_SELECTORS, draw.randbytes(4)])
        data = draw.choice([
            draw.randbytes(draw.randrange(200)), selector + b"".join(made),
            good[: draw.randrange(len(good) - 32)], selector + bytes(20_000),
        ])  # fmt: skip
        self._expect("?", data, draw)
        self._expect("", good, draw, value=1)

    def grow(self, size: int) -> int:
        """Anchor a longer log, signed by just enough; return what that costs in gas."""
        wanted = self._wanted(size)
        signatures = [self._signed(at, wanted) for at in self.witnesses[: self.threshold]]
        data = submission(wanted, self._proof(size), signatures)
        self._expect(None, data, random.Random(0))  # noqa: S311 (as below)
        self._keep(wanted, data)
        return self._machine.gas()

    # What is true at every instant.

    def check(self) -> None:
        """Look at all that the contract keeps; raise `Broken` where it is not what has to be."""
        asked = cast(chain.Chain, self._machine)
        found = [chain.checkpoint(asked, at) for at in range(chain.count(asked))]
        if [(one.size, one.root) for one in found] != [(one.size, one.root) for one in self.kept]:
            raise Broken("earlier checkpoints changed")
        people = [ADDRESSES[at] for at in self.witnesses]
        said = chain.witnesses(asked), chain.nonce(asked)
        if said != ((people, self.threshold), self.nonce):
            raise Broken("the witnesses changed")
        if any(one.size >= other.size for one, other in pairwise(found)):
            raise Broken("the log shrank")
        if self._machine.balance():
            raise Broken("it took ether")

    def _submit(
        self, told: str, wanted: Checkpoint, proof: Sequence[bytes], draw: random.Random
    ) -> None:
        self._expect(told, submission(wanted, proof, self._enough(draw, wanted)), draw)

    def _expect(
        self, told: str | None, data: bytes, draw: random.Random, *, value: int = 0,
        gas: int = MOST_GAS,
    ) -> None:  # fmt: skip
        """Call; None has to be taken, `?` changes nothing, "" is refused for whatever reason."""
        found = self._machine.tried(data, draw.randrange(9), gas=gas, value=value)
        self.refused += found is not None
        if found is None and told not in (None, "?"):
            raise Broken(f"taken, not refused by {told!r}: {data.hex()[:200]}")
        if found is not None and (told is None or (told not in ("", "?") and found != told)):
            raise Broken(f"refused by {found!r}, not {told!r}: {data.hex()[:200]}")

    def _keep(self, wanted: Checkpoint, data: bytes) -> None:
        self.kept.append(wanted)
        self.taken += 1
        self.log.accept(wanted.size)
        self._other.accept(wanted.size)
        self._calls.append(data)
        self._machine.mine()

    def _longer(self, draw: random.Random) -> int:
        last = self.kept[-1].size if self.kept else 0
        power = 1 << last.bit_length()
        steps = [last + step for step in _STEPS] + [power, power + 1, 2 * power - 1]
        return draw.choice([size for size in steps if size < MOST_SIZE] or [last + 1])

    def _wanted(self, size: int) -> Checkpoint:
        return Checkpoint(size, self.log.root(size))

    def _proof(self, size: int) -> list[bytes]:
        return self.log.proof(self.kept[-1].size, size) if self.kept else []

    def _signers(self, draw: random.Random) -> list[int]:
        count = draw.randint(self.threshold, len(self.witnesses))
        return draw.sample(self.witnesses, count)

    def _enough(self, draw: random.Random, wanted: Checkpoint) -> list[bytes]:
        """Signatures of enough, in any order, perhaps with some twice and strangers' between."""
        signatures = [self._signed(at, wanted) for at in self._signers(draw)]
        more = [self._signed(draw.randrange(len(KEYS)), wanted) for _ in range(draw.randrange(3))]
        signatures = [*signatures, *more[: 16 - len(signatures)]]
        draw.shuffle(signatures)
        return signatures

    def _signed(self, at: int, wanted: Checkpoint) -> bytes:
        digest = checkpoint_digest(CHAIN, self.contract, wanted.size, wanted.root)
        return signed(KEYS[at], digest)


ATTEMPTS = tuple(name for name in vars(Siege) if name.startswith("try_"))
