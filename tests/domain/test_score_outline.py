"""Counts are checked against the scores themselves, false alarms against simulated batches."""

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.decision import AlarmBudget, decide_alone
from pynomaly.domain.score_outline import (
    EXACT_RANKS,
    false_alarms_past,
    outline,
    rows_past,
    shortest_line,
    threshold_for_rows,
)

RNG = np.random.default_rng(0)
VECTORS = {
    "one row": np.array([0.5]),
    "all the same": np.full(1000, 0.25),
    "a few": RNG.normal(size=7),
    "as many as are exact": RNG.normal(size=EXACT_RANKS),
    "many": RNG.gamma(2.0, size=30_000),
    "many tied": RNG.integers(0, 40, 30_000).astype(float),
    "a heavy tail on either side": RNG.standard_cauchy(20_000),
    "hardly any but zeros": np.where(RNG.random(5000) < 0.97, 0.0, RNG.random(5000)),
    "as far out as floats go": np.array([-1e308, 0.0, 1.0, 2.0, 1e308]),
    "neighbours": np.array([1.0, np.nextafter(1.0, 2.0)] * 50),
}


@pytest.fixture(params=VECTORS.values(), ids=VECTORS.keys())
def scores(request):
    return request.param


def test_every_row_is_in_one_bin_or_counted_outside(scores):
    drawn = outline(scores, None).histogram
    assert drawn.counts.sum() + drawn.n_below + drawn.n_beyond == scores.size
    assert (np.diff(drawn.edges) >= 0).all()
    assert 1 <= drawn.counts.size <= 120
    for place, n_rows in enumerate(drawn.counts):
        low, high = drawn.edges[place], drawn.edges[place + 1]
        is_last = place == drawn.counts.size - 1
        inside = (scores >= low) & ((scores <= high) if is_last else (scores < high))
        assert inside.sum() == n_rows


def test_bins_are_equally_wide():
    drawn = outline(VECTORS["many"], None).histogram
    assert np.diff(drawn.edges) == pytest.approx(np.full(120, np.diff(drawn.edges)[0]))


def test_a_row_far_out_does_not_squeeze_the_rest_into_one_bar():
    drawn = outline(np.append(VECTORS["many"], 1e12), None)
    assert drawn.histogram.edges[-1] < 30
    assert drawn.histogram.n_beyond >= 1
    assert drawn.histogram.counts.max() < 0.1 * drawn.n_rows
    assert drawn.highest == 1e12
    mirrored = outline(-np.append(VECTORS["many"], 1e12), None).histogram
    assert (mirrored.n_below, mirrored.n_beyond) == (drawn.histogram.n_beyond, drawn.histogram.n_below)


def test_the_curve_counts_rows_at_or_above_each_threshold(scores):
    told = outline(scores, None)
    assert (np.diff(told.thresholds) < 0).all()
    assert told.thresholds.size <= 2000
    assert np.isin(told.thresholds, scores).all()
    assert told.n_past.tolist() == [int((scores >= line).sum()) for line in told.thresholds]
    assert (told.thresholds[0], told.thresholds[-1]) == (told.highest, told.lowest) == (scores.max(), scores.min())
    assert told.n_past[-1] == told.n_rows == scores.size


def test_the_strangest_rows_are_thresholds_one_by_one(scores):
    strangest = np.unique(np.sort(scores)[::-1][:EXACT_RANKS])
    assert np.isin(strangest, outline(scores, None).thresholds).all()


def test_steps_are_small_where_they_are_not_single_rows():
    told = outline(VECTORS["many"], None)
    assert (np.diff(told.n_past) <= np.maximum(1, 0.02 * told.n_past[:-1])).all()


@settings(derandomize=True)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=200), st.floats(-150, 150))
def test_rows_past_any_line_are_exact_among_the_strangest(values, line):
    scores = np.array(values)
    assert rows_past(outline(scores, None), line) == int((scores >= line).sum())


def test_rows_past_a_line_among_many_are_close_and_never_grow_with_it():
    scores = VECTORS["many"]
    told = outline(scores, None)
    lines = np.linspace(-1.0, scores.max() + 1, 2000)
    guessed = np.array([rows_past(told, line) for line in lines])
    exact = np.array([(scores >= line).sum() for line in lines])
    assert (np.diff(guessed) <= 0).all()
    assert (guessed[0], guessed[-1]) == (scores.size, 0)
    assert (np.abs(guessed - exact) <= np.maximum(0.02 * exact, 1)).all()
    assert (guessed == exact)[exact < EXACT_RANKS].all()


def test_the_line_for_so_many_rows_is_that_of_an_alarm_budget(scores):
    told = outline(scores, None)
    for n in (0, 1, 2, 3, 10, 499, 500):
        decision = decide_alone(AlarmBudget(rows=n), AnomalyScores(scores))
        assert threshold_for_rows(told, n) == decision.score_threshold
    assert threshold_for_rows(told, scores.size) == scores.min()


@pytest.mark.parametrize("n", [600, 5000, 29_999])
def test_a_line_for_many_rows_flags_no_more_and_hardly_fewer(n):
    scores = VECTORS["many"]
    line = threshold_for_rows(outline(scores, None), n)
    assert 0.98 * n <= (scores >= line).sum() <= n


def test_expected_false_alarms_are_the_rows_times_the_p_value_by_hand():
    reference = np.array([1.0, 2.0, 3.0, 4.0])
    told = outline(np.array([0.5, 2.5, 9.0]), reference)
    assert told.expected_false_alarms == pytest.approx([3 * 1 / 5, 3 * 3 / 5, 3 * 5 / 5])
    assert outline(np.array([0.5, 2.5, 9.0]), None).expected_false_alarms is None


def test_no_more_false_alarms_come_on_average_than_were_expected():
    """Monte Carlo: batches of 950 normal rows and 50 strange ones, references of 300 normal rows."""
    rng = np.random.default_rng(3)
    line, told, came = 2.0, [], []
    for _ in range(2000):
        reference, normal = np.sort(rng.normal(size=300)), rng.normal(size=950)
        batch = np.concatenate((normal, rng.normal(6.0, size=50), [line]))
        drawn = outline(batch, reference)
        told.append(drawn.expected_false_alarms[drawn.thresholds.tolist().index(line)])
        came.append((normal >= line).sum())
    assert np.mean(came) <= np.mean(told) <= 1.3 * np.mean(came)


def test_a_million_rows_are_outlined_quickly_into_a_small_answer():
    scores, reference = RNG.gamma(2.0, size=1_000_000), np.sort(RNG.gamma(2.0, size=100_000))
    began = time.perf_counter()
    told = outline(scores, reference)
    assert time.perf_counter() - began < 0.5  # 0.02 s where it was written; a busy machine may take its time
    vectors = (told.histogram.edges, told.histogram.counts, told.thresholds, told.n_past, told.expected_false_alarms)
    assert told.thresholds.size <= 2000
    assert len(json.dumps([vector.tolist() for vector in vectors])) <= 60_000


def test_the_shortest_line_flags_the_same_rows():
    scores = np.array([0.1, 0.2, 0.61234, 0.61238, 0.9])
    drawn = outline(scores, None)
    for threshold in (0.61234, 0.612379, 0.9, 0.15):
        short = shortest_line(drawn, threshold)
        assert (scores >= short).sum() == (scores >= threshold).sum()
        assert len(repr(short)) <= len(repr(threshold))
    assert shortest_line(drawn, 0.15) == 0.15
    assert shortest_line(drawn, 0.6123456789) == 0.61235


def test_false_alarms_past_a_line_between_two_steps_are_those_of_the_lower():
    drawn = outline(np.array([1.0, 2.0, 2.0, 9.0]), np.array([1.0, 2.0, 3.0]))
    assert false_alarms_past(drawn, 9.0) == 1.0
    assert false_alarms_past(drawn, 5.0) == 3.0
    assert false_alarms_past(drawn, 0.0) == 4.0
    assert false_alarms_past(drawn, 20.0) == 1.0
    assert false_alarms_past(outline(np.array([1.0]), None), 0.5) is None
