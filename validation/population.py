"""The virtual people against the margins that they were made from."""

from pathlib import Path

from hapgang.rehearsal.population import margins, read_spec, synthesise
from hapgang.twin.scene import load_scene
from validation.case import Case

SEJONG = Path(__file__).resolve().parent.parent / "cities" / "sejong"


def cases() -> list[Case]:
    """Return every margin of the 20,000 residents of Sejong 5-1: within 1 % or one person."""
    scene, spec = load_scene(SEJONG), read_spec(SEJONG / "population.toml")
    population = synthesise(scene, spec, None, seed=1)
    return [
        Case(
            name=f"{margin.name}, {margin.unit}",
            value=margin.value,
            expected=margin.target,
            tolerance=max(0.01 * abs(margin.target), 1.0),
            source=margin.source,
        )
        for margin in margins(scene, spec, population)
    ]
