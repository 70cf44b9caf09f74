from dataclasses import dataclass, field

from pynomaly.application.profiling import profile
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import EmptyDataset
from pynomaly.domain.explanation import Typical
from pynomaly.domain.histogram import TopValues


@dataclass
class Cells:
    """A table of given columns."""

    values: dict[str, list[object]]
    kinds: dict[str, ColumnKind] = field(default_factory=dict)

    @property
    def columns(self):
        return tuple(Column(name, self.kinds.get(name, ColumnKind.NUMBER), ColumnRole.FEATURE) for name in self.values)

    @property
    def n_rows(self):
        return len(next(iter(self.values.values())))

    def shape(self, column):
        return TopValues(((self.values[column][0], 1),), 0, 1) if self.values[column] else None

    def tally(self, column):
        cells = self.values[column]
        return cells.count(None), len(set(cells) - {None})


class Learned:
    sources = ("a",)

    def learn(self, table, *, dtype, scale):
        return self

    def typical(self, column):
        return Typical(median=2.0, low=1.0, high=3.0)


class NothingToLearn:
    def learn(self, table, *, dtype, scale):
        raise EmptyDataset


def test_missing_and_distinct_values_are_counted():
    (found,) = profile(Cells({"a": [1.0, None, None, 2.0, 2.0]}), Learned())
    assert (found.n_missing, found.missing_share, found.n_distinct) == (2, 0.4, 2)
    assert found.typical == Typical(median=2.0, low=1.0, high=3.0)


def test_a_column_no_detector_learns_from_has_no_usual_value():
    _, other = profile(Cells({"a": [1, 2], "name": ["x", "y"]}), Learned())
    assert other.typical == Typical()


def test_a_table_without_a_usable_column_still_has_a_profile():
    (found,) = profile(Cells({"a": [5, 5]}), NothingToLearn())
    assert (found.n_distinct, found.typical) == (1, Typical())


def test_a_table_without_rows_misses_nothing():
    (found,) = profile(Cells({"a": []}), NothingToLearn())
    assert found.missing_share == 0.0


def test_the_shape_of_every_column_is_told():
    found, _ = profile(Cells({"a": [7, 2], "name": ["x", "y"]}), Learned())
    assert found.shape == TopValues(((7, 1),), 0, 1)
