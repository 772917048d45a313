"""Drawing lots that everybody can draw again: groups of an experiment from a published seed."""

import hashlib
from collections.abc import Mapping

from hapgang.ledger.currency.shares import shared


def drawn(strata: Mapping[str, str], seed: str, treated_pct: int) -> frozenset[str]:
    """Return who is in the treatment group: the same share of each stratum, by lot.

    strata: the stratum of each participant, by id. seed: any text that was published after the list
    was closed. treated_pct: 1 to 99. In each stratum participants are ordered by
    SHA-256(seed | id), and the first so many are drawn; how many in each is the share of its size,
    rounded so that the whole is right (largest remainder). Source: stratified randomisation with a
    reproducible key. Checked: balance and repetition by property tests.
    """
    chosen = []
    for group, count in _shares(strata, treated_pct).values():
        chosen += _ordered(group, seed)[:count]
    return frozenset(chosen)


def bounds(strata: Mapping[str, str], seed: str, treated_pct: int) -> dict[str, str]:
    """Return, by stratum, the number up to which people were drawn: 64 hexadecimal digits.

    strata, seed, treated_pct: as for `drawn`. A person is in the treatment group if and only if
    SHA-256(seed | id), read as a whole number, is at most the bound of their stratum. It lies half
    way between the last who was drawn and the first who was not, so that it is nobody's number.
    Source: follows from the ordering. Checked: it draws the same people, by a property test.
    """
    found = {}
    for name, (group, count) in _shares(strata, treated_pct).items():
        numbers = [int.from_bytes(_lot(seed, person)) for person in _ordered(group, seed)]
        edges = [0, *numbers, 2**256 - 1]
        found[name] = f"{(edges[count] + edges[count + 1]) // 2:064x}"
    return found


def _shares(strata: Mapping[str, str], treated_pct: int) -> dict[str, tuple[list[str], int]]:
    """Return the people of each stratum, and how many of them are drawn."""
    groups: dict[str, list[str]] = {}
    for person in sorted(strata):
        groups.setdefault(strata[person], []).append(person)
    if not groups:
        return {}
    names = sorted(groups)
    whole = round(len(strata) * treated_pct / 100)
    counts = shared(whole, [len(groups[name]) for name in names])
    return {name: (groups[name], count) for name, count in zip(names, counts, strict=True)}


def _ordered(group: list[str], seed: str) -> list[str]:
    return sorted(group, key=lambda person: _lot(seed, person))


def _lot(seed: str, person: str) -> bytes:
    return hashlib.sha256(f"{seed}|{person}".encode()).digest()
