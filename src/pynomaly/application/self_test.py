"""Proof that silence is health: would a planted anomaly have been flagged where nothing was?"""

import numpy as np

from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.decision import Decision

PASSED, FAILED = "self-test passed", "self-test failed"
"""How the note of a self-test begins."""


def self_test(model: TrainedModel, decision: Decision) -> str:
    """Score one planted row, unusual in every feature, and say whether the decision would have flagged it.

    The row lies as far beyond the unremarkable training rows as they lie apart, on the side of each feature
    drawn with the model's seed. Returns "" where there is nothing to prove: rows were flagged, the policy
    draws no line, or the model scores no new rows.
    """
    if decision.n_anomalies or decision.score_threshold is None or not model.is_inductive:
        return ""
    low, high = model.background.min(axis=0), model.background.max(axis=0)
    is_high = np.random.default_rng(model.seed).random(low.size) < 0.5
    spread = np.maximum(high - low, 1.0)
    planted = np.where(is_high, high + spread, low - spread).astype(model.background.dtype)
    score = float(model.fitted.score(planted[None])[0])
    line = (
        f"a planted row, unusual in every column, scores {score:.3g}; flagged rows pass {decision.score_threshold:.3g}"
    )
    if score > decision.score_threshold:
        return f"{PASSED}: {line}, and no row of this table does"
    return f"{FAILED}: {line}, so even that row would be missed; choose another algorithm, or decide with --budget"
