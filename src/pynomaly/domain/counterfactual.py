"""What would have had to be otherwise: the fewest cells of a row that bring its score below a line."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector

TRIED_AT_ONCE = 32  # a narrowing divides the stretch by as much
MAX_NARROWINGS = 10
PRECISE_ENOUGH = 1e-3  # of the value: more digits than three are told to nobody
DIGITS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """What the features of one column would be if its cell held something else. places, values: (m,)."""

    column: str
    places: tuple[int, ...]
    values: FloatMatrix


def fewest_replacements(
    score: Callable[[FloatMatrix], FloatVector],
    row: FloatMatrix,
    replacements: Sequence[Replacement],
    *,
    below: float,
    most: int,
) -> tuple[int, ...] | None:
    """Return which replacements bring a row's score below a line, None where `most` of them cannot.

    Again and again the replacement is made that lowers the score most; in the end those are undone that are not
    needed. Greedy: a smaller set may exist where columns matter only together; a single one that is enough is found.
    row: (n_features,).  Scores about `most` times as many rows as there are replacements.
    Source of the idea: Wachter, Mittelstadt and Russell (2018), "Counterfactual explanations without opening the
    black box", Harvard Journal of Law & Technology 31(2). They minimise a distance over all cells by descent;
    here only whole cells are replaced, by values that are real or usual, and any model with a score will do.
    """
    made: list[int] = []
    while len(made) < most:
        taken = {replacements[place].column for place in made}
        open_ones = [place for place, one in enumerate(replacements) if one.column not in taken]
        if not open_ones:
            return None
        tries = np.stack([_replaced(row, replacements, [*made, place]) for place in open_ones])
        scores = score(tries)
        best = int(np.argmin(scores))
        made.append(open_ones[best])
        if scores[best] < below:
            return _only_needed(score, row, replacements, made, below)
    return None


def _only_needed(
    score: Callable[[FloatMatrix], FloatVector],
    row: FloatMatrix,
    replacements: Sequence[Replacement],
    made: list[int],
    below: float,
) -> tuple[int, ...]:
    for place in list(made[:-1]):
        fewer = [one for one in made if one != place]
        if score(_replaced(row, replacements, fewer)[None, :])[0] < below:
            made = fewer
    return tuple(made)


def _replaced(row: FloatMatrix, replacements: Sequence[Replacement], made: Sequence[int]) -> FloatMatrix:
    changed = row.copy()
    for place in made:
        changed[list(replacements[place].places)] = replacements[place].values
    return changed


def nearest_below(
    score_of: Callable[[FloatVector], FloatVector], *, now: float, enough: float, below: float
) -> float | None:
    """Return the number closest to `now` that is below the line like everything tried from `enough` up to it.

    score_of: the scores (m,) of the row with other numbers (m,) in one column.  now, enough: finite; the score at
    `now` is not below the line.  None where the score at `enough` is not below it either.
    The stretch is divided evenly, again and again, into pieces; that the score crosses the line once is not assumed.
    """
    inside, outside = enough, now
    if not score_of(np.array([inside]))[0] < below:
        return None
    for _ in range(MAX_NARROWINGS):
        tries = inside + (outside - inside) * (np.arange(1, TRIED_AT_ONCE) / TRIED_AT_ONCE)
        is_below = score_of(tries) < below
        first_past = int(np.argmin(np.append(is_below, False)))
        inside, outside = (
            float(tries[first_past - 1]) if first_past else inside,
            float(tries[first_past]) if first_past < tries.size else outside,
        )
        if abs(outside - inside) <= PRECISE_ENOUGH * abs(inside):
            break
    return inside


def rounded_towards(value: float, goal: float, *, is_whole: bool) -> float:
    """Return a number of three digits, or a whole one, that lies between a number and a goal, close to the number.

    The goal itself where there is none between.

    >>> rounded_towards(812.77, 650.0, is_whole=False), rounded_towards(812.77, 1000.0, is_whole=False)
    (812.0, 813.0)
    >>> rounded_towards(12345.6, 0.0, is_whole=True), rounded_towards(3.2, 3.1, is_whole=True)
    (12300.0, 3.1)
    """
    if value == 0.0 or value == goal:
        return value
    step = 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)
    step = max(step, 1.0) if is_whole else step
    if step == 0.0:  # a number so near to zero that it has no three digits
        return goal
    towards = math.floor if goal < value else math.ceil
    rounded = float(f"{towards(value / step) * step:.15g}")
    return rounded if min(value, goal) <= rounded <= max(value, goal) else goal
