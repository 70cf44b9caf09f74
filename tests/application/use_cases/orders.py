"""A small table of orders, two of them strange."""

import numpy as np
import pyarrow as pa

from pynomaly.domain.columns import ColumnRole

LATE_IS_KNOWN = {"is_late": ColumnRole.LABEL}


def orders(n=120, seed=0):
    rng = np.random.default_rng(seed)
    amounts = rng.normal(100.0, 10.0, n)
    amounts[:2] = (900.0, -700.0)
    return pa.table({"amount": amounts, "weight": rng.normal(5.0, 1.0, n), "is_late": [row < 2 for row in range(n)]})


def register(workspace, name="orders", **options):
    dataset, _ = workspace.register_dataset(source=orders(), name=name, source_name="orders.csv", **options)
    return dataset


def trained(workspace, name="Fraud", **options):
    """Return a detector trained on a registered table of orders."""
    register(workspace, **options)
    workspace.create_detector(name=name, algorithm="ecod")
    return workspace.train_detector(detector=name, dataset="orders")
