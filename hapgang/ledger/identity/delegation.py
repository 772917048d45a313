"""Acting for somebody: a parent for a child, a carer, an employee for a company.

Who may do what for whom, until when. A delegation is passed on only where it says so, never for
more or longer than it was given, and each who passes it on signs that with the key they got it for.
"""

from collections.abc import Sequence

import msgspec

from hapgang.ledger.identity.credentials import DELEGATION
from hapgang.ledger.identity.did import key_did
from hapgang.ledger.identity.jose import Json, NotProven
from hapgang.ledger.identity.sdjwt import Shown, issue

MOST_LINKS = 4
EVERYTHING = "*"


class Power(msgspec.Struct, frozen=True):
    """What somebody may do for somebody else."""

    principal: str
    delegate: str
    relation: str
    actions: tuple[str, ...]
    until_s: int
    further: int

    def covers(self, action: str) -> bool:
        """Return whether an action is within it: by its name, or all of a service as `name/*`."""
        return covers(self.actions, action)


def covers(actions: Sequence[str], action: str) -> bool:
    """Return whether an action is among some: by its name, or all of a service as `name/*`."""
    service = action.partition("/")[0]
    return bool({action, f"{service}/{EVERYTHING}", EVERYTHING} & {*actions})


def power(chain: Sequence[Shown], now_s: int) -> Power:
    """Return what a chain of checked delegations gives to the last who holds one.

    The first is by an issuer who is trusted (that was checked before), each next by the one before.
    """
    if not 0 < len(chain) <= MOST_LINKS:
        raise NotProven(f"a delegation has 1 to {MOST_LINKS} links", "위임은 네 단계까지만 됩니다")
    held = _power(chain[0])
    for link in chain[1:]:
        given = _power(link)
        if link.issuer != held.delegate:
            raise NotProven("it was passed on by somebody else", "다른 이가 다시 맡겼습니다")
        if held.further < 1 or given.further >= held.further:
            raise NotProven("it may not be passed on", "다시 맡길 수 없는 위임입니다")
        if (given.principal, given.relation) != (held.principal, held.relation):
            raise NotProven("it was changed when passed on", "다시 맡기며 바뀌었습니다")
        if given.until_s > held.until_s or not all(held.covers(each) for each in given.actions):
            raise NotProven("it gives more than it may", "맡은 것보다 더 맡겼습니다")
        held = given
    if held.until_s <= now_s:
        raise NotProven("the delegation is over", "위임 기간이 끝났습니다")
    return held


def pass_on(key: Json, held: Power, to: Json, actions: Sequence[str], now_s: int) -> str:
    """Return a delegation that its holder passes on, once fewer times than they might."""
    said = {
        "for": held.principal,
        "relation": held.relation,
        "actions": list(actions),
        "further": held.further - 1,
    }
    if key_did(key) != held.delegate or held.further < 1:
        raise NotProven("it may not be passed on", "다시 맡길 수 없는 위임입니다")
    DELEGATION.check(said)
    times = {"iat": now_s, "exp": held.until_s}
    return issue(key, {"iss": held.delegate, "vct": DELEGATION.vct, **times, **said}, holder=to)


def _power(link: Shown) -> Power:
    if link.vct != DELEGATION.vct or link.holder is None:
        raise NotProven("it is not a delegation to somebody", "위임 증명서가 아닙니다")
    said: Json = {name: link.claims.get(name) for name in ("for", "relation", "actions", "further")}
    until = link.claims.get("exp")
    if type(until) is not int or None in said.values():
        raise NotProven("the delegation is not shown whole", "위임 내용을 다 보여 주지 않았습니다")
    DELEGATION.check(said)
    return Power(
        said["for"],
        key_did(link.holder),
        said["relation"],
        tuple(said["actions"]),
        until,
        said["further"],
    )
