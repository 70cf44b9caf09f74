import numpy as np
import pyarrow as pa

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.infrastructure.storage.result_bytes import arrow_stream


def test_a_result_is_an_arrow_stream_with_what_it_is_about() -> None:
    rows = ScoredRows(
        np.array([0.5, 0.75]), np.array([1.0, 0.25]), None, np.array([False, True]), severities=np.array([0.0, 60.0])
    )
    table = pa.ipc.open_stream(arrow_stream(rows, {"version": "3"})).read_all()
    assert table.to_pydict() == {
        "row": [0, 1],
        "score": [0.5, 0.75],
        "severity": [0.0, 60.0],
        "p_value": [1.0, 0.25],
        "probability": [None, None],
        "is_anomaly": [False, True],
    }
    assert table.schema.metadata == {b"version": b"3"}
