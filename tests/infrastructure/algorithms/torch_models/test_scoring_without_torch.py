"""A worker that only scores never pays for torch."""

import subprocess
import sys

PROGRAM = """
import sys
import numpy as np
from pynomaly.application.ports.algorithm import ModelState
from pynomaly.infrastructure.algorithms.catalog import Catalog
rng = np.random.default_rng(0)
arrays = {"centre": np.zeros(2), "scale": np.ones(2)}
sizes = (2, 4, 4, 2)
for layer in range(3):
    arrays[f"network.{layer}.weight"] = rng.normal(size=(sizes[layer + 1], sizes[layer])).astype("f4")
    arrays[f"network.{layer}.bias"] = np.zeros(sizes[layer + 1], "f4")
model = Catalog(plugins=()).restore("torch.score_matching", ModelState(arrays, {"sizes": list(sizes)}))
print(model.score(np.ones((3, 2))).shape, "torch" in sys.modules)
"""


def test_a_model_is_restored_and_scores_without_importing_torch():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(3,) False"
