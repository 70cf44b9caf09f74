"""Parquet files written by hand, as no library would: a few hundred bytes that stand for terabytes, and lies.

Format: parquet.thrift of Apache Parquet, in Thrift's compact protocol. Numbers of fields and codes are from there.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

_INT32, _BYTE_ARRAY = 1, 6
_REQUIRED, _REPEATED = 0, 2
_PLAIN, _RLE, _DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
_UTF8 = 0


@dataclass(frozen=True)
class Claim:
    """What one file says of itself, where it is not true: None for the truth."""

    n_rows: int | None = None
    n_values: int | None = None
    unpacked_bytes: int | None = None
    n_words: int | None = None
    n_page_values: int | None = None
    dictionary_at: int | None = None
    data_at: int | None = None


def repeated_value(value: int | bytes, n_rows: int, *, n_columns: int = 1, claim: Claim | None = None) -> bytes:
    """Return a file of one value in every row, kept once and said to come again."""
    return _file(value, n_rows, n_rows, n_columns, _REQUIRED, _runs([(n_rows, 0)], bits=1), claim or Claim())


def long_list(n_values: int) -> bytes:
    """Return a file of one row, which is a list of so many numbers."""
    starts, is_there = _level([(1, 0), (n_values - 1, 1)]), _level([(n_values, 1)])
    return _file(7, 1, n_values, 1, _REPEATED, starts + is_there + _runs([(n_values, 0)], bits=1), Claim())


def with_footer(content: bytes, footer: bytes, *, said_length: int | None = None) -> bytes:
    """Return a file's rows with another footer."""
    length = len(footer) if said_length is None else said_length
    return content + footer + struct.pack("<I", length % 2**32) + b"PAR1"


def _file(
    value: int | bytes, n_rows: int, n_values: int, n_columns: int, repetition: int, body: bytes, claim: Claim
) -> bytes:
    kind = _INT32 if isinstance(value, int) else _BYTE_ARRAY
    word = struct.pack("<i", value) if isinstance(value, int) else struct.pack("<I", len(value)) + value
    words = _page(_DICTIONARY_PAGE, word, {7: {1: claim.n_words or 1, 2: _PLAIN}})
    n_said = claim.n_page_values or n_values
    data = _page(_DATA_PAGE, body, {5: {1: n_said, 2: _DICTIONARY, 3: _RLE, 4: _RLE}})
    content = b"PAR1" + words + data
    chunk: dict[int, object] = {
        1: kind,
        2: [_PLAIN, _RLE, _DICTIONARY],
        4: 0,
        5: _or(claim.n_values, n_values),
        6: _or(claim.unpacked_bytes, len(words) + len(data)),
        7: len(words) + len(data),
        9: _or(claim.data_at, 4 + len(words)),
        11: _or(claim.dictionary_at, 4),
    }
    names = [f"c{i}".encode() for i in range(n_columns)]
    leaf = {1: kind, 3: repetition} | ({6: _UTF8} if kind == _BYTE_ARRAY else {})
    footer = _struct(
        {
            1: 2,
            2: [{4: b"schema", 5: n_columns}, *({**leaf, 4: name} for name in names)],
            3: _Long(_or(claim.n_rows, n_rows)),
            4: [
                {
                    1: [{2: _Long(4), 3: _chunk(chunk, name)} for name in names],
                    2: _Long(len(content)),
                    3: _Long(_or(claim.n_rows, n_rows)),
                }
            ],
        }
    )
    return with_footer(content, footer)


class _Long(int):
    """A 64-bit field."""


def _chunk(chunk: dict[int, object], name: bytes) -> dict[int, object]:
    longs = {field: _Long(number) for field, number in chunk.items() if field >= 5 and isinstance(number, int)}
    return chunk | longs | {3: [name]}


def _or(said: int | None, true: int) -> int:
    return true if said is None else said


def _page(kind: int, body: bytes, header: dict[int, object]) -> bytes:
    return _struct({1: kind, 2: len(body), 3: len(body), **header}) + body


def _level(runs: Sequence[tuple[int, int]]) -> bytes:
    packed = _runs(runs, bits=1)[1:]
    return struct.pack("<I", len(packed)) + packed


def _runs(runs: Sequence[tuple[int, int]], *, bits: int) -> bytes:
    return bytes([bits]) + b"".join(_varint(count << 1) + bytes([value]) for count, value in runs)


def _struct(fields: dict[int, object]) -> bytes:
    out, last = bytearray(), 0
    for field, value in sorted(fields.items()):
        out.append((field - last) << 4 | _type(value))
        out += _encoded(value)
        last = field
    return bytes(out) + b"\0"


def _type(value: object) -> int:
    for kind, code in ((_Long, 6), (int, 5), (bytes, 8), (list, 9), (dict, 12)):
        if isinstance(value, kind):
            return code
    raise TypeError(value)


def _encoded(value: object) -> bytes:
    if isinstance(value, int):
        return _varint((value << 1) ^ (value >> 63))
    if isinstance(value, bytes):
        return _varint(len(value)) + value
    if isinstance(value, dict):
        return _struct(value)
    assert isinstance(value, list)
    head = bytes([len(value) << 4 | _type(value[0])]) if len(value) < 15 else bytes([0xF0 | _type(value[0])])
    return head + (b"" if len(value) < 15 else _varint(len(value))) + b"".join(map(_encoded, value))


def _varint(number: int) -> bytes:
    out = bytearray()
    number %= 2**64
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
