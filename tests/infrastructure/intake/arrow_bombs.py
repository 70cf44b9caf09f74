"""Arrow streams in which a few bytes stand for gigabytes, or claim to."""

import io
import struct

import pyarrow as pa

from tests.infrastructure.intake.packed_bombs import MEBIBYTE

_END = b"\xff\xff\xff\xff\0\0\0\0"


def stream_bytes(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return sink.getvalue()


def file_bytes(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return sink.getvalue()


def arrow_bombs() -> dict[str, bytes]:
    zeros = pa.table({"x": _zeros(4_000_000, pa.int64())})
    packed = {"compression": "zstd"}
    return {
        "batches_repeated.arrows": _again(zeros, 500),
        "claims_an_exbibyte.arrows": _claiming(2**60),
        "claims_a_gibibyte_a_buffer.arrows": _claiming(2**30),
        "claims_less_than_nothing.arrows": _claiming(-(2**40)),
        "word_of_4_mib_repeated.arrow": file_bytes(_words(2_000_000, "x" * 4 * MEBIBYTE), **packed),
        "word_of_4_kib_repeated.arrow": file_bytes(_words(2_000_000, "x" * 4096), **packed),
        "run_of_200_million.arrows": stream_bytes(_run(200_000_000, "x" * 1000), **packed),
        "run_of_2_billion.arrows": stream_bytes(_run(2**31 - 1, "x"), **packed),
        "views_of_one_text.arrows": stream_bytes(_views(2_000_000, b"x" * 4096), **packed),
        "lists_that_overlap.arrows": stream_bytes(_overlapping_lists(200_000, 200_000), **packed),
        "trillion_nulls.arrows": stream_bytes(pa.table({"x": _nulls(2**40)}), allow_64bit=True),
        "no_columns_but_rows.arrows": stream_bytes(pa.table({"x": _nulls(2**40)}).select([]), allow_64bit=True),
        "columns_20_000.arrow": file_bytes(pa.table({f"c{i}": [1] for i in range(20_000)})),
    }


def _zeros(n: int, kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, n, [None, pa.py_buffer(bytes(n * kind.bit_width // 8))])


def _nulls(n: int) -> pa.Array:
    return pa.Array.from_buffers(pa.null(), n, [None])


def _words(n_rows: int, word: str) -> pa.Table:
    return pa.table({"word": pa.DictionaryArray.from_arrays(_zeros(n_rows, pa.int32()), pa.array([word]))})


def _run(n_rows: int, word: str) -> pa.Table:
    run = pa.RunEndEncodedArray.from_arrays(pa.array([n_rows], pa.int32()), pa.array([word]))
    return pa.table({"word": run})


def _views(n_rows: int, text: bytes) -> pa.Table:
    view = struct.pack("<i4sii", len(text), text[:4], 0, 0)
    buffers = [None, pa.py_buffer(view * n_rows), pa.py_buffer(text)]
    return pa.table({"text": pa.Array.from_buffers(pa.string_view(), n_rows, buffers)})


def _overlapping_lists(n_rows: int, n_items: int) -> pa.Table:
    sizes = pa.array(memoryview(struct.pack("<i", n_items) * n_rows).cast("i"))
    lists = pa.ListViewArray.from_arrays(_zeros(n_rows, pa.int32()), sizes, _zeros(n_items, pa.int8()))
    return pa.table({"list": lists})


def _again(table: pa.Table, times: int) -> bytes:
    """Return a stream of one compressed batch that comes again and again."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        start = sink.tell()
        writer.write_table(table)
        end = sink.tell()
    content = sink.getvalue()
    return content[:start] + content[start:end] * times + _END


def _claiming(n_bytes: int) -> bytes:
    """Return a stream whose compressed buffers say that they unfold to so many bytes."""
    content = stream_bytes(pa.table({f"c{i}": _zeros(1000, pa.int64()) for i in range(8)}), compression="zstd")
    return content.replace(struct.pack("<q", 8000), struct.pack("<q", n_bytes))
