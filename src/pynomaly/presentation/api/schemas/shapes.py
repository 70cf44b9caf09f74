"""Histograms of columns, as the API tells them."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from pynomaly.domain.histogram import Histogram, NumberBins, TimeBins
from pynomaly.presentation.api.schemas.datasets import cell
from pynomaly.presentation.api.schemas.pages import Answer


class NumberBinsAnswer(Answer):
    """Numbers over the range that holds nearly all; a bin holds its lower edge, the last one both."""

    kind: Literal["numbers"] = "numbers"
    edges: list[float]
    counts: list[int]
    n_below: int = Field(description="Numbers below the first edge.")
    n_above: int = Field(description="Numbers above the last edge.")
    least: float
    greatest: float


class TimeBinsAnswer(Answer):
    """Times in equal spans; a bin holds its lower edge and not its upper one."""

    kind: Literal["times"] = "times"
    edges: list[datetime]
    counts: list[int]
    is_ascending: bool = Field(description="No row is earlier than one before it.")


class ValueAnswer(Answer):
    """A value and the rows that hold it."""

    value: JsonValue
    n_rows: int


class TopValuesAnswer(Answer):
    """The most frequent values, at most eight."""

    kind: Literal["values"] = "values"
    values: list[ValueAnswer]
    n_others: int = Field(description="Rows with another value.")
    n_counted: int = Field(description="Rows with a value that were counted: fewer than all where there are too many.")


ShapeAnswer: TypeAlias = Annotated[NumberBinsAnswer | TimeBinsAnswer | TopValuesAnswer, Field(discriminator="kind")]


def shape_answer(shape: Histogram | None) -> NumberBinsAnswer | TimeBinsAnswer | TopValuesAnswer | None:
    """Write a histogram."""
    if shape is None:
        return None
    if isinstance(shape, NumberBins):
        return NumberBinsAnswer(
            edges=list(shape.edges),
            counts=list(shape.counts),
            n_below=shape.n_below,
            n_above=shape.n_above,
            least=shape.least,
            greatest=shape.greatest,
        )
    if isinstance(shape, TimeBins):
        return TimeBinsAnswer(edges=list(shape.edges), counts=list(shape.counts), is_ascending=shape.is_ascending)
    values = [ValueAnswer(value=cell(value), n_rows=n_rows) for value, n_rows in shape.values]
    return TopValuesAnswer(values=values, n_others=shape.n_others, n_counted=shape.n_counted)
