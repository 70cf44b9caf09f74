import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.sources.kinds import SQLITE
from pynomaly.infrastructure.sources.selections import quoted, selected_rows, table_name


@pytest.mark.parametrize(
    ("text", "as_sql"),
    [
        ("orders", '"orders"'),
        ("Shop.Orders", '"Shop"."Orders"'),
        ('"my.shop".orders', '"my.shop"."orders"'),
        ('"a ""b"""', '"a ""b"""'),
        ("a; DROP TABLE b", '"a; DROP TABLE b"'),
    ],
)
def test_a_tables_name_is_quoted_whatever_is_in_it(text: str, as_sql: str) -> None:
    assert table_name(text).quoted() == as_sql


@pytest.mark.parametrize("text", ["a.b.c", ".", "a.", ".a", '"a', '"a"b', ' "" '])
def test_what_is_no_tables_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is no table's name"):
        table_name(text)


def test_a_quote_in_a_name_does_not_end_it() -> None:
    assert quoted('a"b') == '"a""b"'


def test_a_query_loses_the_semicolon_that_ends_it() -> None:
    assert selected_rows(SQLITE, {"query": "SELECT ';' ;\n ; "}) == "SELECT ';'"
