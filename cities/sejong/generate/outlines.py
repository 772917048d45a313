"""Outlines that everything else refers to: the zone, the ring, its surroundings, its trunks.

FACT: the area of the zone and, within its bounds, that of the restricted area. ASSUMED: the lines.
"""

from functools import cache

import numpy as np
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from cities.sejong.generate import facts
from cities.sejong.generate.plane import area, bend, dense, largest, oval, smooth

# Half axes of the ovals, m: the ring, the collector around zone B, the street at the hills' foot.
_RING = oval(478.0, 384.0, 2.5, 0.012, 0.7)
_COLLECTOR = oval(672.0, 560.0, 2.3, 0.027, 0.4)
_HILL_FOOT = oval(893.0, 770.0, 2.2, 0.033, 0.9) + np.array([52.0, 0.0])
GARDEN_LANE = oval(783.0, 668.0, 2.25, 0.030, 0.7) + np.array([24.0, 0.0])
_BOUNDARY = oval(1000.0, 860.0, 2.2, 0.030, 1.1)

EDGE_IN_M = 15.0  # how far inside the ring's line the owned-car-restricted area begins
CORRIDOR_U_M = 22.0  # half of the cutting in which the trunk passes under the bridges


@cache
def boundary() -> Polygon:
    """The zone, scaled about its middle to exactly the area of the plan."""
    grown = 1.0
    for _ in range(8):
        shape = area(_BOUNDARY * grown)
        grown *= float(np.sqrt(facts.AREA_M2 / shape.area))
    return area(_BOUNDARY * grown)


@cache
def ring_area() -> Polygon:
    """Everything inside the line of the Circulation Ring."""
    return area(_RING)


@cache
def collector_area() -> Polygon:
    """Everything inside the Outer Circulation Road."""
    return area(_COLLECTOR)


def corridor() -> Polygon:
    """The cutting in which the trunk passes under the bridges, between the ring's two ends."""
    east = [(CORRIDOR_U_M, v) for v in (-900.0, 900.0)]
    west = [(-CORRIDOR_U_M, v) for v in (900.0, -900.0)]
    return Polygon(bend(dense(np.array([*east, *west, east[0]]))))


def restricted() -> BaseGeometry:
    """The owned-car-restricted area: inside the ring's kerb, without the trunk's cutting."""
    return ring_area().buffer(-EDGE_IN_M).difference(corridor())


def half_plane(v: float) -> Polygon:
    """Everything north of a row of the design, as far as the city reaches."""
    corners = [(-1100.0, v), (1100.0, v), (1100.0, 1000.0), (-1100.0, 1000.0), (-1100.0, v)]
    return Polygon(bend(dense(np.array(corners))))


@cache
def outer_ring() -> LineString:
    """The outer ring road of Sejong, passing between the zone and Hwangwoosan."""
    points = [(1150, -1900), (1010, -1250), (925, -720), (905, -300), (935, 60), (905, 400)]
    points += [(800, 730), (590, 1010), (330, 1290), (150, 1650), (120, 1800)]
    return LineString(bend(smooth(points)))


@cache
def highway_96() -> LineString:
    """Local Highway 96, along the Geumgang."""
    points = [(-1800, -760), (-1250, -748), (-700, -735), (-330, -722), (0, -712), (330, -716)]
    points += [(700, -712), (1000, -640), (1300, -440), (1700, -160)]
    return LineString(bend(smooth(points)))


@cache
def built_area() -> Polygon:
    """What the hill-foot street, Local Highway 96 and the outer ring road enclose."""
    corner = np.array([(150.0, -1200.0), (1400.0, -1200.0), (1400.0, 0.0), (150.0, 0.0)])
    shape = largest(area(_HILL_FOOT).union(area(np.vstack((corner, corner[:1])))))
    for edge in (outer_ring(), highway_96()):
        shape = largest(split(shape, edge))
    return shape
