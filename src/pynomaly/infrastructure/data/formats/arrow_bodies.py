"""Reading Arrow streams and files that came inside a request, in this process: nothing in them is unpacked or repeated.

A few bytes can stand for gigabytes where buffers are compressed, or where values are kept once and pointed at many
times (dictionaries, runs, text views). Such bodies are refused before anything is read, so that a table is never
larger than its body. Uploads, which are read in a process of their own, may have all of that.
"""

import struct
from collections.abc import Iterator

import pyarrow as pa

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.limits import MAX_COLUMNS, MAX_SENT_CELLS, MAX_SENT_PIECES, MAX_SENT_ROWS
from pynomaly.infrastructure.data.raw_table import RawTable

_FILE_START = b"ARROW1\0\0"
"""A file is this, then a stream, then a footer that lets readers jump: read in order, the stream is all there is."""

# Places in the flatbuffer tables Message and RecordBatch (Message.fbs of Arrow's format).
_HEADER, _LENGTH, _COMPRESSION = 2, 0, 3

_PLAIN = (
    *(pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_null, pa.types.is_decimal),
    *(pa.types.is_timestamp, pa.types.is_date, pa.types.is_time, pa.types.is_duration),
)


def read_body(body: bytes) -> RawTable:
    """Read a whole Arrow stream or file; its number columns stay where they are in the body.

    Raises UnreadableFile if it is damaged, beyond the bounds in `limits` or kept in fewer bytes than it stands for.
    """
    stream = pa.py_buffer(body)
    if body.startswith(_FILE_START):
        stream = stream.slice(len(_FILE_START))
    try:
        _require_small_and_plain(stream)
        with pa.ipc.open_stream(stream) as reader:
            table = reader.read_all()
        table.validate(full=True)
        return plain_table(table)
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError, struct.error) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise UnreadableFile(f"the body is damaged Arrow data ({reason}); write it again.") from error


def _require_small_and_plain(stream: pa.Buffer) -> None:
    """Look at the headers alone."""
    messages = _messages(stream)
    first = next(messages, None)
    if first is None or first.type != "schema":  # of anything else `read_schema` makes a crash
        raise UnreadableFile("the body is no Arrow data: it does not begin with a schema.")
    schema = pa.ipc.read_schema(first)
    if len(schema) > MAX_COLUMNS:
        raise UnreadableFile(f"the body has {len(schema)} columns; at most {MAX_COLUMNS} can be read.")
    for field in schema:
        if not (is_text(field.type) or any(is_it(field.type) for is_it in _PLAIN)):
            raise UnreadableFile(
                f"column '{field.name}' holds {field.type}; send numbers, text, booleans or times, or leave it out."
            )
    n_rows = 0
    for n_pieces, message in enumerate(messages, start=1):
        n_rows += _rows_of(message)
        if n_rows > MAX_SENT_ROWS or n_rows * len(schema) > MAX_SENT_CELLS or n_pieces > MAX_SENT_PIECES:
            raise UnreadableFile(
                f"at once, {MAX_SENT_ROWS} rows, {MAX_SENT_CELLS} cells and {MAX_SENT_PIECES} record batches are the "
                "most; upload larger tables as a dataset."
            )


def _messages(stream: pa.Buffer) -> Iterator[pa.ipc.Message]:
    """Yield all messages, their metadata verified by Arrow; the first is the schema."""
    reader = pa.ipc.MessageReader.open_stream(stream)
    while True:
        try:
            yield reader.read_next_message()
        except StopIteration:
            return


def _rows_of(message: pa.ipc.Message) -> int:
    """Return the rows a record batch claims to have. Raises UnreadableFile for anything else."""
    if message.type != "record batch":
        raise UnreadableFile(f"the body has a {message.type} among its record batches; send plain columns.")
    metadata = memoryview(message.metadata)
    (root,) = struct.unpack_from("<I", metadata)
    batch = _table_at(metadata, _field(metadata, root, _HEADER))
    if _field(metadata, batch, _COMPRESSION):
        raise UnreadableFile("the body is compressed; write it with IpcWriteOptions(compression=None).")
    length = _field(metadata, batch, _LENGTH)
    n_rows = struct.unpack_from("<q", metadata, length)[0] if length else 0
    if n_rows < 0:
        raise UnreadableFile("the body is damaged Arrow data (a negative number of rows); write it again.")
    return int(n_rows)


def _field(buffer: memoryview, table: int, index: int) -> int:
    """Return where a field of a flatbuffer table is, 0 if it is not there."""
    vtable = table - struct.unpack_from("<i", buffer, table)[0]
    (n_bytes,) = struct.unpack_from("<H", buffer, vtable)
    place = 4 + 2 * index
    if place + 2 > n_bytes:
        return 0
    (offset,) = struct.unpack_from("<H", buffer, vtable + place)
    return table + offset if offset else 0


def _table_at(buffer: memoryview, place: int) -> int:
    return int(place + struct.unpack_from("<I", buffer, place)[0])
