"""How stable a decision is: would the row be decided the same had the training rows fallen slightly differently?"""

import math

import numpy as np

from pynomaly.domain.arrays import FloatVector

MOST_TERMS = 1000  # beyond, a normal distribution is closer to the binomial than anybody needs


def decision_confidence(score: float, reference: FloatVector, threshold: float) -> float:
    """Return the chance (0..1) that a row's decision would be the same with as many fresh training rows.

    The number of training rows below the score says how extreme a draw the row is; the decision stays if
    enough of the fresh rows lie below it too. A row just past the line has about an even chance. It says
    nothing about whether the row is truly anomalous.

    reference: sorted (m,); threshold: the score line the decision used, rows at or above it being flagged.
    Source: Perini, Vercruyssen and Davis (2020), "Quantifying the confidence of anomaly detectors in their
    example-wise predictions", ECML PKDD, equations 1 and 3.
    """
    n = reference.size
    n_below_score = int(np.searchsorted(reference, score, side="right"))
    n_below_line = int(np.searchsorted(reference, threshold, side="left"))
    chance_above = (1.0 + n - n_below_score) / (2.0 + n)
    stays_flagged = _binomial_at_most(n - n_below_line, n, chance_above)
    return stays_flagged if score >= threshold else 1.0 - stays_flagged


def _binomial_at_most(most: int, n: int, p: float) -> float:
    """Return the chance of at most `most` successes in n trials."""
    if most >= n:
        return 1.0
    if most > MOST_TERMS:
        return 0.5 * math.erfc(-(most + 0.5 - n * p) / math.sqrt(2 * n * p * (1 - p)))
    k = np.arange(most)
    steps = np.log(n - k) - np.log(k + 1) + math.log(p) - math.log1p(-p)
    log_chances = n * math.log1p(-p) + np.concatenate(([0.0], np.cumsum(steps)))
    return float(min(1.0, np.exp(log_chances).sum()))
