import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.domain.errors import ColumnMismatch, NonFiniteScores
from pynomaly.infrastructure.algorithms.direction_histograms import DirectionHistograms, direction_histograms
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from pynomaly.infrastructure.algorithms.kernels.tables import score_histograms, score_tails, tail_terms
from pynomaly.infrastructure.algorithms.scoring_rows import sum_over_features
from pynomaly.infrastructure.algorithms.tail_lines import TailLines, cell_of, tail_lines
from pynomaly.infrastructure.algorithms.tail_tables import learn_tail_tables

COMPILED_PATHS = tuple(path for path in kernels_in_use().instruction_sets if path in ("avx2", "scalar"))
COMBINATIONS = ["rarer_tail", "skewed_tail_or_mean", "both_tails"]


def training(n_rows: int, n_features: int, seed: int = 0) -> np.ndarray:
    """Columns of unlike kinds: Gaussian, heavy tails, integers, mostly one value, crowded between two far values."""
    rng = np.random.default_rng(seed)
    kinds = [
        rng.normal(size=n_rows),
        rng.lognormal(sigma=4, size=n_rows),
        rng.poisson(2, size=n_rows).astype(float),
        np.where(rng.random(n_rows) < 0.8, 3.5, rng.normal(size=n_rows)),
        np.concatenate([[-1.7e308, 1.7e308], 1e-9 * rng.normal(size=n_rows - 2)]),
    ]
    return np.column_stack([kinds[place % len(kinds)] for place in range(n_features)])


def new_rows(rows: np.ndarray, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    beside = rows[::2] + rng.normal(scale=0.5, size=rows[::2].shape)
    far = rng.choice([-1.79e308, -1e12, -0.0, 5e-324, 1e12, 1.79e308], size=(50, rows.shape[1]))
    return np.vstack([rows, beside, far])


def lines_for(rows: np.ndarray, combination: str) -> TailLines:
    return tail_lines(learn_tail_tables(rows), np.arange(rows.shape[1]) % 2 == 0, combination)


def histograms_for(n_features: int, n_tables: int, n_components: int, seed: int = 0) -> DirectionHistograms:
    rng = np.random.default_rng(seed)
    columns = np.array([rng.choice(n_features, n_components, replace=False) for _ in range(n_tables)], np.int32)
    n_bins = rng.integers(1, 40, n_tables)
    low = rng.normal(size=n_tables) - 2
    high = low + rng.integers(0, 3, n_tables)
    heights = rng.exponential(size=int((n_bins + 2).sum()))
    return direction_histograms(columns, rng.normal(size=columns.shape), low, high, n_bins, heights, n_features)


@pytest.mark.parametrize("combination", COMBINATIONS)
@pytest.mark.parametrize(("n_rows", "n_features"), [(2, 1), (40, 3), (1500, 5), (20_000, 4)])
def test_tails_have_the_same_bits_on_every_path(combination: str, n_rows: int, n_features: int) -> None:
    rows = training(n_rows, n_features)
    lines, new = lines_for(rows, combination), new_rows(rows)
    expected = score_tails(lines, new, path="numpy").tobytes()
    for path in (None, *COMPILED_PATHS):
        assert score_tails(lines, new, path=path).tobytes() == expected, path


@settings(max_examples=30)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=60), st.data())
def test_any_column_of_floats_is_searched_alike(values: list[float], data: st.DataObject) -> None:
    lines = lines_for(np.array(values)[:, None], "both_tails")
    asked = data.draw(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(values), min_size=1))
    rows = np.array(asked)[:, None]
    assert np.array_equal(score_tails(lines, rows), score_tails(lines, rows, path="numpy"))


def test_a_score_is_the_sum_of_its_terms() -> None:
    rows = training(800, 7)
    one, both = lines_for(rows, "rarer_tail"), lines_for(rows, "both_tails")
    assert np.array_equal(score_tails(one, rows), sum_over_features(tail_terms(one, rows)[0]))
    left, right = tail_terms(both, rows)
    chosen = np.where(both.takes_first[:, None], left, right)
    largest = np.max([sum_over_features(side) for side in (left, right, chosen)], axis=0)
    assert np.array_equal(score_tails(both, rows), largest)


def test_the_cell_of_a_value_never_falls_as_the_value_rises() -> None:
    rng = np.random.default_rng(0)
    values = np.sort(np.concatenate([rng.normal(size=5000), rng.standard_cauchy(5000), [-1.7e308, 1.7e308]]))
    for centre, scale in ((0.0, 1.0), (0.3, 4e307), (-1e300, 1e-300)):
        assert (np.diff(cell_of(values, np.float64(centre), np.float64(scale))) >= 0).all()


@pytest.mark.parametrize(("n_features", "n_tables", "n_components"), [(1, 1, 1), (5, 30, 2), (40, 7, 12)])
def test_histograms_have_the_same_bits_on_every_path(n_features: int, n_tables: int, n_components: int) -> None:
    histograms = histograms_for(n_features, n_tables, n_components)
    rows = np.random.default_rng(1).normal(size=(1300, n_features))
    rows[::40] = 1e308
    rows[1::40, 0] = -1.7e308
    expected = score_histograms(histograms, rows, path="numpy").tobytes()
    for path in (None, *COMPILED_PATHS):
        assert score_histograms(histograms, rows, path=path).tobytes() == expected, path


def test_a_row_has_the_same_bits_alone_and_in_a_batch() -> None:
    rows = training(1100, 5)
    lines, histograms = lines_for(rows, "both_tails"), histograms_for(5, 20, 2)
    for score, tables in ((score_tails, lines), (score_histograms, histograms)):
        alone = [score(tables, rows[place : place + 1])[0] for place in range(0, 1100, 7)]
        assert score(tables, rows)[::7].tolist() == alone


@pytest.mark.parametrize("path", ["numpy", *COMPILED_PATHS])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_cell_that_is_no_finite_number_is_refused(path: str, bad: float) -> None:
    rows = training(700, 5)
    lines, histograms = lines_for(rows, "rarer_tail"), histograms_for(5, 20, 2)
    rows[699, 4] = bad
    for score, tables in ((score_tails, lines), (score_histograms, histograms)):
        with pytest.raises(NonFiniteScores, match="not finite"):
            score(tables, rows, path=path)


def test_rows_of_another_width_are_refused() -> None:
    for score, tables in (
        (score_tails, lines_for(training(9, 5), "rarer_tail")),
        (score_histograms, histograms_for(5, 3, 2)),
    ):
        with pytest.raises(ColumnMismatch, match="5 features"):
            score(tables, np.ones((3, 4)))


def test_any_memory_layout_of_the_same_numbers_scores_the_same() -> None:
    rows = training(300, 5)
    lines = lines_for(rows, "rarer_tail")
    for same in (np.asfortranarray(rows), np.repeat(rows, 2, axis=0)[::2], rows[:, ::-1].copy()[:, ::-1]):
        assert np.array_equal(score_tails(lines, same), score_tails(lines, rows))
    narrow = rows[:, :1].astype(np.float32)
    one = lines_for(rows[:, :1], "rarer_tail")
    assert np.array_equal(score_tails(one, narrow), score_tails(one, narrow.astype(np.float64)))


def test_histograms_that_point_outside_are_refused() -> None:
    good = histograms_for(5, 3, 2)
    parts = (good.weights, good.low, good.high, good.n_bins)
    with pytest.raises(ValueError, match="malformed"):
        direction_histograms(good.columns + 5, *parts, good.heights, 5)
    with pytest.raises(ValueError, match="malformed"):
        direction_histograms(good.columns, *parts, good.heights[:-1], 5)


@pytest.mark.skipif(not COMPILED_PATHS, reason="no compiled kernels here")
def test_the_compiled_kernels_refuse_tables_of_the_wrong_shape() -> None:
    from pynomaly.infrastructure.algorithms import _kernels

    lines = lines_for(training(50, 3), "rarer_tail")
    tables = [lines.half_centre, lines.scale, lines.first, lines.start, lines.knots, lines.lines, lines.takes_first]
    scores = np.empty(2)
    for place in range(len(tables)):
        damaged = [table[:-1] if place == other else table for other, table in enumerate(tables)]
        with pytest.raises(ValueError, match="wrong shape"):
            _kernels.score_tails(np.ones((2, 3)), 3, *damaged, 1, scores, None)
    with pytest.raises(ValueError, match="no 'abacus' path"):
        _kernels.score_tails(np.ones((2, 3)), 3, *tables, 1, scores, "abacus")
