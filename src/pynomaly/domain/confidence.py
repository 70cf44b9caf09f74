"""How stable a decision is: would the row be decided the same had the training rows fallen slightly differently?"""

import math

import numpy as np

from pynomaly.domain.arrays import FloatVector


def decision_confidence(score: float, reference: FloatVector, threshold: float) -> float:
    """Return the confidence (0.5..1 near the line and beyond) that a row's decision is stable.

    The number of training rows below the score says how extreme a draw the row is; the confidence is the
    chance that, among as many fresh training rows, enough lie below it to keep the decision as it is.
    It says nothing about whether the row is truly anomalous.

    reference: sorted (m,); threshold: the score line the decision used.
    Source: Perini, Vercruyssen and Davis (2020), "Quantifying the confidence of anomaly detectors in their
    example-wise predictions", ECML PKDD, equations 1 and 3; the binomial tail by its normal approximation.
    """
    n = reference.size
    below_score = float(np.searchsorted(reference, score, side="right"))
    below_line = float(np.searchsorted(reference, threshold, side="left"))
    chance_below = (1.0 + below_score) / (2.0 + n)
    spread = math.sqrt(n * chance_below * (1.0 - chance_below))
    z = (n * chance_below - below_line) / max(spread, 1e-12)
    stays_above = 0.5 * math.erfc(-z / math.sqrt(2.0))
    return stays_above if score >= threshold else 1.0 - stays_above
