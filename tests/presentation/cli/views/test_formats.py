import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from pynomaly.presentation.cli.views.formats import Field, as_csv, as_markdown, as_table, display_width

FIELDS = [Field("row", is_figure=True), Field("why")]


def test_figures_stand_right_and_the_last_column_wraps_under_itself():
    text = as_table(FIELDS, [["7", "short"], ["1,204", "one two three four five six seven"]], 32)
    assert text.splitlines() == [
        "  row  why",
        "    7  short",
        "1,204  one two three four five",
        "       six seven",
    ]


def test_a_line_never_breaks_between_a_figure_and_its_sign_or_before_a_dot():
    cell = "device 'x' (usually ios, 75 %) · amount 5 (usually 1 – 140)"
    for width in range(30, 80):
        lines = as_table(FIELDS, [["1", cell]], width).splitlines()[1:]
        assert not any(line.lstrip().startswith(("%", "·", "–")) or line.endswith("–") for line in lines)


def test_wide_characters_keep_columns_aligned():
    lines = as_table([Field("name"), Field("n")], [["日本", "1"], ["ab", "2"]], 80).splitlines()
    assert [display_width(line) for line in lines] == [7, 7, 7]


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), min_size=1, max_size=4), st.integers(40, 120))
def test_whatever_the_cells_every_line_of_a_table_is_visible(rows, width):
    text = as_table([Field("a"), Field("b")], rows, width)
    assert all(line.isprintable() for line in text.split("\n"))


def test_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe_and_figures_do_not():
    text = as_csv(FIELDS, [["-5", "=1+1"], ["6", "@x"], ["7", "plain"]])
    assert list(csv.reader(io.StringIO(text))) == [["row", "why"], ["-5", "'=1+1"], ["6", "'@x"], ["7", "plain"]]


def test_markdown_escapes_what_would_be_markup():
    assert as_markdown(FIELDS, [["1", "a|b <b>*x*</b> &amp; [l](u)"]]).splitlines()[2] == (
        r"| 1 | a\|b \<b\>\*x\*\</b\> &amp;amp; \[l\](u) |"
    )
