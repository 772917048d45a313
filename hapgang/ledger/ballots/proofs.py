"""Zero-knowledge proofs: that a ciphertext holds one of a few values, that two logs are equal.

One relation is all that is proved. For a second base P, a pair (X, Y) has *equal logs* when some x
has X = xG and Y = xP (Chaum and Pedersen 1992). An ElGamal ciphertext (α, β) under the key K holds
v exactly when (α, β - vG) has equal logs for P = K, and a trustee's share is right exactly when
(H, share) has for P = α. That one of several pairs has, without telling which, is proved by making
up the other branches (Cramer, Damgård, Schoenmakers 1994). Made non-interactive by Fiat and
Shamir's hash of everything that is said (the strong form).
"""

from collections.abc import Iterator, Sequence

from hapgang.ledger.ballots.group import (
    ORDER,
    Multiples,
    Point,
    Secret,
    along,
    challenge,
    hidden_answer,
    hidden_base,
    hidden_times,
    plus,
    scalar,
    shown,
    small,
    times,
    written,
)

Branch = tuple[str, str]
"""(challenge, response), scalars in hexadecimal."""

Words = tuple[str | int, ...]
"""What a proof is about and for whom; first in its hash."""


def prove(
    words: Words,
    second: Point,
    pair: tuple[Point, Sequence[Point]],
    true: int,
    secret: Secret,
    nonces: Iterator[Secret],
) -> tuple[Branch, ...]:
    """Prove that (X, Ys[true]) has equal logs, and hide which of the Ys it is.

    second: the base P. pair: X and the Ys, one for each branch. secret: x with X = xG. nonces: one
    for the true branch and two for each other are drawn. Source: this module's docstring. Checked:
    tests/ledger/ballots/test_proofs.py.
    """
    x, ys = pair
    nonce = next(nonces)
    made_up = {
        branch: (int.from_bytes(next(nonces), "big"), int.from_bytes(next(nonces), "big"))
        for branch in range(len(ys))
        if branch != true
    }
    said: list[str] = []
    for branch, y in enumerate(ys):
        if branch == true:
            said += [shown(hidden_base(nonce)), shown(hidden_times(second, nonce))]
        else:
            said += _announced(second, x, y, *made_up[branch])
    asked = challenge(*words, *said)
    own = (asked - sum(part for part, _ in made_up.values())) % ORDER
    return tuple(
        (written(own), hidden_answer(nonce, own, secret))
        if branch == true
        else (written(made_up[branch][0]), written(made_up[branch][1]))
        for branch in range(len(ys))
    )


def holds(
    words: Words,
    second: Point | Multiples,
    pair: tuple[Point, Sequence[Point]],
    proof: Sequence[Branch],
) -> bool:
    """Say whether a proof shows that one of the pairs has equal logs. All of it is public.

    second: the base P, with its multiples where many proofs have the same.
    """
    x, ys = pair
    if len(proof) != len(ys):
        return False
    pairs = [(scalar(asked), scalar(answer)) for asked, answer in proof]
    said: list[str] = []
    for y, (asked, answer) in zip(ys, pairs, strict=True):
        said += _announced(second, x, y, asked, answer)
    return challenge(*words, *said) == sum(asked for asked, _ in pairs) % ORDER


def _announced(second: Point | Multiples, x: Point, y: Point, asked: int, answer: int) -> list[str]:
    """Return what the prover must have said first: rG - cX and rP - cY."""
    if isinstance(second, Multiples):
        return [shown(along(answer, asked, x)), shown(second.less(answer, asked, y))]
    return [
        shown(along(answer, asked, x)),
        shown(plus([times(second, answer), times(y, -asked)])),
    ]


def values(beta: Point, top: int, *, bottom: int = 0) -> list[Point]:
    """Return β - vG for the values v from `bottom` to `top`."""
    return [plus([beta, small(-value)]) for value in range(bottom, top + 1)]


def prove_log(words: Words, secret: Secret, nonce: Secret) -> Branch:
    """Prove to know x of X = xG (Schnorr 1989). X is to be among the words."""
    asked = challenge(*words, shown(hidden_base(nonce)))
    return written(asked), hidden_answer(nonce, asked, secret)


def log_holds(words: Words, x: Point, proof: Branch) -> bool:
    """Say whether a proof shows that somebody knows x of X = xG."""
    asked, answer = scalar(proof[0]), scalar(proof[1])
    return challenge(*words, shown(along(answer, asked, x))) == asked
