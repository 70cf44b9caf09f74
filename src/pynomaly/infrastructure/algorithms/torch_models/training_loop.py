"""The one loop that every network learns in: batches, schedule, early stopping, device, threads, progress.

All draws come from generators of their own, so the caller's random state stays as it was. Nothing is kept outside the
tensors given: an interrupt, or an error raised by who listens to the progress, leaves nothing half-written.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim.lr_scheduler import CosineAnnealingLR, ReduceLROnPlateau

from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.algorithms.scoring_threads import scoring_threads
from pynomaly.infrastructure.algorithms.torch_models.perceptron import LARGEST_WEIGHT
from pynomaly.infrastructure.algorithms.torch_models.plan import TrainingPlan
from pynomaly.infrastructure.algorithms.torch_models.trainable import generator

Batch = tuple[Tensor, ...]
Losses = Callable[[Batch, torch.Generator], Tensor]
"""(tensors of the same rows, where noise comes from) -> the loss of each row."""

FEWEST_HELD_OUT = 8
"""With fewer rows held out their loss is mostly chance: then none are, and every epoch is trained."""

MOST_HELD_OUT = 10_000
"""Enough to tell two weights apart; more would only cost time."""

SMALL_PRODUCT = 1 << 27
"""Multiplications of one batch with all weights, a few milliseconds, below which threads cost more than they save; the
weights are then the same whatever the number of threads."""


def train(
    parameters: Sequence[Tensor],
    losses: Losses,
    rows: Batch,
    plan: TrainingPlan,
    *,
    seed: int,
    progress: Progress = nobody_listens,
) -> None:
    """Change parameters in place so that the mean loss of rows becomes small.

    parameters and rows are on one device already. The weights of the epoch with the lowest loss on held-out rows stay.
    The same seed, table and number of threads give the same weights on a CPU.
    Raises InvalidData where the weights grow beyond all bounds.
    """
    run = _Run(parameters, losses, rows, plan, seed)
    with _threads(_useful_threads(parameters, plan.batch_rows)):
        run.through(progress)
    if not all(bool((weights.abs() <= LARGEST_WEIGHT).all()) for weights in parameters):
        raise InvalidData("training diverged; choose a smaller learning_rate")


@dataclass(slots=True)
class _Best:
    """The weights with the lowest held-out loss so far."""

    weights: list[Tensor]
    loss: float = float("inf")
    epochs_since: int = 0

    def hear(self, parameters: Sequence[Tensor], loss: float) -> None:
        self.epochs_since += 1
        if loss < self.loss:
            self.loss, self.epochs_since = loss, 0
            for kept, now in zip(self.weights, parameters, strict=True):
                kept.copy_(now.detach())


class _Run:
    """One training."""

    def __init__(
        self, parameters: Sequence[Tensor], losses: Losses, rows: Batch, plan: TrainingPlan, seed: int
    ) -> None:
        self.parameters, self.losses, self.plan, self.seed = parameters, losses, plan, seed
        self.device = rows[0].device
        self.order = generator(seed)
        self.noise = generator(seed + 1, self.device)
        self.learned, self.held_out = self._parted(rows)
        self.optimizer = torch.optim.AdamW(
            parameters, lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=True
        )

    def through(self, progress: Progress) -> None:
        """Train for all epochs, or until the held-out loss has not fallen for long."""
        best = _Best([weights.detach().clone() for weights in self.parameters])
        lower_rate = self._schedule()
        for epoch in range(self.plan.epochs):
            progress("fitting", epoch / self.plan.epochs)
            learned_loss = self._epoch()
            watched = learned_loss if self.held_out is None else self._held_out_loss(self.held_out)
            lower_rate(watched)
            if self.held_out is not None:
                best.hear(self.parameters, watched)
                if best.epochs_since > self.plan.patience:
                    break
        if self.held_out is not None:
            _put_back(self.parameters, best.weights)

    def _epoch(self) -> float:
        n_rows = len(self.learned[0])
        places = torch.randperm(n_rows, generator=self.order).to(self.device)
        total = torch.zeros((), device=self.device)
        for chosen in places.tensor_split(-(-n_rows // self.plan.batch_rows)):
            total += self._step(tuple(tensor.index_select(0, chosen) for tensor in self.learned)) * len(chosen)
        return float(total) / n_rows

    def _step(self, batch: Batch) -> Tensor:
        loss = self._loss(batch, self.noise)
        for weights, gradient in zip(self.parameters, torch.autograd.grad(loss, self.parameters), strict=True):
            weights.grad = gradient
        self.optimizer.step()
        return loss.detach()

    def _loss(self, batch: Batch, noise: torch.Generator) -> Tensor:
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=self.device.type == "cuda"):
            losses = self.losses(batch, noise)
        n_kept = max(1, round(self.plan.core_share * len(losses)))
        return losses.mean() if n_kept == len(losses) else losses.topk(n_kept, largest=False).values.mean()

    @torch.no_grad()
    def _held_out_loss(self, held_out: Batch) -> float:
        """Measure with the same noise every time, so that epochs can be compared."""
        noise = generator(self.seed + 2, self.device)
        n_parts = -(-len(held_out[0]) // (4 * self.plan.batch_rows))
        parts = zip(*(tensor.tensor_split(n_parts) for tensor in held_out), strict=True)
        total = sum(float(self._loss(part, noise)) * len(part[0]) for part in parts)
        return total / len(held_out[0])

    def _parted(self, rows: Batch) -> tuple[Batch, Batch | None]:
        """Return the rows to learn from and those held out, None where they would be too few."""
        n_held_out = min(int(self.plan.held_out_share * len(rows[0])), MOST_HELD_OUT)
        if n_held_out < FEWEST_HELD_OUT:
            return rows, None
        places = torch.randperm(len(rows[0]), generator=self.order).to(self.device)
        parts = [(tensor[places[n_held_out:]], tensor[places[:n_held_out]]) for tensor in rows]
        return tuple(learned for learned, _ in parts), tuple(held_out for _, held_out in parts)

    def _schedule(self) -> Callable[[float], None]:
        """Return what is told the loss after every epoch and lowers the learning rate."""
        if self.plan.schedule == "plateau":
            plateau = ReduceLROnPlateau(self.optimizer, factor=1 / 3, patience=self.plan.patience // 3)
            return lambda loss: plateau.step(loss)
        cosine = CosineAnnealingLR(self.optimizer, self.plan.epochs)
        return lambda _: cosine.step()


@torch.no_grad()
def _put_back(parameters: Sequence[Tensor], weights: Sequence[Tensor]) -> None:
    for now, kept in zip(parameters, weights, strict=True):
        now.copy_(kept)


def _useful_threads(parameters: Sequence[Tensor], batch_rows: int) -> int:
    product = batch_rows * sum(weights.numel() for weights in parameters)
    return scoring_threads() if product > SMALL_PRODUCT else 1


@contextmanager
def _threads(n_threads: int) -> Iterator[None]:
    """Let torch compute in so many threads meanwhile; the setting holds for the whole process, so it is put back."""
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
