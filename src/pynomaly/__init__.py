"""Pynomaly finds anomalies in tables, says how sure it is and says why.

    import pynomaly

    findings = pynomaly.detect("payments.csv", budget="1%")
    for anomaly in findings.anomalies:
        print(anomaly.row, anomaly.score, anomaly.reasons)

`AnomalyDetector` is the same as a scikit-learn estimator; `open_workspace` keeps datasets, detectors and detections.
`windows_of` makes a table of a series, and `point_scores` scores of its points from those of its windows.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pynomaly.domain.series import point_scores, windows_of
    from pynomaly.estimator import AnomalyDetector
    from pynomaly.library import detect, open_workspace

__all__ = ["AnomalyDetector", "detect", "open_workspace", "point_scores", "windows_of"]


def __getattr__(name: str) -> object:
    """Import the public names when they are first used: `import pynomaly` alone costs nothing."""
    if name == "AnomalyDetector":
        from pynomaly.estimator import AnomalyDetector

        return AnomalyDetector
    if name in ("point_scores", "windows_of"):
        from pynomaly.domain import series

        return getattr(series, name)
    if name in __all__:
        from pynomaly import library

        return getattr(library, name)
    raise AttributeError(f"module 'pynomaly' has no attribute '{name}'")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
