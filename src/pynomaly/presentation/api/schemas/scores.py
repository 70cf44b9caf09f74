"""Scores: what a detector says at once of rows that are sent along."""

from typing import Annotated, Any, TypeAlias

from pydantic import Field

from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.api.schemas.policies import Policy
from pynomaly.presentation.http.bounds import BOUNDS, KEYS, CellText, ColumnName, Name, Number, PerColumn, VersionNumber

Cell: TypeAlias = bool | Number | CellText | None
_ALL_DIFFERENT: dict[str, Any] = {"uniqueItems": True}
Listed: TypeAlias = Annotated[list[Cell], BOUNDS.columns.field()]
Named: TypeAlias = Annotated[dict[ColumnName, Cell], BOUNDS.columns.field(), KEYS]


class _Question(Body):
    """Who scores, and how to decide; by default rows that stand far out are flagged."""

    detector: Name = Field(description="Id or name of a trained detector.")
    version: VersionNumber | None = Field(default=None, description="Another version than the live one.")
    policy: Policy | None = None


class ScoreOptions(_Question):
    """What a body says beside its rows, in either form."""

    columns: PerColumn[ColumnName] | None = None


class ListedRows(_Question):
    """Rows as lists of cells, in the order of `columns`.

    For the OpenAPI document, as `NamedRows`: `score_bodies` reads the rows of a body, in a hundredth of the time.
    """

    columns: PerColumn[ColumnName] = Field(description="The names of the cells.", json_schema_extra=_ALL_DIFFERENT)
    rows: Annotated[list[Listed], BOUNDS.rows.field()]


class NamedRows(_Question):
    """Rows as objects with a cell under each column's name, all with the same names."""

    columns: None = None
    rows: Annotated[list[Named], BOUNDS.rows.field()]


class ScoresAnswer(Answer):
    """The scores of all rows in the order they were sent; higher is stranger. What is unknown is null."""

    detector_id: str
    version: int
    n_rows: int
    n_anomalies: int
    score_threshold: float | None = Field(description="The line the decision drew; null where it drew none.")
    scores: list[float]
    severities: list[float] | None = Field(description="0 to 100: 50 where the default decision draws its line.")
    p_values: list[float]
    probabilities: list[float] | None
    is_anomaly: list[bool]
    notes: list[str]
