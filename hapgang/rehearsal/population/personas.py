"""The four people of the sources who live in every virtual city."""

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec
import numpy as np

from hapgang.rehearsal.population.columns import Impairment, Ints, Relation, Role, Sex
from hapgang.rehearsal.population.spec import OLDEST, Part

# Where a persona works: a place of that name, else one of that kind.
WORK_PLACES = {"library": "culture", "innovation_centre": "office"}
FEWEST_RESIDENTS = 200  # below, four families would be too large a part of the sample


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of a persona's household; children's roles follow from their age."""

    sex: Literal["female", "male"]
    age: int
    relation: Literal["partner", "lone_parent", "child", "grandparent"]
    role: Literal["worker", "homemaker", "retired"] | None = None
    work: Literal["library", "innovation_centre"] | None = None  # where the city has such a place
    licence: bool = False
    impairment: Literal["none", "walks_badly"] = "none"


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The persona's household, its persona first, and where it lives."""

    persona: str
    dwelling: str  # kind of building
    floor: int
    members: tuple[Member, ...]


class Personas(Part, frozen=True, kw_only=True):
    """All families."""

    households: tuple[Family, ...]


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """Return the families, in the order of their households in every population."""
    text = resources.files(__package__).joinpath("personas.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Personas).households


def families_for(residents: int) -> tuple[Family, ...]:
    """Return the families that live in a population of this size: all, or none in a tiny one."""
    return families() if residents >= FEWEST_RESIDENTS else ()


def age_table(chosen: tuple[Family, ...]) -> Ints:
    """Return how many members there are by age and sex, (OLDEST + 1, 2)."""
    table = np.zeros((OLDEST + 1, 2), np.int64)
    for member in members(chosen):
        table[member.age, Sex[member.sex.upper()]] += 1
    return table


def members(chosen: tuple[Family, ...]) -> tuple[Member, ...]:
    """Return all members of the families in the order of their persons."""
    return tuple(member for family in chosen for member in family.members)


def fixed(chosen: tuple[Family, ...]) -> dict[str, Ints]:
    """Return what is set for the members: sex, age, relation, role (-1: by age), and so on."""
    everybody, works = members(chosen), list(WORK_PLACES)
    return {
        "sex": np.array([Sex[m.sex.upper()] for m in everybody], np.int64),
        "age": np.array([m.age for m in everybody], np.int64),
        "relation": np.array([Relation[m.relation.upper()] for m in everybody], np.int64),
        "role": np.array([Role[m.role.upper()] if m.role else -1 for m in everybody], np.int64),
        "work": np.array([works.index(m.work) if m.work else -1 for m in everybody], np.int64),
        "licence": np.array([m.licence for m in everybody], np.int64),
        "impairment": np.array([Impairment[m.impairment.upper()] for m in everybody], np.int64),
    }
