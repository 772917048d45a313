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
    groups: dict[str, list[str]] = {}
    for person in sorted(strata):
        groups.setdefault(strata[person], []).append(person)
    names = sorted(groups)
    if not names:
        return frozenset()
    whole = round(len(strata) * treated_pct / 100)
    counts = shared(whole, [len(groups[name]) for name in names])
    chosen = []
    for name, count in zip(names, counts, strict=True):
        chosen += sorted(groups[name], key=lambda person: _lot(seed, person))[:count]
    return frozenset(chosen)


def _lot(seed: str, person: str) -> bytes:
    return hashlib.sha256(f"{seed}|{person}".encode()).digest()
