"""Tours for crews with batteries and eyes: who is next to whom, and how long it takes."""

from collections.abc import Sequence

from hapgang.core.geometry import Point, degree_lengths_m, distance_m
from hapgang.science.rebalancing import Stop, plan_tours
from hapgang.services.mobility.sharing.method.pace import GRID_DETOUR
from hapgang.services.mobility.sharing.model import Errand, Work

# km/h. The white paper, 'Set Owned Car Restricted Areas': service vehicles are tagged at 20 km/h.
CREW_KMH = 20.0
# s for one vehicle. Assumptions: unlock, change the battery, test; load or unload; look, photograph
# and wipe.
HANDLING_S: dict[Work, float] = {"swap": 180.0, "move": 120.0, "visit": 300.0}
# s. Assumption: half an hour to the first vehicle, and twice the time that the tour should take.
_TO_THE_FIRST_S, _PATIENCE = 1800.0, 2.0
_MOST_TOUR_M, _MOST_STOPS = 4000.0, 10  # so that a tour takes less than an hour


def group(places: Sequence[Point]) -> list[list[int]]:
    """Rows of places in tours of neighbours, in order of travel. Source: `plan_tours`."""
    if not places:
        return []
    lon_m, lat_m = degree_lengths_m(places[0].lat)
    spots = [(place.lon * lon_m, place.lat * lat_m) for place in places]
    stops = [Stop(spot, spot) for spot in spots]
    return plan_tours(stops, most_m=_MOST_TOUR_M, most_stops=_MOST_STOPS)


def duration_s(work: Work, errands: Sequence[Errand]) -> float:
    """Seconds that a tour takes from its first vehicle on: the way and the work at each."""
    way_m, here = 0.0, None
    for errand in errands:
        way_m += distance_m(here, errand.at) if here is not None else 0.0
        here = errand.at
        if errand.to is not None:
            way_m += distance_m(here, errand.to)
            here = errand.to
    return way_m * GRID_DETOUR / (CREW_KMH / 3.6) + HANDLING_S[work] * len(errands)


def patience_s(tour_s: float) -> float:
    """Seconds after which a crew that took a tour is given up."""
    return _TO_THE_FIRST_S + _PATIENCE * tour_s
