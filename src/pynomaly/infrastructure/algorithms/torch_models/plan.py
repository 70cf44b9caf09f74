"""How a network is trained, as plain numbers that need no torch: defaults follow the size of the table."""

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Literal, Self

from pynomaly.application.ports.progress import Progress, nobody_listens

Device = Literal["auto", "cpu", "cuda"]
Schedule = Literal["cosine", "plateau"]

MIN_ROWS = 10
"""Below, a network has nothing to learn from."""

LARGEST_BATCH = 512
SMALLEST_BATCH = 32
BATCHES_PER_EPOCH = 8
"""Small tables are cut into about so many batches: fewer and larger ones would be fewer steps, not less work."""

ROWS_SEEN = 1_000_000
"""Training rows, counted each time, that a network sees unless told otherwise: 10 000 rows 100 times."""

MOST_EPOCHS = 100
FEWEST_EPOCHS = 20


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What the training loop is told.

    schedule: how the learning rate falls: along a cosine to 0, or to a third after some epochs without a better loss.
    patience: epochs without a better loss on the held-out rows after which training stops.
    held_out_share: share of the rows that is never learned from; the weights with the lowest loss on it are kept.
    core_share: share of each batch that is learned from, the rows with the lowest loss.
    """

    epochs: int
    batch_rows: int
    learning_rate: float = 3e-3
    weight_decay: float = 1e-4
    schedule: Schedule = "cosine"
    patience: int = 20
    held_out_share: float = 0.1
    core_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What every deep detector is told of its training; the detectors are described with these as their parameters.

    epochs, batch_size: None means by the number of rows.
    device: where the weights are learned; auto takes CUDA where there is a device. Scoring is always numpy.
    progress: hears how far the training is. It is part of the detector and not of the process, so two trainings at a
    time cannot be mistaken for each other.
    """

    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float = 3e-3
    device: Device = "auto"
    progress: Progress = field(default=nobody_listens, repr=False, compare=False)

    def telling(self, progress: Progress) -> Self:
        """Return the detector that tells `progress` how far its training is."""
        return replace(self, progress=progress)

    def part(self, number: int, n_parts: int) -> Self:
        """Return the detector for one of several trainings that together are told as one."""
        return replace(self, progress=lambda stage, share: self.progress(stage, (number + share) / n_parts))

    def plan(self, n_rows: int, *, core_share: float = 1.0, epochs_share: float = 1.0) -> TrainingPlan:
        """Return the plan for a table of so many rows.

        epochs_share: how many of the usual epochs, for a network that is asked many times for one row.
        """
        return TrainingPlan(
            epochs=self.epochs or ceil(epochs_share * epochs_for(n_rows)),
            batch_rows=self.batch_size or batch_rows_for(n_rows),
            learning_rate=self.learning_rate,
            core_share=core_share,
        )


def epochs_for(n_rows: int) -> int:
    """Return how often a table is gone through.

    >>> epochs_for(100), epochs_for(20_000), epochs_for(10**6)
    (100, 50, 20)
    """
    return max(FEWEST_EPOCHS, min(MOST_EPOCHS, -(-ROWS_SEEN // n_rows)))


def batch_rows_for(n_rows: int) -> int:
    """Return the rows of a batch.

    >>> batch_rows_for(100), batch_rows_for(5000), batch_rows_for(10**6)
    (32, 512, 512)
    """
    return max(SMALLEST_BATCH, min(LARGEST_BATCH, n_rows // BATCHES_PER_EPOCH))
