from enum import StrEnum

from member_words import member_words


class Weather(StrEnum):
    """What it is like outside."""

    SUN = "sun"
    """Bright, over
    more than one line."""
    RAIN = "rain"
    SNOW = "snow"
    """Cold."""


def test_each_member_comes_with_the_text_below_it():
    assert list(member_words(Weather)) == [
        (Weather.SUN, "Bright, over more than one line."),
        (Weather.RAIN, ""),
        (Weather.SNOW, "Cold."),
    ]
