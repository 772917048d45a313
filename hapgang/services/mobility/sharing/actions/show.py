"""What is free, as it is shown to providers of journeys from elsewhere."""

from hapgang.contract import City, where
from hapgang.core.vocabulary.mobility import FreeRide, ListFree, Mode, Pricing
from hapgang.services.mobility.sharing.actions.checks import settings
from hapgang.services.mobility.sharing.model import SERVICE, Pause, Vehicle


def list_free(city: City, _: ListFree) -> tuple[FreeRide, ...]:
    """Answer with every free vehicle, by the name that it has on maps until it is ridden."""
    tariff = settings(city).tariff
    pricing = Pricing(
        fixed_won=tariff.unlock_won, included_min=tariff.included_min,
        per_min_won=tariff.per_min_won, per_km_won=tariff.per_km_won, most_won=tariff.most_won,
    )  # fmt: skip
    paused = {pause.kind for pause in city.hub.find(Pause)}
    return tuple(
        FreeRide(
            service=SERVICE, item=vehicle.public_id, kind=vehicle.kind, mode=Mode.PM,
            location=vehicle.location, pricing=pricing,
        )
        for vehicle in city.hub.find(Vehicle, where.state == "free")
        if vehicle.location is not None and vehicle.kind not in paused
    )  # fmt: skip
