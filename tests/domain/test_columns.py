import pytest

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole, features_of, require_columns
from pynomaly.domain.errors import ColumnMismatch


def test_a_missing_column_is_named_with_its_likely_typo():
    with pytest.raises(ColumnMismatch, match=r"column 'amount' missing; did you mean 'amonut'\?"):
        require_columns(["amount", "country"], ["amonut", "country"])


def test_a_column_in_use_is_never_offered_as_the_typo_of_another():
    with pytest.raises(ColumnMismatch) as error:
        require_columns(["amount", "amounts"], ["amounts"])
    assert "did you mean" not in str(error.value)


def test_several_missing_columns_are_counted():
    with pytest.raises(ColumnMismatch, match="and 2 more: b, c"):
        require_columns(["a", "b", "c"], ["x"])


def test_extra_columns_and_another_order_are_fine():
    require_columns(["a", "b"], ["z", "b", "a"])


def test_a_time_column_is_a_feature_and_an_identifier_is_not():
    columns = [
        Column("when", ColumnKind.TIME, ColumnRole.TIME),
        Column("id", ColumnKind.IDENTIFIER, ColumnRole.IDENTIFIER),
        Column("amount", ColumnKind.NUMBER),
        Column("label", ColumnKind.BOOLEAN, ColumnRole.LABEL),
    ]
    assert [column.name for column in features_of(columns)] == ["when", "amount"]


def test_missing_columns_that_differ_in_case_alone_are_named_with_their_twin() -> None:
    with pytest.raises(ColumnMismatch, match=r"column 'a' missing \(and 1 more: b\); did you mean 'A'\?"):
        require_columns(["a", "b"], ["A", "B"])
