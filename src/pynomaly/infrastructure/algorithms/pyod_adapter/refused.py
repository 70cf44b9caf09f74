"""PyOD's detectors of tables that cannot be used here, each with its reason; they are listed, and never run."""

from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.infrastructure.algorithms.pyod_adapter.row import known

_NATIVE = "ensembles are made here of any detectors that were trained, with their own scores"

_REFUSED = (
    ("anogan", "AnoGAN", "deep", "it draws noise while it scores: the same row differs by 25 standard deviations"),
    ("alad", "ALAD", "deep", "it draws noise while it scores: the same row differs by several standard deviations"),
    ("devnet", "DevNet", "deep", "its loss takes its arguments in the wrong order, so that its scores are inverted"),
    ("xgbod", "XGBOD", "ensemble", "it learns from labels alone, and of rows that help score themselves"),
    ("feature_bagging", "Feature bagging", "ensemble", f"its scores depend on the batch; {_NATIVE}"),
    ("lscp", "LSCP", "ensemble", f"it draws anew at every call, so that the same row differs; {_NATIVE}"),
    ("suod", "SUOD", "ensemble", f"training rows score otherwise once scored again; {_NATIVE}"),
)

REFUSED: dict[AlgorithmDescription, str] = {
    known(name, title, family, f"Not offered: {reason}.", "PyOD 3.6.7", is_inductive=False): f"not offered: {reason}"
    for name, title, family, reason in _REFUSED
}
"""Description -> the reason, by PyOD 3.6.7 as it was measured."""
