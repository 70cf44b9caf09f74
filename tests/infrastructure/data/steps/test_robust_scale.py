import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.data.steps import robust_scale
from pynomaly.infrastructure.data.steps.robust_scale import (
    NEAR_KNEE,
    WIDE_KNEE,
    RobustScale,
    brought_near,
    learn_scale,
    logarithmic_tails,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def learned(values: np.ndarray, knee: float = WIDE_KNEE) -> RobustScale:
    return learn_scale(values, center=0.0, knee=knee, ends=(float(values.min()), float(values.max())))


def test_the_spread_is_the_middle_half() -> None:
    assert learned(np.arange(-50.0, 51.0)).spread == 50


def test_a_column_that_seldom_moves_is_measured_by_its_wider_middle() -> None:
    values = np.zeros(100)
    values[:10] = np.arange(1, 11)
    assert learned(values).spread > 0
    values[:10] = [0] * 9 + [7]
    assert learned(values).spread == pytest.approx(np.std(values))


def test_beyond_the_knee_each_doubling_adds_one_knee() -> None:
    assert logarithmic_tails(np.array([10.0, 20.0, 40.0, -80.0]), 10.0).tolist() == [10.0, 20.0, 30.0, -40.0]


@given(st.lists(st.tuples(st.floats(), st.integers(0, 2)), min_size=1, max_size=20))
def test_values_of_several_scales_at_once_get_the_bits_of_each_alone(cells: list[tuple[float, int]]) -> None:
    scales = np.array([(-2.0, 3.0, 10.0, 0.5), (0.0, 0.0, 1e6, 0.0), (-50.0, -7.0, 3.0, 9.0)])
    values, which = np.array([value for value, _ in cells]), [scale for _, scale in cells]
    together = brought_near(values, *scales[which].T)
    alone = [brought_near(values[[place]], *scales[scale].tolist())[0] for place, scale in enumerate(which)]
    assert together.tobytes() == np.array(alone).tobytes()


SCALES = st.builds(
    lambda spread, knee, low, reach: RobustScale(0.0, spread, knee, low, low + reach),
    st.floats(1e-300, 1e300),
    st.sampled_from([3.0, NEAR_KNEE, WIDE_KNEE]),
    st.floats(-1e6, 1e6),
    st.sampled_from([0.0]) | st.floats(0, 1e7),
)


@given(st.lists(st.floats() | st.floats(-20, 20), max_size=30), SCALES, st.floats(-1e9, 1e9), st.booleans())
def test_written_values_have_the_bits_of_mapped_ones(
    values: list[float], scale: RobustScale, center: float, is_double: bool
) -> None:
    matrix = np.zeros((len(values), 3), np.float64 if is_double else np.float32)
    written, expected = matrix.copy(), matrix.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        expected[:, 1] = scale.apply(np.array(values) - center, missing=0.25)
    scale.write(np.array(values), written[:, 1], center=center, missing=0.25)
    assert np.array_equal(written, expected, equal_nan=True)
    assert np.array_equal(np.signbit(written), np.signbit(expected))


def test_without_the_extension_the_same_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    scale, values = RobustScale(1.0, 2.0, 3.0, -4.0, 5.0), np.array([1.0, np.nan, -np.inf, 1e300, -7.0, 20.0])
    compiled, plain = np.empty(6, np.float32), np.empty(6, np.float32)
    scale.write(values, compiled, center=1.0, missing=0.5)
    monkeypatch.setattr(robust_scale, "native_steps", None)
    scale.write(values, plain, center=1.0, missing=0.5)
    assert compiled.tobytes() == plain.tobytes()


def test_what_does_not_fit_is_refused() -> None:
    if robust_scale.native_steps is None:
        return
    for out in (np.empty(2), np.empty((3, 1)), np.empty(3, np.int64)):
        with pytest.raises(ValueError, match="does not fit"):
            robust_scale.native_steps.scale_into(np.zeros(3), 0.0, 1.0, -1.0, 1.0, 3.0, 0.0, out)


def test_infinity_lies_one_range_beyond_what_was_seen() -> None:
    scale = learned(np.array([-1.0, 0.0, 1.0, 3.0]))
    assert scale.apply(np.array([np.inf]))[0] == pytest.approx(scale.high + (scale.high - scale.low), rel=1e-6)


def test_a_missing_value_becomes_what_it_is_told_to() -> None:
    scale = learned(np.array([-1.0, 0.0, 1.0]))
    assert scale.apply(np.array([np.nan, 0.5]), missing=7.0).tolist() == [7.0, 0.5 / scale.spread]


@given(st.lists(FINITE, min_size=1, max_size=20), st.lists(st.floats(allow_nan=False), min_size=2, max_size=20))
def test_every_number_stays_finite_in_float32_and_in_order(training: list[float], given_values: list[float]) -> None:
    for knee in (NEAR_KNEE, WIDE_KNEE):
        scale = learned(np.array(training), knee)
        mapped = scale.apply(np.sort(np.array(given_values))).astype(np.float32)
        assert np.isfinite(mapped).all()
        assert (np.diff(mapped) >= 0).all()


@given(st.lists(FINITE, min_size=1, max_size=8), st.lists(st.floats(), min_size=1, max_size=40))
def test_a_value_maps_to_the_same_bits_alone_and_in_company(training: list[float], given_values: list[float]) -> None:
    scale = learned(np.array(training), NEAR_KNEE)
    together = scale.apply(np.array(given_values), missing=0.5)
    alone = np.concatenate([scale.apply(np.array([value]), missing=0.5) for value in given_values])
    assert together.tobytes() == alone.tobytes()
