"""Scenarios: named sets of changes over a city, as data, and what they do to its scene.

A scenario is `scenarios/NAME.toml` in a city's folder. Its changes are pure: they turn a scene into
another one whose links keep their rows and names, so that results can be compared link by link.
"""

from hapgang.core.vocabulary.scenarios import (
    AddCarPark,
    AddRoute,
    Change,
    Close,
    Headway,
    MoveStop,
    Open,
    Restrict,
    Speed,
)
from hapgang.twin.scenario.apply import Effect, apply_changes, effects_of
from hapgang.twin.scenario.files import (
    Scenario,
    list_scenarios,
    read_scenario,
    routes_of_scenarios,
    toml_of,
)
from hapgang.twin.scenario.streets import closed_to, links_inside

__all__ = [
    "AddCarPark", "AddRoute", "Change", "Close", "Effect", "Headway", "MoveStop", "Open",
    "Restrict", "Scenario", "Speed", "apply_changes", "closed_to", "effects_of", "links_inside",
    "list_scenarios", "read_scenario", "routes_of_scenarios", "toml_of",
]  # fmt: skip
