"""One row in depth, as the API tells it."""

from pydantic import Field, JsonValue

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.inspection import (
    Bound,
    Change,
    Counterfactual,
    InspectedCell,
    Inspection,
    NearRow,
    NoCounterfactual,
    SimilarRow,
)
from pynomaly.presentation.api.schemas.datasets import TypicalAnswer, cell, sound
from pynomaly.presentation.api.schemas.detections import AnomalyAnswer
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.words.anomaly_words import anomaly_in_words


class InspectedCellAnswer(Answer):
    """One cell of the row, beside what is usual; `contribution` is its part in the score, null where it has none."""

    column: str
    kind: ColumnKind
    role: ColumnRole
    value: JsonValue
    typical: TypicalAnswer
    contribution: float | None
    is_new: bool = Field(description="No training row held such a value.")

    @staticmethod
    def of(told: InspectedCell) -> "InspectedCellAnswer":
        """Write a cell."""
        return InspectedCellAnswer(
            column=sound(told.column.name),
            kind=told.column.kind,
            role=told.column.role,
            value=cell(told.value),
            typical=TypicalAnswer.of(told.typical),
            contribution=told.contribution,
            is_new=told.is_new,
        )


class ComparedCellAnswer(Answer):
    """One cell of a normal row, and how unlike the inspected row's it is: 0 alike, 1 as far as counts."""

    column: str
    value: JsonValue
    difference: float


class NearRowAnswer(Answer):
    """A row that was not flagged, and how far from the inspected row it is: Gower's distance, 0 to 1."""

    row: int
    identifier: JsonValue
    score: float
    distance: float
    cells: list[ComparedCellAnswer]

    @staticmethod
    def of(near: NearRow) -> "NearRowAnswer":
        """Write a row."""
        return NearRowAnswer(
            row=near.row,
            identifier=cell(near.identifier),
            score=near.score,
            distance=near.distance,
            cells=[
                ComparedCellAnswer(column=sound(one.column), value=cell(one.value), difference=one.difference)
                for one in near.cells
            ],
        )


class SimilarRowAnswer(Answer):
    """A flagged row like the inspected one; `shared` are the strongest reasons both have."""

    row: int
    identifier: JsonValue
    score: float
    severity: float | None
    distance: float
    shared: list[str]

    @staticmethod
    def of(similar: SimilarRow) -> "SimilarRowAnswer":
        """Write a row."""
        return SimilarRowAnswer(
            row=similar.row,
            identifier=cell(similar.identifier),
            score=similar.score,
            severity=similar.severity,
            distance=similar.distance,
            shared=[sound(column) for column in similar.shared],
        )


class ChangeAnswer(Answer):
    """One cell that would have to be otherwise.

    At most or at least: numbers between `tried_from` and `instead` were tried; further off nothing is claimed.
    """

    column: str
    value: JsonValue
    instead: JsonValue
    bound: Bound
    tried_from: float | None

    @staticmethod
    def of(change: Change) -> "ChangeAnswer":
        """Write a change."""
        return ChangeAnswer(
            column=sound(change.column),
            value=cell(change.value),
            instead=cell(change.instead),
            bound=change.bound,
            tried_from=change.tried_from,
        )


class CounterfactualAnswer(Answer):
    """Changes that together bring the row's score below the line, proved by the detector's own score."""

    changes: list[ChangeAnswer]
    score: float

    @staticmethod
    def of(found: Counterfactual) -> "CounterfactualAnswer":
        """Write what would make a row normal."""
        return CounterfactualAnswer(changes=[ChangeAnswer.of(change) for change in found.changes], score=found.score)


class InspectionAnswer(Answer):
    """One row in depth."""

    anomaly: AnomalyAnswer
    sentence: str = Field(description="The row in plain words.")
    n_rows: int
    rank: int = Field(description="Its place by score, from 1.")
    score_threshold: float | None
    cells: list[InspectedCellAnswer] = Field(description="Every column, in table order.")
    typical_score: float | None = Field(
        description="What unremarkable training rows score; with all contributions it sums to the row's score."
    )
    nearest: list[NearRowAnswer] = Field(description="The rows nearest to it that were not flagged.")
    n_compared: int = Field(description="How many rows that were not flagged were looked at, evenly spread.")
    n_normal: int = Field(description="How many rows were not flagged.")
    similar: list[SimilarRowAnswer] = Field(description="Flagged rows like it.")
    counterfactual: CounterfactualAnswer | None
    no_counterfactual: NoCounterfactual | None = Field(description="Why there is no counterfactual.")

    @staticmethod
    def of(inspection: Inspection) -> "InspectionAnswer":
        """Write an inspection."""
        found, around = inspection.counterfactual, inspection.around
        return InspectionAnswer(
            anomaly=AnomalyAnswer.of(inspection.anomaly),
            sentence=sound(anomaly_in_words(inspection.anomaly, inspection)),
            n_rows=inspection.n_rows,
            rank=inspection.rank,
            score_threshold=inspection.score_threshold,
            cells=[InspectedCellAnswer.of(one) for one in inspection.cells],
            typical_score=inspection.typical_score,
            nearest=[NearRowAnswer.of(near) for near in around.nearest],
            n_compared=around.n_compared,
            n_normal=around.n_normal,
            similar=[SimilarRowAnswer.of(similar) for similar in around.similar],
            counterfactual=CounterfactualAnswer.of(found) if isinstance(found, Counterfactual) else None,
            no_counterfactual=found if isinstance(found, NoCounterfactual) else None,
        )
