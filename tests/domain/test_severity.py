import numpy as np
import pytest

from pynomaly.domain.calibration import quantile_of
from pynomaly.domain.decision import fence_above
from pynomaly.domain.severity import SeverityBand, band_of, severities

REFERENCE = np.sort(np.random.default_rng(3).gamma(2.0, size=500))


def test_the_line_of_the_default_decision_is_fifty() -> None:
    fence = fence_above(REFERENCE)
    assert severities(np.array([fence]), REFERENCE)[0] == pytest.approx(50.0)
    above, below = severities(np.array([np.nextafter(fence, np.inf), fence - 0.01]), REFERENCE)
    assert above >= 50.0 > below


def test_each_step_beyond_the_line_halves_what_is_left() -> None:
    quartile = quantile_of(REFERENCE, 0.75)
    step = fence_above(REFERENCE) - quartile
    found = severities(quartile + step * np.array([0.0, 1.0, 2.0, 3.0, 4.0]), REFERENCE)
    assert found == pytest.approx([0.0, 50.0, 75.0, 87.5, 93.75])


def test_severity_never_leaves_its_range_and_never_falls_as_scores_rise() -> None:
    scores = np.concatenate([[-1e308], np.linspace(-5, 500, 1000), [1e308]])
    found = severities(scores, REFERENCE)
    assert (found[0], found[-1]) == (0.0, 100.0)
    assert np.all(np.diff(found) >= 0.0)


def test_a_score_has_the_severity_it_has_alone() -> None:
    scores = np.linspace(-1, 30, 1000)
    alone = [severities(scores[row : row + 1], REFERENCE)[0] for row in range(1000)]
    assert severities(scores, REFERENCE).tobytes() == np.array(alone).tobytes()


def test_above_a_reference_of_equal_scores_everything_is_critical() -> None:
    found = severities(np.array([0.5, 1.0, 1.0 + 1e-12, 9.0]), np.ones(40))
    assert found.tolist() == [0.0, 0.0, 100.0, 100.0]


@pytest.mark.parametrize(
    ("severity", "band"),
    [
        (0.0, SeverityBand.LOW),
        (49.99, SeverityBand.LOW),
        (50.0, SeverityBand.MEDIUM),
        (75.0, SeverityBand.HIGH),
        (89.99, SeverityBand.HIGH),
        (90.0, SeverityBand.CRITICAL),
        (100.0, SeverityBand.CRITICAL),
    ],
)
def test_bands_begin_where_they_say(severity: float, band: SeverityBand) -> None:
    assert band_of(severity) is band
