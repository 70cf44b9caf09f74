import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.infrastructure.data.columns.column_kinds import describe_columns, name_words, with_kind

RNG = np.random.default_rng(0)
N = 40


def described(name: str, cells: object, **options: object) -> Column:
    (column,) = describe_columns(pa.table({name: pa.array(cells, **options)}))
    return column


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (RNG.normal(size=N), ColumnKind.NUMBER),
        (RNG.integers(0, 9, N), ColumnKind.NUMBER),
        ([5.0, None] * 20, ColumnKind.NUMBER),
        ([f"{n:,}.5" for n in RNG.integers(0, 10**6, N)], ColumnKind.NUMBER_TEXT),
        (["0,5", "1,25"] * 20, ColumnKind.NUMBER_TEXT),
        (["1", "2.5", "unreadable", "4", "5"] * 8, ColumnKind.NUMBER_TEXT),
        (["1", "b", "2", "c"] * 10, ColumnKind.CATEGORY),
        ([str(10_000_000 + n * n) for n in range(N)], ColumnKind.NUMBER_TEXT),
        ([str(10**19 + n * n) for n in range(N)], ColumnKind.IDENTIFIER),
        (["Tuesday", " tuesday ", "Monday"] * 10, ColumnKind.CATEGORY),
        (["x", None] * 20, ColumnKind.CATEGORY),
        (["yes", "NO ", "y", "N", "", None] * 6, ColumnKind.BOOLEAN),
        (["t", "f"] * 20, ColumnKind.BOOLEAN),
        ([True, False, None] * 10, ColumnKind.BOOLEAN),
        ([0, 1] * 20, ColumnKind.NUMBER),
        (["2014-07-01 00:00:00", "07/01/2014 00:30", "01-Jul-2014 01:00:00"] * 10, ColumnKind.TIME),
        (np.arange(N).astype("datetime64[h]").astype("datetime64[s]"), ColumnKind.TIME),
        ([f"the {n} words of row {n * n} differ" for n in range(N)], ColumnKind.TEXT),
        ([f"{n * 7919:012x}" for n in range(10**6, 10**6 + N)], ColumnKind.IDENTIFIER),
        ([f"{n:08d}-0000-4000-8000-000000000000" for n in range(N)], ColumnKind.IDENTIFIER),
        ([f"TX-{n:05d}" for n in range(N)], ColumnKind.IDENTIFIER),
        (np.arange(N) + 1, ColumnKind.IDENTIFIER),
        (np.arange(N)[::-1], ColumnKind.IDENTIFIER),
        (RNG.permutation(1000)[:N], ColumnKind.NUMBER),
        ([1.5] * N, ColumnKind.CONSTANT),
        (["OK"] * N, ColumnKind.CONSTANT),
        ([float("nan")] * N, ColumnKind.CONSTANT),
        ([None] * N, ColumnKind.CONSTANT),
        (["", " "] * N, ColumnKind.CONSTANT),
        ([[1], [2]] * N, ColumnKind.NESTED),
        ([b"a", b"b"] * N, ColumnKind.NESTED),
    ],
)
def test_a_kind_follows_from_type_and_cells(cells: object, kind: ColumnKind) -> None:
    assert described("column", cells).kind is kind


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("customer_id", RNG.permutation(1000)[:N], ColumnKind.IDENTIFIER),
        ("PassengerId", RNG.permutation(1000)[:N], ColumnKind.IDENTIFIER),
        ("user id", RNG.permutation(1000)[:N].astype(float), ColumnKind.IDENTIFIER),
        ("primary key", RNG.permutation(1000)[:N], ColumnKind.IDENTIFIER),
        ("user_id", [f"{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(N)], ColumnKind.IDENTIFIER),
        ("store_id", [3, 7] * 20, ColumnKind.CATEGORY),
        ("grid", RNG.permutation(1000)[:N], ColumnKind.NUMBER),
        ("index", RNG.normal(size=N), ColumnKind.NUMBER),
        ("value", RNG.permutation(1000)[:N], ColumnKind.NUMBER),
    ],
)
def test_a_name_can_make_an_identifier_only_of_what_never_repeats(name: str, cells: object, kind: ColumnKind) -> None:
    assert described(name, cells).kind is kind


def test_a_few_consecutive_integers_are_still_a_measurement() -> None:
    assert described("value", [1, 2, 3]).kind is ColumnKind.NUMBER


def test_roles_follow_from_kinds() -> None:
    columns = describe_columns(
        pa.table(
            {
                "row_id": np.arange(N),
                "when": np.arange(N).astype("datetime64[h]").astype("datetime64[s]"),
                "until": np.arange(N).astype("datetime64[h]").astype("datetime64[s]"),
                "same": [1] * N,
                "parts": [[1]] * N,
                "amount": RNG.normal(size=N),
                "label": [0, 1] * 20,
            }
        )
    )
    assert [column.role.value for column in columns] == [
        "identifier",
        "time",
        "feature",
        "ignored",
        "ignored",
        "feature",
        "label",
    ]
    assert all(column.note for column in columns if column.role in (ColumnRole.IGNORED, ColumnRole.LABEL))


def test_a_label_name_over_more_than_two_values_is_no_label() -> None:
    assert described("label", ["a", "b", "c"] * 20).role is ColumnRole.FEATURE


def test_a_label_of_two_unusual_values_says_which_is_the_anomaly() -> None:
    assert "'red'" in described("outlier", ["blue", "blue", "red"]).note


def test_day_and_month_that_cannot_be_told_apart_are_noted() -> None:
    assert "month first" in described("when", ["03/04/2014", "05/06/2014"] * 10).note


def test_another_kind_brings_its_usual_role() -> None:
    identifier = Column("n", ColumnKind.IDENTIFIER, ColumnRole.IDENTIFIER)
    assert with_kind(identifier, ColumnKind.NUMBER).role is ColumnRole.FEATURE
    assert with_kind(identifier, ColumnKind.CONSTANT).role is ColumnRole.IGNORED


def test_a_label_of_another_kind_is_still_not_learned_from() -> None:
    label = Column("label", ColumnKind.NUMBER, ColumnRole.LABEL)
    assert with_kind(label, ColumnKind.CATEGORY).role is ColumnRole.LABEL


def test_words_of_a_name_are_split_at_marks_and_capitals() -> None:
    assert name_words("customerID") == {"customer", "id"}
    assert name_words("row_no 2") == {"row", "no", "2"}


def test_many_rows_are_described_like_few() -> None:
    n = 150_000
    columns = describe_columns(
        pa.table({"note": [f"word {i} of many" for i in range(n)], "key": [f"{i:012x}" for i in range(n)]})
    )
    assert [column.kind for column in columns] == [ColumnKind.TEXT, ColumnKind.IDENTIFIER]
