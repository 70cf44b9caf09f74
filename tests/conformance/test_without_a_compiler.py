"""Where no compiler was, the numpy twins give every detector of our own the same scores."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS
from tests.conformance.trained import trained

NAMES = [row.description.name for row in OWN_ROWS]

FIT_ALL = """
import sys
sys.modules["pynomaly.infrastructure.algorithms._kernels"] = None  # as if it had never been built
import numpy as np
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from tests.conformance.trained import trained
assert not kernels_in_use().is_compiled
np.savez(sys.argv[1], **{name: trained(name).scores for name in sys.argv[2:]})
"""


@pytest.mark.slow
def test_every_detector_of_our_own_scores_the_same_without_compiled_kernels(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", FIT_ALL, str(tmp_path / "scores.npz"), *NAMES], check=True)
    scores = np.load(tmp_path / "scores.npz")
    for name in NAMES:
        np.testing.assert_allclose(scores[name], trained(name).scores, rtol=1e-9, atol=1e-9, err_msg=name)
