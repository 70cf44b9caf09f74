"""Algorithms whose behaviour a test can predict."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import InvalidData


@dataclass(frozen=True)
class Memory:
    """Scores 1 for a row it was fitted on and 0 for any other."""

    rows: frozenset

    def score(self, rows):
        return np.array([float(row.tobytes() in self.rows) for row in rows])

    def state(self):
        return ModelState()


@dataclass
class Memorizer:
    """Remembers the rows it saw; `fits` counts them per fit."""

    fits: list = field(default_factory=list)

    def fit(self, matrix, *, seed):
        self.fits.append((matrix.n_samples, seed))
        return Memory(frozenset(row.tobytes() for row in matrix.values))


class Refuser:
    """Cannot learn from fewer than `n` rows."""

    def __init__(self, n):
        self.n = n

    def fit(self, matrix, *, seed):
        if matrix.n_samples < self.n:
            raise InvalidData("too few for me")
        return Memory(frozenset())


@dataclass
class LabelLearner:
    """Learns known anomalies by heart; `told` holds what each fit knew: label by first cell, None without labels."""

    told: list = field(default_factory=list)

    def fit(self, matrix, *, seed):
        self.told.append(None)
        return Memory(frozenset())

    def fit_labelled(self, matrix, labels, *, seed):
        self.told.append({row[0]: int(label) for row, label in zip(matrix.values, labels, strict=True)})
        return Memory(frozenset(row.tobytes() for row, label in zip(matrix.values, labels, strict=True) if label == 1))


@dataclass
class Talker:
    """Reports half of its learning to whoever it was given."""

    progress: object = None

    def telling(self, progress):
        return Talker(progress)

    def fit(self, matrix, *, seed):
        if self.progress is not None:
            self.progress("fitting", 0.5)
        return Memory(frozenset())
