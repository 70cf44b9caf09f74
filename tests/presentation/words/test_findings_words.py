import math
from datetime import datetime

import pytest

from pynomaly.domain.explanation import Reason, Typical
from pynomaly.presentation.words.findings_words import reason_in_words, reasons_in_words, typical_in_words

AMOUNTS = Typical(median=70.0, low=1.0, high=140.0)
DEVICES = Typical(most_frequent="ios", share=0.812)


@pytest.mark.parametrize(
    ("value", "typical", "words"),
    [
        (1530, AMOUNTS, "x 1,530, 21.9× the usual 70"),
        (700, AMOUNTS, "x 700, 10× the usual 70"),
        (300.5, AMOUNTS, "x 300.5 (usually 1 – 140)"),
        (70.0, AMOUNTS, "x 70 (within the usual 1 – 140)"),
        (-5, AMOUNTS, "x -5 (usually 1 – 140)"),
        (5000, Typical(median=70.0, low=-10.0, high=140.0), "x 5,000 (usually -10 – 140)"),
        (5000, Typical(median=0.0, low=0.0, high=0.0), "x 5,000 (usually 0)"),
        (math.inf, AMOUNTS, "x infinite (usually 1 – 140)"),
        (math.nan, AMOUNTS, "x not a number (usually 1 – 140)"),
        (None, AMOUNTS, "x missing (usually 1 – 140)"),
        ("1.530,00 €", AMOUNTS, "x '1.530,00 €' (usually 1 – 140)"),
        (0.00001234, AMOUNTS, "x 1.234e-05 (usually 1 – 140)"),
        ("xyz", DEVICES, "x 'xyz' (usually ios, 81 %)"),
        ("ios", DEVICES, "x 'ios', as usual"),
        (None, DEVICES, "x missing (usually ios, 81 %)"),
        ("xyz", Typical(most_frequent=" ", share=1.0), "x 'xyz' (usually ' ', 100 %)"),
        (True, Typical(most_frequent="false", share=0.97), "x yes (usually no, 97 %)"),
        (
            datetime(2026, 3, 14, 3, 0),
            Typical(most_frequent="14:00–15:00", share=0.1),
            "x 2026-03-14 03:00:00 (usually 14:00–15:00, 10 %)",
        ),
        ([1, 2], Typical(), "x [1, 2]"),
        (10**400, AMOUNTS, "x very large (usually 1 – 140)"),
    ],
)
def test_a_reason_reads_like_this(value, typical, words):
    assert reason_in_words(Reason("x", 1.0, value, typical)) == words


def test_reasons_stand_strongest_first_and_say_how_many_are_left_out():
    reasons = [Reason(name, 1.0, 5, Typical()) for name in "abcd"]
    assert reasons_in_words(reasons) == "a 5 · b 5 · c 5 · d 5"
    assert reasons_in_words(reasons, most=2) == "a 5 · b 5 · 2 more"
    assert reasons_in_words([]) == ""


def test_names_and_values_cannot_steer_the_terminal_and_are_cut():
    words = reason_in_words(Reason("na\x1b[31mme", 1.0, "\x1b]0;title\x07" + "z" * 500, Typical(most_frequent="a\tb")))
    assert words.isprintable()
    assert "na\\x1b[31mme" in words
    assert len(words) < 120


def test_nothing_known_is_usual_reads_as_nothing():
    assert typical_in_words(Typical()) == ""


def test_a_reason_far_weaker_than_the_first_is_counted_and_not_told() -> None:
    reasons = [Reason(name, part, 5, Typical()) for name, part in (("amount", 1.0), ("weekday", 0.2), ("hour", 0.01))]
    assert reasons_in_words(reasons, most=3) == "amount 5 · 2 more"
    assert reasons_in_words(reasons) == "amount 5 · weekday 5 · hour 5"
