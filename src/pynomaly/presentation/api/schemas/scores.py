"""Scores: what a detector says at once of rows that are sent along."""

from typing import Annotated, TypeAlias

from pydantic import Field

from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.bounds import BOUNDS, CellText, ColumnName, Name, Number, PerColumn, VersionNumber
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import Policy

Cell: TypeAlias = bool | Number | CellText | None
Listed: TypeAlias = Annotated[list[Cell], BOUNDS.columns.field()]
Named: TypeAlias = Annotated[dict[ColumnName, Cell], BOUNDS.columns.field()]


class ScoreOptions(Body):
    """Who scores, and how to decide; by default rows that stand far out are flagged."""

    detector: Name = Field(description="Id or name of a trained detector.")
    version: VersionNumber | None = Field(default=None, description="Another version than the live one.")
    columns: PerColumn[ColumnName] | None = Field(
        default=None, description="The columns of rows that are lists, in their order; not for rows that are objects."
    )
    policy: Policy | None = None


class ScoreRequest(ScoreOptions):
    """Rows to score: lists of cells in the order of `columns`, or objects with a cell under each column's name.

    For the OpenAPI document: `score_bodies` reads the rows of a body, in a hundredth of the time.
    """

    rows: Annotated[list[Listed], BOUNDS.rows.field()] | Annotated[list[Named], BOUNDS.rows.field()]


class ScoresAnswer(Answer):
    """The scores of all rows in the order they were sent; higher is stranger. What is unknown is null."""

    detector_id: str
    version: int
    n_rows: int
    n_anomalies: int
    score_threshold: float | None = Field(description="The line the decision drew; null where it drew none.")
    scores: list[float]
    p_values: list[float]
    probabilities: list[float] | None
    is_anomaly: list[bool]
    notes: list[str]
