import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.formats.table_layout import layout_of


def rows(*lines: str) -> list[list[str]]:
    return [line.split(",") for line in lines]


@pytest.mark.parametrize(
    "records",
    [
        rows("a,b", "1,2"),
        rows("a,b", "x,y", "u,v"),
        rows("name,2019,2020,2021", "north,1.5,2.5,3.5"),
        rows(",value", "0,1.5", "1,2.5"),
        rows("id,N/A", "1,?", "2,?"),
        rows("a"),
    ],
)
def test_a_header_is_recognised(records: list[list[str]]) -> None:
    layout = layout_of(records)
    assert layout.header == tuple(records[0])
    assert layout.first_row == 1


@pytest.mark.parametrize(
    "records",
    [
        rows("1,2", "3,4"),
        rows("x,1", "y,2"),
        rows("yes,low", "no,low", "yes,high", "no,low"),
        rows("many,1,2,3.5", "2,2,3,4.5", "3,4,5,6.5", "4,4,5,6.5"),
        rows("2024-01-01,ab-1", "2024-01-02,ab-2", "2024-01-03,ab-3"),
        rows("5"),
    ],
)
def test_a_first_row_of_values_is_no_header(records: list[list[str]]) -> None:
    layout = layout_of(records)
    assert layout.header is None
    assert layout.first_row == 0


def test_titles_and_units_are_recognised() -> None:
    layout = layout_of([["Report"], *rows("t,p,q", "s,bar,-", "1,2,x", "2,3,y")])
    assert (layout.n_title_lines, layout.header, layout.units, layout.first_row) == (
        1,
        ("t", "p", "q"),
        ("s", "bar", "-"),
        3,
    )


def test_a_first_row_with_one_odd_cell_is_no_row_of_units() -> None:
    assert layout_of(rows("t,p,q", "s,2,3", "1,2,3", "2,3,4")).units is None


def test_a_row_of_missing_cells_is_no_row_of_units() -> None:
    assert layout_of(rows("t,p,q", "?,-,NA", "1,2,3", "2,3,4")).units is None


def test_a_header_of_another_width_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="names 1 columns but most lines have 2"):
        layout_of([["a"], *rows("1,2", "3,4")])
