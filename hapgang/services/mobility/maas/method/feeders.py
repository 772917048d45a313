"""Ways between a door and the stops by something that rolls."""

from hapgang.science.connection_scan import Walks
from hapgang.twin.modes import Modes
from hapgang.twin.network import Floats, Network
from hapgang.twin.options import one_way
from hapgang.twin.transit import Transit

# Assumption: nobody rides longer to a stop.
MOST_FEEDER_S = 900.0
# Assumption: until one sits on a shared vehicle: the walk to it and unlocking, for the estimate.
OPERATOR_START_S = 180.0


def feeder(
    network: Network,
    transit: Transit,
    place: Floats,
    kind: Modes,
    start_s: float,
    *,
    backwards: bool = False,
) -> Walks:
    """Return ways by a vehicle between a door (xy, m) and the stops, as the network has them.

    `start_s` is what it takes to get going; backwards they lead from the stops to the door.
    """
    node = network.nearest_node(place, kind)
    _, stop, time_s = network.reach(
        kind, [node], transit.targets(kind), MOST_FEEDER_S, backwards=backwards
    )
    return one_way(transit.called[stop], time_s.astype("f8") + start_s)
