"""What is known of a city's people: the format of `population.toml`, numbers with sources."""

import tomllib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from hapgang.core.errors import Invalid
from hapgang.rehearsal.population.columns import Floats

OLDEST = 99
SIZES = 6  # the largest household: "six and more" counts as six


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file; every part says where its numbers are from."""

    source: str


class HouseholdSpec(Part, frozen=True, kw_only=True):
    """How many households there are, and of which sizes."""

    sizes: tuple[float, float, float, float, float, float]  # shares of 1, 2 ... 6 and more persons
    persons: int | None = None  # with `households`: the mean size that the shares are tilted to
    households: int | None = None
    sizes_source: str = ""


class AgeFact(Part, frozen=True, kw_only=True):
    """Something known about ages: their mean, or the share between two ages."""

    mean: float | None = None
    from_age: int = 0
    below: int = OLDEST + 1
    share: float | None = None


class AgeSpec(Part, frozen=True, kw_only=True):
    """Ages and sexes: a base distribution, tilted as little as possible to the city's facts."""

    base_from: tuple[int, ...]  # lower ends of the base's bands
    base: tuple[float, ...]  # shares of all persons
    base_male: tuple[float, ...]  # male share in each
    male: float  # male share of all
    bands: tuple[int, ...]  # lower ends of the bands that are reported and fitted
    male_source: str
    facts: tuple[AgeFact, ...] = ()


class ByDwelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure for homes of medium density, and one for residential and commercial ones."""

    medium: float
    mixed: float


class PupilSpec(Part, frozen=True, kw_only=True):
    """Elementary pupils in each household by where it lives, where that is known."""

    per_household: ByDwelling
    total: int
    of_persons: int
    smallest_household: int = 3


class Structure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who lives together, and in what share of the households of that size."""

    adults: Literal["single", "couple", "lone", "others"]
    share: float
    others: int = 0  # number of adults where adults = others
    children: int = 0
    grandparents: int = 0

    @property
    def size(self) -> int:
        """Return the number of members."""
        heads = {"single": 1, "couple": 2, "lone": 1, "others": self.others}[self.adults]
        return heads + self.children + self.grandparents


class StructureSpec(Part, frozen=True, kw_only=True):
    """The structures of all sizes."""

    kinds: tuple[Structure, ...]


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How old those are who take a place in a household: (from, below, weight)."""

    ages: tuple[tuple[int, int, float], ...]
    male: float = 0.5


class SlotSpec(Part, frozen=True, kw_only=True):
    """Ages by place in the household, as a prior."""

    single: Slot
    couple: Slot
    parent: Slot
    lone: Slot
    child: Slot
    grandparent: Slot
    other: Slot


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rates by sex and age band; without `female` both sexes have the same."""

    bands: tuple[int, ...]  # lower ends
    male: tuple[float, ...]
    female: tuple[float, ...] | None = None

    def by_age_and_sex(self) -> Floats:
        """Return rates (ages 0 ... OLDEST, sexes female male); 0 below the first band."""
        band = np.searchsorted(self.bands, np.arange(OLDEST + 1), side="right")
        female = self.male if self.female is None else self.female
        table = np.array([(0.0, *female), (0.0, *self.male)])
        return np.asarray(table[:, band].T)


class RoleSpec(Part, frozen=True, kw_only=True):
    """What adults do; the rest up to one is `other`. Pupils' ages follow the school law."""

    student: Rates
    worker: Rates
    homemaker: Rates
    retired: Rates
    school_from: tuple[int, int, int, int] = (3, 6, 12, 15)  # kindergarten ... high school
    adult_from: int = 18


class LicenceSpec(Part, frozen=True, kw_only=True):
    """Who may drive."""

    rate: Rates


class ImpairmentSpec(Part, frozen=True, kw_only=True):
    """Who moves about with difficulty."""

    walks_badly: Rates
    wheelchair: Rates
    sees_badly: Rates
    hears_badly: Rates


class CarSpec(Part, frozen=True, kw_only=True):
    """Shares of households with 0, 1, 2 and 3 cars."""

    shares: tuple[float, float, float, float]


class Destination(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of zones and the share of the workers who work there; patterns as in a shell."""

    name: str
    zones: tuple[str, ...]
    share: float


class WorkSpec(Part, frozen=True, kw_only=True):
    """Where residents work; the first matching group counts. Without groups jobs alone decide."""

    decay_m: float  # e-folding distance of commuting
    destinations: tuple[Destination, ...] = ()


class SchoolSpec(Part, frozen=True, kw_only=True):
    """How far pupils go to school."""

    decay_m: float


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that is known of a city's people."""

    format: Literal[1]
    households: HouseholdSpec
    age: AgeSpec
    structures: StructureSpec
    slots: SlotSpec
    roles: RoleSpec
    licence: LicenceSpec
    impairment: ImpairmentSpec
    cars: CarSpec
    work: WorkSpec
    school: SchoolSpec
    pupils: PupilSpec | None = None

    def __post_init__(self) -> None:
        age = self.age
        if not len(age.base_from) == len(age.base) == len(age.base_male):
            raise ValueError("`age`: base_from, base and base_male differ in length")
        for size in range(1, SIZES + 1):
            if not any(k.size == size and k.share > 0 for k in self.structures.kinds):
                raise ValueError(f"`structures`: no kind of household has {size} members")
        for name, total in (
            ("households.sizes", sum(self.households.sizes)),
            ("age.base", sum(age.base)),
            ("cars.shares", sum(self.cars.shares)),
            ("work.destinations", sum(d.share for d in self.work.destinations) or 1.0),
        ):
            if abs(total - 1) > 0.005:
                raise ValueError(f"`{name}`: the shares sum to {total:.4f}, not to 1")


def read_spec(path: Path | None = None) -> Spec:
    """Read a city's `population.toml`; without one, the world's averages that come with us."""
    if path is None:
        return _default()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Spec)
    except (OSError, ValueError) as error:  # TOML and msgspec errors are ValueErrors
        raise Invalid(
            f"{path} is no description of a population: {error}",
            f"{path}을(를) 인구 설정으로 읽을 수 없습니다: {error}",
        ) from error


@lru_cache(maxsize=1)
def _default() -> Spec:
    text = resources.files(__package__).joinpath("default.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Spec)
