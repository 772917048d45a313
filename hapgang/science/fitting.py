"""Fitting tables of people to what is known about them, and turning shares into whole persons."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GOLDEN = 0.6180339887498949  # rotating by the golden section spreads offsets evenly (Weyl 1916)


def tilt(prior: Floats, features: Floats, targets: Floats, *, tolerance: float = 1e-10) -> Floats:
    """Weights nearest to a prior that reproduce known totals.

    prior (n,): positive weights. features (k, n), targets (k,): the result `w` has
    `features @ w == targets` and minimises the Kullback-Leibler divergence from `prior`, so
    `w = prior * exp(a @ features)`. Returns (n,), positive.
    Ignored: nothing is known about cells beyond the prior; contradictory targets are a ValueError.
    Source: Deville, Särndal and Sautory 1993, Generalized raking procedures in survey sampling,
    J. Am. Stat. Assoc. 88, eq. 2.4, doi:10.1080/01621459.1993.10476369; solved by damped Newton
    steps on the convex dual. Checked: tests/science/test_fitting.py against the closed form of a
    two-cell table and the die of Jaynes.
    """
    scale = np.abs(features).max(axis=1)
    scale[scale == 0] = 1.0
    f, t = features / scale[:, None], targets / scale
    a = np.zeros(len(t))

    def dual(a: Floats) -> float:
        return float((prior * np.exp(np.minimum(a @ f, 700.0))).sum() - a @ t)

    value = dual(a)
    for _ in range(200):
        w: Floats = prior * np.exp(a @ f)
        gap = f @ w - t
        if np.abs(gap).max() <= tolerance * max(1.0, float(np.abs(t).max())):
            return w
        step = np.linalg.lstsq((f * w) @ f.T, gap, rcond=None)[0]
        size, trial = 1.0, dual(a - step)
        slope, rounding = 1e-4 * float(gap @ step), 1e-13 * abs(value)
        while not trial <= value - size * slope + rounding and size > 1e-12:
            size /= 2
            trial = dual(a - size * step)
        a, value = a - size * step, trial
    raise ValueError("the totals contradict one another or the prior")


def ipf(
    seed: Floats,
    rows: Floats,
    columns: Floats,
    *,
    tolerance: float = 1e-9,
    sweeps: int = 5000,
    strict: bool = True,
) -> Floats:
    """Scale a table until its margins are those given (iterative proportional fitting).

    seed (r, c): non-negative; zeros stay. rows (r,), columns (c,): totals with one sum. Returns
    (r, c) with `seed`'s odds ratios; the margins are met to `tolerance` of the total. A table whose
    zeros leave no solution is a ValueError, or the last sweep's table where not `strict`.
    Source: Deming and Stephan 1940, Ann. Math. Stat. 11, doi:10.1214/aoms/1177731829; with
    `exp(-d / s)` as seed it is Furness' doubly constrained gravity model (Wilson 1967,
    doi:10.1016/0041-1647(67)90035-4). Checked: tests/science/test_fitting.py, closed form of 2 x 2.
    """
    total = float(rows.sum())
    if abs(total - float(columns.sum())) > 1e-6 * max(total, 1.0):
        raise ValueError("the margins have different sums")
    table = seed.astype(np.float64, copy=True)
    if total == 0:
        return np.zeros_like(table)
    for _ in range(sweeps):
        table *= _ratio(rows, table.sum(axis=1))[:, None]
        sums = table.sum(axis=0)
        if np.abs(sums - columns).max() <= tolerance * total:
            return table
        table *= _ratio(columns, sums)
    if strict:
        raise ValueError("the zeros of the seed do not allow these margins")
    return table


def _ratio(wanted: Floats, present: Floats) -> Floats:
    return np.divide(wanted, present, out=np.zeros_like(present), where=present > 0)


def round_shares(shares: Floats, total: int) -> Ints:
    """Whole numbers in the proportion of shares (largest remainders).

    shares (n,): non-negative, not all zero unless `total` is. Returns (n,) summing to `total`, each
    within one of its exact value; ties go to the earlier. Source: Hamilton's method of
    apportionment. Checked: tests/science/test_fitting.py.
    """
    weight = float(shares.sum())
    if weight <= 0:
        if total:
            raise ValueError("nothing to share by")
        return np.zeros(len(shares), np.int64)
    exact = shares * (total / weight)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def round_running(amounts: Floats) -> Ints:
    """Round a sequence so that every running total is rounded rightly.

    amounts (n,): may hold negative ones (what earlier entries gave too much). Returns (n,) of whole
    numbers >= 0 with the rounded total; where no amount is negative every prefix sum is within 0.5
    of its exact value, so each entry is within 1 and any band of entries too.
    Source: Cox and Ernst 1982, Controlled rounding, INFOR 20 (one dimension). Checked: tests.
    """
    running = np.floor(np.cumsum(amounts) + 0.5 + 1e-9)
    total = max(running[-1], 0.0) if len(running) else 0.0
    running = np.minimum(np.maximum.accumulate(np.maximum(running, 0.0)), total)
    return np.diff(running, prepend=0.0).astype(np.int64)


def integerise(table: Floats, rows: Ints, columns: Ints, rng: np.random.Generator) -> Ints:
    """Round a table at random to whole numbers, holding both margins exactly.

    table (r, c): non-negative, with margins near `rows` and `columns` (whole, one sum), as `ipf`
    returns it; zeros stay zero. Returns (r, c). Each row is drawn systematically, so a cell is its
    floor or ceiling with the right expectation; then columns are mended along the shortest chains
    of exchanges in rows drawn by their odds, which moves a cell by one more at times and its
    expectation a little towards the likelier. A ValueError where zeros forbid the margins.
    Source: Madow 1949, On the theory of systematic sampling II, doi:10.1214/aoms/1177729988, with
    augmenting paths (Ford and Fulkerson 1956). Checked: tests/science/test_fitting.py.
    """
    sums = table.sum(axis=1)
    if ((sums <= 0) & (rows > 0)).any():
        raise ValueError("a row with a total has no cell to hold it")
    running = np.cumsum(table, axis=1)
    reached = running >= sums[:, None] * (1 - 1e-12)  # from the last cell on: exactly the row
    running *= _ratio(rows.astype(np.float64), sums)[:, None]
    running = np.where(reached, rows[:, None], np.minimum(np.round(running, 9), rows[:, None]))
    offset = (rng.random() + _GOLDEN * np.arange(len(rows))) % 1.0
    steps = np.floor(running + offset[:, None])
    whole = np.diff(steps, axis=1, prepend=np.floor(offset)[:, None]).astype(np.int64)
    _mend_columns(whole, table, columns, rng)
    return whole


def _mend_columns(whole: Ints, table: Floats, columns: Ints, rng: np.random.Generator) -> None:
    """Move single units within rows until the columns are right, in place."""
    excess = whole.sum(axis=0) - columns
    for start in np.flatnonzero(excess > 0):
        while excess[start] > 0:
            path = _exchange(whole, table, int(start), excess, rng)
            for row, source, target in path:
                whole[row, source] -= 1
                whole[row, target] += 1
            excess[start] -= 1
            excess[path[-1][2]] += 1


Move = tuple[int, int, int]  # row, from column, to column


def _exchange(
    whole: Ints, table: Floats, start: int, excess: Ints, rng: np.random.Generator
) -> list[Move]:
    """Find the shortest chain of moves from a full column to one that lacks."""
    lacking = np.flatnonzero(excess < 0)
    nearest = int(lacking[np.argmin(np.abs(lacking - start))])
    row = _draw_row(whole, table, start, nearest, rng)
    if row >= 0:
        return [(row, start, nearest)]
    came_from = np.full(len(excess), -1)
    came_from[start] = start
    frontier = [start]
    while frontier:
        reached: list[int] = []
        for source in frontier:
            open_to = (table[whole[:, source] > 0] > 0).any(axis=0) & (came_from < 0)
            came_from[open_to] = source
            reached.extend(np.flatnonzero(open_to).tolist())
        found = [column for column in reached if excess[column] < 0]
        if found:
            path: list[Move] = []
            target = found[0]
            while target != start:
                source = int(came_from[target])
                path.append((_draw_row(whole, table, source, target, rng), source, target))
                target = source
            return path[::-1]
        frontier = reached
    raise ValueError("the zeros of the table do not allow these margins")


def _draw_row(
    whole: Ints, table: Floats, source: int, target: int, rng: np.random.Generator
) -> int:
    """Draw the row in which a unit moves between two columns, by its odds; -1 where none can."""
    rows = np.flatnonzero((whole[:, source] > 0) & (table[:, target] > 0))
    if not len(rows):
        return -1
    odds = whole[rows, source] * table[rows, target] / table[rows, source]
    running = np.cumsum(odds)
    return int(rows[np.searchsorted(running, rng.random() * running[-1], side="right")])


def deal(origin: Ints, table: Ints, rng: np.random.Generator) -> Ints:
    """Deal the units of a whole-number table to single persons.

    origin (m,): each person's row; row `r` occurs `table[r].sum()` times. Returns (m,): each
    person's column, at random within a row. Ignored: nothing else is known of the persons.
    Source: definition. Checked: tests/science/test_fitting.py.
    """
    order = np.lexsort((rng.random(len(origin)), origin))
    columns = np.tile(np.arange(table.shape[1]), table.shape[0])
    dealt = np.empty(len(origin), np.int64)
    dealt[order] = np.repeat(columns, table.ravel())
    return dealt
