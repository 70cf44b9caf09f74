"""What another package would bring: the smallest detector that keeps the contract of the entry point."""

from dataclasses import dataclass
from typing import ClassVar

from pynomaly.domain.algorithm import AlgorithmDescription, Parameter


@dataclass(frozen=True)
class NearZero:
    description: ClassVar[AlgorithmDescription] = AlgorithmDescription(
        name="near_zero",
        title="Near zero",
        family="linear",
        summary="Distance from zero.",
        reference="none",
        parameters=(Parameter("width", "float", 1.0, "unit of distance", 0.0, 10.0),),
    )
    width: float


@dataclass(frozen=True)
class Forgetful:
    """Comes back from any state as it was."""

    @staticmethod
    def restore(state):
        return Forgetful()
