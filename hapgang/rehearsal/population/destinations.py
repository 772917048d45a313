"""Where people work and learn: chosen once, by attraction and distance, with both ends exact."""

from fnmatch import fnmatchcase

import numpy as np

from hapgang.rehearsal.population.columns import PUPILS, Floats, Ints, Role
from hapgang.rehearsal.population.personas import WORK_PLACES
from hapgang.rehearsal.population.sites import SceneLike, Sites
from hapgang.rehearsal.population.spec import SchoolSpec, Spec, WorkSpec
from hapgang.science import fitting

_SCHOOL_KIND = {
    Role.KINDERGARTEN: "school_kindergarten",
    Role.ELEMENTARY: "school_elementary",
    Role.MIDDLE: "school_middle",
    Role.HIGH: "school_high",
}
_OWN_ZONE = 0.5  # distance to the own zone, as a share of the way to the next one; a square's mean
_UNIVERSITY_DECAY_M = 20_000.0  # students travel further than commuters; our choice


def decay(sites: Sites, scale_m: float) -> Floats:
    """Return how attraction falls with distance between zones, (zones, zones), within (0, 1]."""
    distance = sites.distances_m()
    if len(distance) > 1:
        nearest = np.where(np.eye(len(distance), dtype=np.bool_), np.inf, distance).min(axis=1)
        np.fill_diagonal(distance, np.minimum(_OWN_ZONE * nearest, 1000.0))
    return np.asarray(np.exp(-np.minimum(distance / scale_m, 600.0)))


def work_totals(work: WorkSpec, jobs: Ints, sites: Sites, workers: int, share: float) -> Ints:
    """Return how many of the workers work in each zone, (zones,).

    Where groups of zones have known shares, jobs share out each group; a group without jobs gives
    its part to the others. Else the outside zones take the jobs that residents fill there, scaled
    by `share`, the sample's part of the city, and the jobs inside take the rest.
    """
    group = _groups(work, sites)
    if len(work.destinations):
        sums = np.bincount(group, jobs, minlength=len(work.destinations))
        wanted = np.array([d.share for d in work.destinations]) * (sums > 0)
        per_group = fitting.round_shares(wanted, workers if wanted.any() else 0)
        totals = np.zeros(len(jobs), np.int64)
        for number, count in enumerate(per_group):
            inside = np.where(group == number, jobs, 0).astype(np.float64)
            if count:
                totals += fitting.round_shares(inside, int(count))
        return totals
    weight = jobs.astype(np.float64)
    if sites.outside.any() and jobs[~sites.outside].any():
        away = min(float(jobs[sites.outside].sum()) * share, 0.9 * workers)
        weight[sites.outside] *= away / max(weight[sites.outside].sum(), 1.0)
        weight[~sites.outside] *= (workers - away) / weight[~sites.outside].sum()
    return fitting.round_shares(weight, workers if weight.any() else 0)


def _groups(work: WorkSpec, sites: Sites) -> Ints:
    def first(zone: str) -> int:
        for number, group in enumerate(work.destinations):
            if any(fnmatchcase(zone.lower(), pattern) for pattern in group.zones):
                return number
        return len(work.destinations)

    return np.array([first(zone) for zone in sites.zone_ids], np.int64)


def spread(origin: Ints, totals: Ints, attraction: Floats, rng: np.random.Generator) -> Ints:
    """Send persons to destinations by a doubly constrained gravity model in whole persons.

    origin (m,): rows of attraction (rows, columns). totals (columns,): summing to m. Returns (m,).
    """
    rows = np.bincount(origin, minlength=len(attraction))
    seed = np.maximum(attraction, 1e-250)
    table = fitting.ipf(
        seed, rows.astype(float), totals.astype(float), tolerance=1e-5, sweeps=500, strict=False
    )
    return fitting.deal(origin, fitting.integerise(table, rows, totals, rng), rng)


def work_places(
    spec: Spec,
    scene: SceneLike,
    sites: Sites,
    home: Ints,
    role: Ints,
    wanted: Ints,
    share: float,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Return work zone and building of each person, -1 for those without.

    wanted (persons,): index into WORK_PLACES for personas, -1 for everybody else. share: the
    sample's part of the city's residents.
    """
    zone, building = np.full(len(home), -1), np.full(len(home), -1)
    workers = role == Role.WORKER
    jobs = scene.zones.jobs.astype(np.int64)
    totals = work_totals(spec.work, jobs, sites, int(workers.sum()), share)
    if not totals.any():
        zone[workers] = home[workers]
        return zone, building
    _give_work(zone, building, totals, sites, np.where(workers, wanted, -1))
    others = np.flatnonzero(workers & (zone < 0))
    zone[others] = spread(home[others], totals, decay(sites, spec.work.decay_m), rng)
    weight = scene.buildings.jobs.astype(np.float64)
    building[others] = in_zone(zone[others], sites.building_zone, weight, rng.random(len(others)))
    return zone, building


def _give_work(zone: Ints, building: Ints, totals: Ints, sites: Sites, wanted: Ints) -> None:
    """Let personas work where they should, in place, each on a job of that zone or the largest."""
    donors = np.zeros(len(totals), np.bool_)
    for person in np.flatnonzero(wanted >= 0):
        name, kind = list(WORK_PLACES.items())[wanted[person]]
        places = np.flatnonzero((sites.place_kind == kind) & (sites.place_zone >= 0))
        named = places[sites.place_name[places] == name]
        for place in (*named, *places)[:1]:
            zone[person], building[person] = sites.place_zone[place], sites.place_building[place]
            here = zone[person]
            donor = here if totals[here] else int(np.argmax(np.where(donors, -1, totals)))
            donors[donor] = True
            totals[donor] -= 1


def in_zone(zone: Ints, site_zone: Ints, weight: Floats, chance: Floats) -> Ints:
    """Draw a site of each zone in proportion to its weight, (m,); -1 where a zone has none.

    chance (m,): uniform within [0, 1).
    """
    usable = np.flatnonzero((site_zone >= 0) & (weight > 0))
    result = np.full(len(zone), -1)
    if not len(usable) or not len(zone):
        return result
    order = usable[np.argsort(site_zone[usable], kind="stable")]
    running = np.concatenate([[0.0], np.cumsum(weight[order])])
    low = running[np.searchsorted(site_zone[order], zone, side="left")]
    high = running[np.searchsorted(site_zone[order], zone, side="right")]
    drawn = np.searchsorted(running, low + chance * (high - low), side="right") - 1
    found = high > low
    result[found] = order[np.minimum(drawn[found], len(order) - 1)]
    return result


def schools(
    spec: SchoolSpec,
    scene: SceneLike,
    sites: Sites,
    home: Ints,
    role: Ints,
    household: Ints,
    day_care: Ints,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Return school (a place, or -1) and its zone of each person.

    Places share out each level's pupils by capacity and nearness, households together. A level
    without a school of its own learns where the zones have school places. day_care: infants who are
    looked after in a kindergarten. Students go to the zones outside, by their jobs.
    """
    school, zone = np.full(len(home), -1), np.full(len(home), -1)
    level = role.copy()
    level[day_care] = Role.KINDERGARTEN
    near = decay(sites, spec.decay_m)
    for pupil in PUPILS:
        who = np.flatnonzero(level == pupil)
        kind = np.asarray(sites.place_kind == _SCHOOL_KIND[pupil], np.bool_)
        places = np.flatnonzero(kind & (sites.place_zone >= 0))
        capacity = scene.places.capacity[places].astype(np.float64)
        if len(places):
            where = _together(
                home, household, who, capacity, near[:, sites.place_zone[places]], rng
            )
            school[who], zone[who] = places[where], sites.place_zone[places[where]]
        else:
            capacity = scene.zones.school_places.astype(np.float64)
            capacity = capacity if capacity.any() else (~sites.outside).astype(np.float64)
            zone[who] = _together(home, household, who, capacity, near, rng)
    students = np.flatnonzero(role == Role.STUDENT)
    campus = scene.zones.jobs * (sites.outside if sites.outside.any() else ~sites.outside)
    far = decay(sites, _UNIVERSITY_DECAY_M)
    alone = np.arange(len(home))
    zone[students] = _together(home, alone, students, campus.astype(np.float64), far, rng)
    return school, zone


def _together(
    home: Ints,
    household: Ints,
    who: Ints,
    capacity: Floats,
    near: Floats,
    rng: np.random.Generator,
) -> Ints:
    """Choose for the first of each household among `who`; the others go where the first goes."""
    if not len(who):
        return np.zeros(0, np.int64)
    _, first, follows = np.unique(household[who], return_index=True, return_inverse=True)
    capacity = capacity if capacity.any() else np.ones(len(capacity))
    totals = fitting.round_shares(capacity, len(first))
    return spread(home[who[first]], totals, near, rng)[follows]
