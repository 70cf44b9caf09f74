"""The compiled steps of reading data, where a compiler was there when the package was built."""

from types import ModuleType

native_steps: ModuleType | None
try:
    from pynomaly.infrastructure.data import _native

    native_steps = _native
except ImportError:
    native_steps = None
