"""The compiled extension where there is one, and the instruction sets it can use on this processor."""

from dataclasses import dataclass
from types import ModuleType
from typing import Literal

native_kernels: ModuleType | None
try:
    from pynomaly.infrastructure.algorithms import _kernels

    native_kernels = _kernels
except ImportError:
    native_kernels = None  # built without a compiler

ScoringPath = Literal["avx512", "avx2", "scalar", "numpy"]


@dataclass(frozen=True, slots=True)
class KernelsInUse:
    """Which kernels score here: compiled or numpy, and the instruction sets there are, widest first."""

    is_compiled: bool
    instruction_sets: tuple[str, ...]


def kernels_in_use() -> KernelsInUse:
    """Say which kernels are used, for people who wonder about speed."""
    if native_kernels is None:
        return KernelsInUse(False, ("numpy",))
    return KernelsInUse(True, native_kernels.instruction_sets())
