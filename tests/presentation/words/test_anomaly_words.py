import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.columns import Column, ColumnKind
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.domain.inspection import (
    Bound,
    Change,
    Counterfactual,
    InspectedCell,
    Inspection,
    Neighbourhood,
    NoCounterfactual,
)
from pynomaly.domain.severity import band_of
from pynomaly.presentation.words.anomaly_words import (
    NO_COUNTERFACTUAL,
    anomaly_in_words,
    compared_in_words,
    counterfactual_in_words,
)

AMOUNTS = Typical(median=650.0, low=10.0, high=1400.0)
DEVICES = Typical(most_frequent="ios", share=0.812)


def anomaly(*reasons, identifier="P001", is_anomaly=True, score=0.81, severity=86.0, row=17):
    return Anomaly(row, identifier, score, 0.01, None, 0.9, is_anomaly, reasons, severity)


def inspection(told, *, new=(), found=NoCounterfactual.IS_BELOW, threshold=0.6):
    cells = tuple(
        InspectedCell(
            Column(one.feature, ColumnKind.CATEGORY), one.value, one.typical, one.contribution, one.feature in new
        )
        for one in told.reasons
    )
    return Inspection(told, 40, 1, threshold, cells, 0.5, Neighbourhood((), (), 0, 0), found)


def because(value, typical, *, is_new=False):
    told = anomaly(Reason("x", 1.0, value, typical))
    sentence = anomaly_in_words(told, inspection(told, new=("x",) if is_new else ()))
    start, end = "Row 17 (P001) stands out because ", "; score 0.81, severity 86 (high)."
    assert sentence.startswith(start)
    assert sentence.endswith(end)
    return sentence.removeprefix(start).removesuffix(end)


def test_the_whole_sentence_reads_like_this():
    told = anomaly(Reason("amount", 0.3, 14_235, AMOUNTS), Reason("device", 0.2, "xyz", DEVICES))
    assert anomaly_in_words(told, inspection(told, new=("device",))) == (
        "Row 17 (P001) stands out because amount 14,235 is 21.9× the usual 650 and device 'xyz' was never seen; "
        "score 0.81, severity 86 (high)."
    )


@pytest.mark.parametrize(
    ("value", "typical", "words"),
    [
        (14_235, AMOUNTS, "x 14,235 is 21.9× the usual 650"),
        (1500.5, AMOUNTS, "x 1,500.5 is above the usual 10 – 1,400"),
        (-3, AMOUNTS, "x -3 is below the usual 10 – 1,400"),
        (700, AMOUNTS, "x 700 counts although it is within the usual 10 – 1,400"),
        (None, AMOUNTS, "x is missing (usually 10 – 1,400)"),
        (float("inf"), AMOUNTS, "x infinite is above the usual 10 – 1,400"),
        ("xyz", DEVICES, "x is 'xyz' (usually ios, 81 %)"),
        ("ios", DEVICES, "x 'ios' counts although it is usual"),
        (True, Typical(most_frequent="false", share=0.97), "x is yes (usually no, 97 %)"),
        (
            datetime(2026, 3, 14, 3, 0),
            Typical(most_frequent="14:00–15:00", share=0.1),
            "x is 2026-03-14 03:00:00 (usually 14:00–15:00, 10 %)",
        ),
        ([1, 2], Typical(), "x is [1, 2]"),
        (None, Typical(), "x is missing"),
    ],
)
def test_a_cause_reads_like_this(value, typical, words):
    assert because(value, typical) == words


def test_what_training_never_held_is_said_so():
    assert because("fax", DEVICES, is_new=True) == "x 'fax' was never seen"
    assert because(None, AMOUNTS, is_new=True) == "x is missing, which it never was in training"


def test_three_causes_at_most_and_none_far_weaker_than_the_first():
    causes = [Reason(name, part, 5, Typical()) for name, part in zip("abcde", (1.0, 0.9, 0.8, 0.7, 0.6), strict=True)]
    assert "because a is 5, b is 5 and c is 5;" in anomaly_in_words(anomaly(*causes))
    assert "because a is 5;" in anomaly_in_words(anomaly(causes[0], Reason("b", 0.1, 5, Typical())))


def test_a_row_that_does_not_stand_out_is_given_no_cause():
    told = anomaly(Reason("x", 1.0, 5, Typical()), is_anomaly=False, score=0.41, severity=23.0, identifier=None)
    assert anomaly_in_words(told) == "Row 17 does not stand out; score 0.41, severity 23 (low)."


def test_what_is_unknown_is_left_out():
    assert anomaly_in_words(anomaly(identifier=None, severity=None)) == "Row 17 stands out; score 0.81."


FIGURE = r"-?[\d,]+(?:\.\d+)?(?:e[+-]\d+)?"


@given(
    row=st.integers(0, 10**9),
    score=st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-3),
    severity=st.floats(0.0, 100.0),
    value=st.floats(-1e6, 1e9),
    ends=st.tuples(st.floats(0.1, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1e6)),
)
def test_every_number_in_the_sentence_is_true(row, score, severity, value, ends):
    low, median, high = ends[0], ends[0] + ends[1], ends[0] + ends[1] + ends[2]
    reason = Reason("amount", 1.0, value, Typical(median=median, low=low, high=high))
    sentence = anomaly_in_words(anomaly(reason, row=row, score=score, severity=severity, identifier=None))
    assert sentence.startswith(f"Row {row:,} stands out because amount ")
    told_score, told_severity, band = re.search(rf"; score ({FIGURE}), severity (\d+) \((\w+)\)\.$", sentence).groups()
    assert float(told_score.replace(",", "")) == pytest.approx(score, rel=0.006)
    assert abs(int(told_severity) - severity) < 1.0
    assert band == band_of(severity) == band_of(float(told_severity))
    times = re.search(rf"is ({FIGURE})× the usual ({FIGURE})", sentence)
    assert (times is not None) == (value >= 10 * median)
    if times:
        factor, usual = (float(part.replace(",", "")) for part in times.groups())
        assert factor == pytest.approx(value / median, rel=0.006)
        assert usual == pytest.approx(median, rel=0.006)
    else:
        assert (" is above the usual " in sentence) == (value > high)
        assert (" is below the usual " in sentence) == (value < low)
        assert (" within the usual " in sentence) == (low <= value <= high)


@given(st.text(), st.text(), st.text())
def test_no_data_can_steer_the_reader(name, value, identifier):
    sentence = anomaly_in_words(anomaly(Reason(name, 1.0, value, Typical()), identifier=identifier))
    assert sentence.isprintable()
    assert len(sentence) < 250


def test_what_would_make_it_normal_reads_like_this():
    told = anomaly()
    one = Counterfactual((Change("amount", 14_300, 812, Bound.AT_MOST, 650.0),), 0.5999)
    two = Counterfactual((Change("amount", -3.0, 10.0, Bound.AT_LEAST, 650.0), Change("device", "fax", "ios")), 0.5)
    assert counterfactual_in_words(inspection(told, found=one)) == (
        "With amount at most 812 instead of 14,300 it would score 0.5999, below the line of 0.6."
    )
    assert counterfactual_in_words(inspection(told, found=two)) == (
        "With amount at least 10 instead of -3 and device 'ios' instead of 'fax' it would score 0.5, "
        "below the line of 0.6."
    )


def test_every_reason_why_nothing_would_has_its_sentence():
    assert NO_COUNTERFACTUAL.keys() == {reason.value for reason in NoCounterfactual}
    told = anomaly()
    for reason in NoCounterfactual:
        assert counterfactual_in_words(inspection(told, found=reason)).endswith(".")


def test_how_many_rows_were_compared_is_said():
    assert compared_in_words(Neighbourhood((), (), 351, 351)) == "among 351 normal rows"
    assert compared_in_words(Neighbourhood((), (), 1, 1)) == "among 1 normal row"
