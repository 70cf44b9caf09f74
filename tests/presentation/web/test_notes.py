from pynomaly.presentation.web.notes import with_links


def test_each_row_that_is_named_is_linked_and_nothing_else_is_believed() -> None:
    note = "far: <b> row 3 900 in row 2,500 (usually 1 to 5); x 1 in row 0 (usually 0 to 1); in row 9"
    assert str(with_links(note, "d1")) == (
        'far: &lt;b&gt; row 3 900 in <a href="/detections/d1/rows/2500">row 2,500</a> (usually 1 to 5); '
        'x 1 in <a href="/detections/d1/rows/0">row 0</a> (usually 0 to 1); in row 9'
    )


def test_a_note_without_rows_is_only_made_safe() -> None:
    assert str(with_links("a & b", "d1")) == "a &amp; b"
