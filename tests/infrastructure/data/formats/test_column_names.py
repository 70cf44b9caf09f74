from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.infrastructure.data.formats.column_names import numbered_names, unique_names


def test_unique_names_stay_as_they_are() -> None:
    assert unique_names(["a", "B", "b"]) == (["a", "B", "b"], [])


def test_blanks_around_a_name_stay_where_the_name_would_clash() -> None:
    assert unique_names(["a", " a", " b "])[0] == ["a", " a", "b"]


def test_a_new_name_never_takes_an_existing_one() -> None:
    assert unique_names(["a", "a", "a_2", "", "column_4"])[0] == ["a", "a_3", "a_2", "column_4_2", "column_4"]


def test_notes_name_what_was_renamed() -> None:
    notes = unique_names(["a", "a", ""])[1]
    assert "'column_3'" in notes[0]
    assert "'a_2'" in notes[1]


def test_columns_without_header_are_numbered_from_one() -> None:
    assert numbered_names(2) == ["column_1", "column_2"]


@settings(derandomize=True)
@given(st.lists(st.sampled_from(["", " ", "a", "a ", "a_2", "a_3", "column_1", "column_2", "b"]), max_size=12))
def test_names_are_always_unique_and_never_empty(names: list[str]) -> None:
    result, _ = unique_names(names)
    assert len(result) == len(names)
    assert len(set(result)) == len(result)
    assert all(name.strip() for name in result)


def test_ten_thousand_columns_of_one_name_are_told_apart_at_once() -> None:
    names, _ = unique_names(["x", "x_3", *["x"] * 9997, ""])
    assert len(set(names)) == 9999 + 1
    assert names[:5] == ["x", "x_3", "x_2", "x_4", "x_5"]
