"""The virtual people: households in dwellings, persons with roles, fitted to what is known."""

from hapgang.rehearsal.population.columns import (
    CarAccess,
    Households,
    Impairment,
    Persons,
    Population,
    Relation,
    Role,
    Sex,
)
from hapgang.rehearsal.population.margins import Margin, margins
from hapgang.rehearsal.population.spec import Spec, read_spec
from hapgang.rehearsal.population.synthesis import synthesise

__all__ = [
    "CarAccess",
    "Households",
    "Impairment",
    "Margin",
    "Persons",
    "Population",
    "Relation",
    "Role",
    "Sex",
    "Spec",
    "margins",
    "read_spec",
    "synthesise",
]
