"""All of PyOD's tabular detectors that need nothing beyond PyOD, one row each.

Scores of `distribution_rows` and `neighbour_rows` depend on the row and the frozen model, those of
`transductive_rows` on all rows of a fixed table. docs/decisions/0005-how-pyod-models-are-stored.md tells how
each is stored, and why.

Left out: detectors of time series, graphs, text, images and audio, which do not take tables. What takes tables and
cannot be used stands in `refused.py`, with the reason.
"""

from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.infrastructure.algorithms.pyod_adapter.deep_rows import DEEP_ROWS
from pynomaly.infrastructure.algorithms.pyod_adapter.distribution_rows import DISTRIBUTION_ROWS
from pynomaly.infrastructure.algorithms.pyod_adapter.neighbour_rows import NEIGHBOUR_ROWS
from pynomaly.infrastructure.algorithms.pyod_adapter.row import PyodRow
from pynomaly.infrastructure.algorithms.pyod_adapter.transductive_rows import TRANSDUCTIVE_ROWS

_ALL = (*DISTRIBUTION_ROWS, *NEIGHBOUR_ROWS, *DEEP_ROWS, *TRANSDUCTIVE_ROWS)

PYOD_TABLE: dict[str, PyodRow] = {row.description.name: row for row in _ALL}

PYOD_ROWS: tuple[AlgorithmDescription, ...] = tuple(row.description for row in PYOD_TABLE.values())
