"""What every preparation step can do."""

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.explanation import Typical
from pynomaly.domain.gower import Aspect

RARE = 0.05
"""Missing cells get an indicator feature only where they, or the cells that are there, are rarer than this.
Then they say something about strangeness; on tables full of holes, more indicators only drown the other
features: on four public tables with holes, isolation forest has a mean ROC AUC of .587 without any, .589 with
these and .561 with all of them."""


class PreparationStep(Protocol):
    """The frozen road of one column: `read` types the whole column, `fill` writes the features of a block."""

    @property
    def column(self) -> str:
        """Name of the column."""
        ...

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features it makes."""
        ...

    @property
    def typical(self) -> Typical:
        """What was usual at training."""
        ...

    def read(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the cells in the type that `fill` takes, cell by cell. Raises ColumnMismatch."""
        ...

    def fill(self, read: pa.Array, out: FloatMatrix) -> None:
        """Write the features of one chunk of read cells into `out` (n, n_features of this step)."""
        ...

    def aspects(self, cells: pa.ChunkedArray) -> Sequence[Aspect]:
        """Return in what rows are compared by this column, from raw cells. Raises ColumnMismatch."""
        ...

    def surprises(self, read: pa.ChunkedArray) -> Sequence[str]:
        """Say what these cells hold that training had not."""
        ...

    def state(self) -> dict[str, JsonValue]:
        """Return everything learned."""
        ...


def indicator_pays(n_missing: int, n_rows: int) -> bool:
    """Whether being missing (or being there) is rare enough to mean something."""
    return 0 < min(n_missing, n_rows - n_missing) <= RARE * n_rows
