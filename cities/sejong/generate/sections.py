"""The classes of streets: who may use them, how fast, how wide, how many vehicles an hour."""

from dataclasses import dataclass
from types import MappingProxyType

from cities.sejong.generate import facts

WALK, BICYCLE, PM, CAR, BUS, SHUTTLE, SERVICE = (1 << bit for bit in range(7))
ON_FOOT_AND_WHEELS = WALK | BICYCLE | PM
LOCAL = ON_FOOT_AND_WHEELS | CAR | SHUTTLE | SERVICE


@dataclass(frozen=True, slots=True)
class Section:
    """One class of street, per direction.

    half_width_m is the ground that its whole cross-section takes on either side of its line;
    longest_m is where a link is cut so that doors find a node near. A street whose backward kind
    differs is one-way for tagged service vehicles: they follow `kind`, never `back`.
    """

    kind: str
    modes: int
    speed_kmh: float
    lanes: float
    capacity_veh_h: float
    half_width_m: float
    longest_m: float = 100.0
    back: str | None = None


# Capacities per lane are ASSUMED after the saturation flow of 1,900 veh/h of common highway
# capacity manuals: 1,800 without signals, half of it at the signals of a trunk, a third at the
# crossings of collectors, a fifth on streets shared with people on foot. Posted speeds of trunks
# are ASSUMED as usual in Korea (80 expressway in town, 60 arterial, 50 urban default).
SECTIONS = MappingProxyType(
    {
        "outer_ring": Section("motorway", CAR | BUS | SERVICE, 80.0, 3.0, 5_400.0, 22.0, 400.0),
        "trunk": Section("trunk", CAR | BUS | SHUTTLE | SERVICE, 60.0, 3.0, 2_700.0, 20.0, 200.0),
        "highway_96": Section(
            "primary", ON_FOOT_AND_WHEELS | CAR | BUS | SERVICE, 60.0, 2.0, 1_800.0, 17.0, 150.0
        ),
        "collector": Section("secondary", LOCAL | BUS, 50.0, 2.0, 1_260.0, 15.0, 120.0),
        # FACT: four lanes, shuttles on the outer one, all of them open to ordinary vehicles; its
        # walkers and PM have the lines beside it.
        "ring": Section(
            "ring", CAR | BUS | SHUTTLE | SERVICE, facts.RING_MAX_KMH, 2.0, 1_260.0, 7.5, 400.0
        ),
        "ring_fast": Section("pm_lane", BICYCLE | PM, facts.FAST_PM_MAX_KMH, 1.0, 0.0, 2.0, 400.0),
        "ring_slow": Section("cycleway", BICYCLE | PM, facts.SLOW_PM_MAX_KMH, 1.0, 0.0, 2.0, 400.0),
        "ring_walk": Section("pedestrian", WALK, 5.0, 1.0, 0.0, 4.0, 100.0),
        "promenade": Section(
            "pedestrian", ON_FOOT_AND_WHEELS, facts.SLOW_PM_MAX_KMH, 1.0, 0.0, 5.0, 100.0
        ),
        # Tagged vehicles follow it one way between the rows of their gates (see `streets`).
        "promenade_one_way": Section(
            "service",
            ON_FOOT_AND_WHEELS | SERVICE,
            facts.SLOW_PM_MAX_KMH,
            1.0,
            0.0,
            5.0,
            100.0,
            "pedestrian",
        ),
        "bridge": Section(
            "pedestrian", ON_FOOT_AND_WHEELS, facts.SLOW_PM_MAX_KMH, 1.0, 0.0, 6.0, 100.0
        ),
        # Main pedestrian passages: ordinary streets of 30 km/h until the plan takes the cars out.
        "passage": Section("residential", LOCAL, facts.INSIDE_MAX_KMH, 1.0, 380.0, 10.0, 90.0),
        "passage_one_way": Section(
            "service", LOCAL, facts.INSIDE_MAX_KMH, 1.0, 380.0, 10.0, 90.0, "residential"
        ),
        "mouth": Section("residential", LOCAL, facts.INSIDE_MAX_KMH, 1.0, 380.0, 9.0),
        "gate": Section(
            "gate", LOCAL, facts.SERVICE_MAX_KMH, 1.0, 380.0, 9.0, 100.0, "residential"
        ),
        "alley": Section("path", ON_FOOT_AND_WHEELS, 15.0, 1.0, 0.0, 3.5, 100.0),
        "street": Section("residential", LOCAL, facts.INSIDE_MAX_KMH, 1.0, 380.0, 9.0, 100.0),
        "hill_street": Section("residential", LOCAL, facts.INSIDE_MAX_KMH, 1.0, 380.0, 8.0, 120.0),
        "lane": Section("residential", LOCAL, facts.INSIDE_MAX_KMH, 1.0, 250.0, 7.0, 90.0),
        "trail": Section("path", WALK | BICYCLE, 10.0, 1.0, 0.0, 2.0, 200.0),
        "ramp": Section("service", CAR | SHUTTLE | SERVICE, 20.0, 1.0, 300.0, 3.0),
        "lift": Section("path", ON_FOOT_AND_WHEELS, 5.0, 1.0, 0.0, 1.0),
        "crossing": Section("path", ON_FOOT_AND_WHEELS, 10.0, 1.0, 0.0, 3.0, 100.0),
    }
)
