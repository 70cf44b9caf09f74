"""Results as bytes for the wire."""

from collections.abc import Mapping

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.infrastructure.storage.scored_columns import scored_columns


def arrow_stream(rows: ScoredRows, about: Mapping[str, str]) -> bytes:
    """Return a result as an uncompressed Arrow IPC stream, what it is about in its schema's metadata."""
    import pyarrow as pa

    data = scored_columns(rows).replace_schema_metadata(dict(about))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema) as writer:
        writer.write_table(data)
    return bytes(sink.getvalue())
