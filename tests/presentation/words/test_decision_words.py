from types import SimpleNamespace

import pytest

from pynomaly.application.ports.recent_outlines import NoEstimate
from pynomaly.domain.paired_comparison import PairedDifference
from pynomaly.presentation.words.decision_words import change_in_words, difference_in_words, no_estimate_in_words


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((9, 5, 5, 1, 0.62), "9 rows would be flagged, those scoring 0.620 or more; now it is 5: 5 more, 1 no longer"),
        ((1, 0, 1, 0, None), "1 row would be flagged; now it is 0: 1 more, 0 no longer"),
        ((3000, 7, 2993, 0, 3.5), "3,000 rows would be flagged, those scoring 3.50 or more; now it is 7: 2,993 more, "
         "0 no longer"),
    ],
)  # fmt: skip
def test_a_change_reads_like_this(figures, words):
    names = ("n_would_be_flagged", "n_flagged", "n_newly_flagged", "n_no_longer_flagged", "score_threshold")
    assert change_in_words(SimpleNamespace(**dict(zip(names, figures, strict=True)))) == words + "."


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (PairedDifference(0.9, 0.9, 0.0, 0.0, 0.0, 1.0), "AUC is the same."),
        (
            PairedDifference(0.9, 0.8, 0.1, None, None, None),
            "AUC of the first is higher by 0.1; whether that is chance cannot be told from so few rows.",
        ),
        (
            PairedDifference(0.8, 0.9, -0.1, -0.25, 0.05, 0.2),
            "AUC of the first is lower by 0.1 (95 % interval -0.25 to 0.05, p 0.2): chance may explain it.",
        ),
        (
            PairedDifference(0.8, 0.9, -0.1, -0.2, -0.05, 1e-9),
            "AUC of the first is lower by 0.1 (95 % interval -0.2 to -0.05, p below 0.001): more than chance explains.",
        ),
        (
            PairedDifference(0.8, 0.7, 0.1, 0.05, 0.15),
            "AUC of the first is higher by 0.1 (95 % interval 0.05 to 0.15): more than chance explains.",
        ),
    ],
)
def test_a_difference_reads_like_this(difference, words):
    assert difference_in_words("AUC", difference) == words


def test_every_reason_for_no_estimate_has_words_of_its_own():
    words = {no_estimate_in_words(why) for why in NoEstimate}
    assert len(words) == len(NoEstimate)
    assert all(one.startswith("False alarms cannot be estimated: ") for one in words)
