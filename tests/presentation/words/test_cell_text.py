from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.presentation.words.cell_text import harmless, quoted, shown


@given(st.text())
def test_whatever_the_text_what_is_shown_is_visible_and_short(text):
    assert harmless(text).isprintable()
    assert shown(text).isprintable()
    assert len(shown(text)) <= 40


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "missing"),
        (False, "no"),
        (1234567, "1,234,567"),
        (0.1, "0.1"),
        ("[red]bold[/red]", "[red]bold[/red]"),
        ("right\u202eleft", "right\\u202eleft"),
        ("a\r\nb", "a\\r\\nb"),
        ("日本", "日本"),
        (b"\x00\xff", "2 bytes 00ff"),
        (datetime(2026, 3, 14, 12, 0, 0, 5000), "2026-03-14 12:00:00.005"),
        (date(2026, 3, 14), "2026-03-14"),
        ({"a": [1]}, "{'a': [1]}"),
    ],
)
def test_a_cell_is_shown_like_this(value, text):
    assert shown(value) == text


def test_only_text_is_quoted():
    assert quoted("12") == "'12'"
    assert quoted(12) == "12"
