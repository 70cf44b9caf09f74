"""What would make a row normal: cells set to what normal rows hold, every claim proved by the model's own score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.application.explaining import feature_groups
from pynomaly.application.ports.tables import Table
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.columns import ColumnKind
from pynomaly.domain.counterfactual import Replacement, fewest_replacements, nearest_below, rounded_towards
from pynomaly.domain.explanation import Reason
from pynomaly.domain.inspection import Bound, Change, Counterfactual, NoCounterfactual

MAX_CHANGES = 5  # more are no advice
MAX_COLUMNS = 20  # those that add most are tried: the others can hardly bring a score down
_USUAL_IN_WORDS = (ColumnKind.TIME, ColumnKind.TEXT)  # what is usual for them is no cell


def counterfactual(
    model: TrainedModel,
    table: Table,
    row: int,
    reasons: Sequence[Reason],
    *,
    nearest: int | None,
    score_threshold: float | None,
) -> Counterfactual | NoCounterfactual:
    """Return the fewest cells which, set to what the nearest normal row holds or what is usual, are below the line.

    reasons: all columns', the strongest first.  nearest: the normal row nearest to this one, None where there is none.
    Where one number is enough, it is moved only as far as it has to be.
    """
    if score_threshold is None:
        return NoCounterfactual.NO_LINE
    if not model.is_inductive:
        return NoCounterfactual.CANNOT_RESCORE
    question = _question(model, table, row, nearest, score_threshold)
    if question.score(question.features[None, :])[0] < score_threshold:
        return NoCounterfactual.IS_BELOW
    options = [option for reason in reasons[:MAX_COLUMNS] for option in _options(question, reason)]
    replacements = [option.replacement for option in options]
    made = fewest_replacements(question.score, question.features, replacements, below=score_threshold, most=MAX_CHANGES)
    if made is None:
        return NoCounterfactual.TOO_DEEP
    chosen = [options[place] for place in made]
    return (len(chosen) == 1 and _moved_least(question, chosen[0])) or _as_chosen(question, chosen)


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A row and a line. features: (n_features,); near, near_cells: of the nearest normal row, empty without one."""

    model: TrainedModel
    below: float
    places: Mapping[str, list[int]]
    features: FloatMatrix
    cells: Mapping[str, object]
    near: FloatMatrix
    near_cells: Mapping[str, object]

    def score(self, rows: FloatMatrix) -> FloatVector:
        return self.model.fitted.score(rows)

    def score_with(self, column: str, cells: Sequence[object]) -> FloatVector:
        """Return the row's scores (m,) with each of some cells in one column."""
        rows = np.repeat(self.features[None, :], len(cells), axis=0)
        rows[:, self.places[column]] = self.model.preparation.features(column, cells)
        return self.score(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Option:
    cell: object
    replacement: Replacement


def _question(model: TrainedModel, table: Table, row: int, nearest: int | None, below: float) -> _Question:
    rows = table.take([row] if nearest is None else [row, nearest])
    places = feature_groups(model.preparation.sources)
    values = model.preparation.matrix(rows).values
    cells = {name: rows.cells(name, range(rows.n_rows)) for name in places}
    return _Question(
        model,
        below,
        places,
        values[0],
        {name: held[0] for name, held in cells.items()},
        values[-1],
        {} if nearest is None else {name: held[1] for name, held in cells.items()},
    )


def _options(question: _Question, reason: Reason) -> Iterator[_Option]:
    """Yield what one cell can be set to: what the nearest normal row holds, and what is usual."""
    column = reason.feature
    places = tuple(question.places[column])
    if column in question.near_cells and question.near_cells[column] != reason.value:
        yield _Option(question.near_cells[column], Replacement(column, places, question.near[list(places)]))
    usual = _usual_cell(question.model, reason)
    if usual is not None and usual != reason.value:
        (values,) = question.model.preparation.features(column, [usual])
        yield _Option(usual, Replacement(column, places, values))


def _usual_cell(model: TrainedModel, reason: Reason) -> object:
    median = reason.typical.median
    if median is not None:
        return int(median) if _is_whole(reason.value) and median.is_integer() else median
    kind = next(column.kind for column in model.columns if column.name == reason.feature)
    return None if kind in _USUAL_IN_WORDS else reason.typical.most_frequent


def _as_chosen(question: _Question, chosen: Sequence[_Option]) -> Counterfactual:
    changed = question.features.copy()
    for option in chosen:
        changed[list(option.replacement.places)] = option.replacement.values
    columns = [option.replacement.column for option in chosen]
    changes = [
        Change(column, question.cells[column], option.cell) for column, option in zip(columns, chosen, strict=True)
    ]
    return Counterfactual(tuple(changes), float(question.score(changed[None, :])[0]))


def _moved_least(question: _Question, option: _Option) -> Counterfactual | None:
    """Return a single change of a number, moved no further than it has to be; None for anything but finite numbers."""
    column, value = option.replacement.column, question.cells[option.replacement.column]
    numbers = (
        question.model.preparation.numbers(column, [value]),
        question.model.preparation.numbers(column, [option.cell]),
    )
    if numbers[0] is None or numbers[1] is None or not np.isfinite([numbers[0][0], numbers[1][0]]).all():
        return None
    now, enough = float(numbers[0][0]), float(numbers[1][0])
    furthest = nearest_below(
        lambda tries: question.score_with(column, tries.tolist()), now=now, enough=enough, below=question.below
    )
    if furthest is None:
        return None
    told = rounded_towards(furthest, enough, is_whole=_is_whole(value))
    score = float(question.score_with(column, [told])[0])
    if not score < question.below:
        told, score = enough, float(question.score_with(column, [enough])[0])
    bound = Bound.AT_MOST if told < now else Bound.AT_LEAST
    instead = int(told) if _is_whole(value) and told.is_integer() else told
    return Counterfactual((Change(column, value, instead, bound, tried_from=enough),), score)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
