import pytest

from pynomaly.domain.verdict import VerdictAnswer, summary_of
from pynomaly.presentation.words.verdict_words import share_in_words, summary_in_words

CONFIRMED, FALSE_ALARM, NOT_SURE = VerdictAnswer.CONFIRMED, VerdictAnswer.FALSE_ALARM, VerdictAnswer.NOT_SURE


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        ({}, "0 rows judged. No flag was called right or wrong yet."),
        ({(NOT_SURE, True): 1}, "1 row judged: 1 not sure. No flag was called right or wrong yet."),
        (
            {(CONFIRMED, True): 9, (FALSE_ALARM, True): 3, (NOT_SURE, False): 2},
            "14 rows judged: 9 confirmed, 3 false alarm, 2 not sure. Of 12 flags called right or wrong, 3 false "
            "alarms: 25 % (8.9 % – 53 %), 95 % interval, for rows that people chose to look at.",
        ),
        (
            {(FALSE_ALARM, True): 1},
            "1 row judged: 1 false alarm. Of 1 flag called right or wrong, 1 false alarm: 100 % (21 % – 100 %), "
            "95 % interval, for rows that people chose to look at.",
        ),
    ],
)
def test_a_summary_says_what_was_judged_and_what_follows(tally, words) -> None:
    assert summary_in_words(summary_of(tally)) == words


def test_a_share_that_is_not_there_is_a_dash() -> None:
    assert share_in_words(None) == "–"
