"""A corpus of files that mean harm, or are merely broken, made anew for each run; none is larger than 20 MB.

A name's suffix is what an attacker would call the file.
"""

import gzip
import io
import json
import pickle
import random
import sqlite3
from collections.abc import Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq

from tests.infrastructure.data.formats.workbooks import workbook_bytes
from tests.infrastructure.intake.arrow_bombs import arrow_bombs, file_bytes, stream_bytes
from tests.infrastructure.intake.packed_bombs import MEBIBYTE, deflated, gzip_of
from tests.infrastructure.intake.parquet_bombs import Claim, long_list, repeated_value, with_footer
from tests.infrastructure.intake.workbook_bombs import workbook_bombs

_ROWS = [{"speed": i / 4, "site": ["north", "south"][i % 2], "count": i} for i in range(60)]
_TABLE = pa.Table.from_pylist(_ROWS)
_CSV = b"speed,site,count\n" + b"".join(f"{row['speed']},{row['site']},{row['count']}\n".encode() for row in _ROWS)
_LINE = b"1,2,3\n"
_MEBIBYTE_OF_LINES = _LINE * (MEBIBYTE // len(_LINE))


def valid_files() -> dict[str, bytes]:
    """Return one honest table in every format that is read."""
    return {
        "valid.csv": _CSV,
        "valid.csv.gz": gzip.compress(_CSV, mtime=0),
        "valid.csv.zst": pa.compress(_CSV, "zstd", asbytes=True),
        "valid.parquet": _parquet(_TABLE),
        "valid_zstd.parquet": _parquet(_TABLE, compression="zstd", data_page_version="2.0"),
        "valid.arrow": file_bytes(_TABLE, compression="lz4"),
        "valid.arrows": stream_bytes(_TABLE),
        "valid.jsonl": "\n".join(json.dumps(row) for row in _ROWS).encode(),
        "valid.json": json.dumps(_ROWS).encode(),
        "valid.xlsx": workbook_bytes({"Data": [list(_ROWS[0]), *(list(row.values()) for row in _ROWS)]}),
    }


def hostile_files() -> dict[str, bytes]:
    """Return everything that was made to do harm."""
    groups = (packed_bombs(), parquet_bombs(), arrow_bombs(), workbook_bombs(), wide_and_long_text(), odd_json())
    return dict(chain.from_iterable(group.items() for group in (*groups, odd_text(), false_colours())))


def damaged_files(n: int, *, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield honest files that were cut short or had some bytes changed."""
    rng = random.Random(seed)  # noqa: S311
    for number in range(n):
        name, content = rng.choice(sorted(valid_files().items()))
        if number % 5 == 0:
            yield f"cut_{number}_{name}", content[: rng.randrange(len(content))]
            continue
        changed = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 8, 64))):
            changed[rng.randrange(len(changed))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        yield f"changed_{number}_{name}", bytes(changed)


def packed_bombs() -> dict[str, bytes]:
    return {
        "gzip_bomb_3_gib.csv.gz": gzip_of(deflated(b"a,b,c\n", _MEBIBYTE_OF_LINES, 3000, b"")),
        "gzip_bomb_in_members.csv.gz": gzip.compress(b"a,b,c\n", mtime=0)
        + gzip.compress(_MEBIBYTE_OF_LINES * 16, mtime=0) * 120,
        "gzip_bomb_packed_twice.csv.gz": gzip.compress(gzip_of(deflated(b"a\n", _MEBIBYTE_OF_LINES, 99, b"")), mtime=0),
        "gzip_of_one_line.csv.gz": gzip_of(deflated(b"", b"1" * MEBIBYTE, 60, b"")),
        "gzip_without_end.csv.gz": gzip_of(deflated(b"a,b,c\n", _MEBIBYTE_OF_LINES, 30, b""))[:-2000],
        "gzip_with_a_wrong_sum.csv.gz": gzip.compress(_CSV, mtime=0)[:-8] + bytes(8),
        "gzip_of_nothing.csv.gz": gzip.compress(b"", mtime=0),
        "zstd_bomb_20_gib.csv.zst": pa.compress(bytes(64 * MEBIBYTE), "zstd", asbytes=True) * 320,
        "parquet_bomb_in_gzip.parquet.gz": gzip.compress(repeated_value(7, 600_000_000), mtime=0),
    }


def parquet_bombs() -> dict[str, bytes]:
    honest = _parquet(_TABLE)
    return {
        "600_million_rows.parquet": repeated_value(7, 600_000_000),
        "240_million_rows.parquet": repeated_value(7, 240_000_000),
        "rows_by_columns.parquet": repeated_value(7, 1_000_000, n_columns=9_000),
        "20_000_columns.parquet": repeated_value(7, 10, n_columns=20_000),
        "word_of_4_mib_repeated.parquet": repeated_value(b"x" * 4 * MEBIBYTE, 2_000_000),
        "word_of_4_kib_repeated.parquet": repeated_value(b"x" * 4096, 2_000_000),
        "bytes_repeated.parquet": repeated_value(b"x" * 4096, 1_000_000, n_columns=10),
        "list_of_2_billion.parquet": long_list(2**31 - 1),
        "says_fewer_rows.parquet": repeated_value(7, 600_000_000, claim=Claim(n_rows=10)),
        "says_fewer_values.parquet": repeated_value(7, 600_000_000, claim=Claim(n_rows=10, n_values=10)),
        "says_more_rows.parquet": repeated_value(7, 10, claim=Claim(n_rows=2**40)),
        "says_more_values.parquet": repeated_value(7, 10, claim=Claim(n_values=2**40)),
        "says_negative_rows.parquet": repeated_value(7, 10, claim=Claim(n_rows=-1, n_values=-1)),
        "says_an_exbibyte.parquet": repeated_value(7, 10, claim=Claim(unpacked_bytes=2**60)),
        "says_a_billion_words.parquet": repeated_value(b"x", 10, claim=Claim(n_words=10**9)),
        "says_a_page_of_billions.parquet": repeated_value(7, 10, claim=Claim(n_page_values=2**31 - 1)),
        "page_outside.parquet": repeated_value(7, 10, claim=Claim(data_at=2**40, dictionary_at=2**40)),
        "page_in_itself.parquet": repeated_value(7, 10, claim=Claim(data_at=0, dictionary_at=0)),
        "footer_longer_than_the_file.parquet": with_footer(honest[:-8], b"", said_length=2**31),
        "footer_of_zeros.parquet": with_footer(b"PAR1", bytes(MEBIBYTE)),
        "footer_of_nothing.parquet": with_footer(b"PAR1", b""),
        "footer_a_deep_nest.parquet": with_footer(b"PAR1", b"\x1c" * MEBIBYTE),
        "footer_a_list_of_billions.parquet": with_footer(b"PAR1", b"\x15\x02\x19\xfc\xff\xff\xff\xff\x07"),
        "nested_100_deep.parquet": _nested(100),
    }


def wide_and_long_text() -> dict[str, bytes]:
    return {
        "million_columns.csv": b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n",
        "million_empty_columns.csv": (b"," * 1_000_000 + b"\n") * 3,
        "100_000_columns.csv": b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n",
        "10_001_columns.csv": b"x," * 10_000 + b"x\n" + b"1," * 10_000 + b"1\n",
        "one_line_of_10_mb.csv": b"x" * 10_000_000,
        "long_line_late.csv": b"a,b\n" + b"1,2\n" * 300_000 + b"x" * 10_000_000 + b",1\n",
        "quote_never_closed.csv": b'a,b\n1,"2\n' + b"3,4\n" * 500_000,
        "quote_never_closed_late.csv": b"a,b\n" + b"3,4\n" * 500_000 + b'1,"2\n' + b"3,4\n" * 500_000,
        "only_quotes.csv": b'"' * 5_000_000,
        "only_delimiters.csv": (b"," * 9000 + b"\n") * 1000,
        "only_line_ends.csv": b"\n" * 10_000_000,
        "only_carriage_returns.csv": b"\r" * 5_000_000,
        "digits_that_are_no_number.csv": b"a,b\n" + (b"1" * 120_000 + b"x,1\n") * 20,
        "blanks_before_quotes.csv": b"a,b\n" + (b"," + b" " * 1000) * 5000 + b"\n",
        "many_words.csv": b"a,b\n" + b"".join(b"w%d,%d x\n" % (i, i) for i in range(200_000)),
        "same_name_in_every_column.csv": b",".join([b"x"] * 9_999) + b"\n" + b",".join([b"1"] * 9_999) + b"\n",
        "names_of_2_kb.csv": b",".join(b"%d" % i + b"n" * 500 for i in range(2000)) + b"\n" + b"1," * 1999 + b"1\n",
    }


def odd_json() -> dict[str, bytes]:
    many_keys = json.dumps({f"k{i}": 1 for i in range(1_000_000)}).encode()
    return {
        "deep_array.json": b"[" * 2_000_000,
        "deep_object.jsonl": b'{"a":' * 2_000_000,
        "deep_and_valid.jsonl": b'{"a":' + b"[" * 900 + b"]" * 900 + b"}\n",
        "million_keys.json": many_keys,
        "million_keys_in_rows.jsonl": b"".join(b'{"k%d":1}\n' % i for i in range(500_000)),
        "9000_keys_in_many_rows.jsonl": b"".join(b'{"k%d":1}\n' % (i % 9000) for i in range(400_000)),
        "keys_again.jsonl": b"{" + b'"a":1,' * 500_000 + b'"a":2}\n',
        "million_empty_objects.json": b"[" + b"{}," * 1_000_000 + b"{}]",
        "not_finite.jsonl": b'{"a":1e999,"b":NaN,"c":-Infinity}\n{"a":-1e999,"b":1,"c":2}\n',
        "digits_5000.jsonl": b'{"a":' + b"9" * 5000 + b"}\n",
        "digits_4000.jsonl": b'{"a":' + b"9" * 4000 + b"}\n",
        "half_characters.jsonl": b'{"\\ud800":"\\udfff","b":"\\u0000"}\n' * 3,
        "mixed.jsonl": b'{"a":1}\n{"a":"x"}\n{"a":[1]}\n{"a":{"b":null}}\n{"a":true}\n',
        "not_objects.jsonl": b"[1,2]\n3\n",
        "scalar.json": b"[1,2,3]",
        "cut.json": json.dumps(_ROWS).encode()[:-20],
        "utf16.json": json.dumps(_ROWS).encode("utf-16"),
        "two_roots.json": b"[{}][{}]",
    }


def odd_text() -> dict[str, bytes]:
    noise = random.Random(7).randbytes(200_000)  # noqa: S311
    return {
        "empty.csv": b"",
        "one_byte.csv": b"\n",
        "header_only.csv": b"a,b,c\n",
        "nul.csv": b"a,b\n1,\x002\n\x00,\x00\n",
        "nothing_but_nul.csv": bytes(1_000_000),
        "nul_in_names.csv": b"a\x00,b\n1,2\n" * 300,
        "nul_late.csv": b"a,b\n" + b"1,2\n" * 400_000 + b"\x00,3\n",
        "half_character.csv": "a,b\n1,\ud800\n2,x\n".encode("utf-8", "surrogatepass"),
        "half_characters_utf16.csv": "a,b\n1,\ud800\n2,x\n".encode("utf-16", "surrogatepass"),
        "not_utf8_late.csv": b"a,b\n" + b"1,x\n" * 300_000 + b"2,\xff\xfe\x80\n",
        "overlong_utf8.csv": b"a,b\n1,\xc0\xaf\n2,\xf8\x88\x80\x80\x80\n",
        "marks_only.csv": b"\xef\xbb\xbf",
        "odd_utf16.csv": b"\xff\xfea\x00,\x00b",
        "odd_utf32.csv": b"\xff\xfe\x00\x00\xff\xff\xff\xff",
        "ragged.csv": b"".join(b"1," * (i % 50) + b"1\n" for i in range(5000)),
        "ragged_a_little.csv": b"a,b\n" + b"1,2\n" * 2000 + b"1,2,3\n" + b"1,2\n" * 2000,
        "formulas.csv": b"a,b\n=cmd|'/c calc'!A0,1\n@SUM(1),2\n",
        "directions.csv": "a\u202eb,c\n1\u0000,2\n\u2066x,3\n".encode(),
        "declares.csv": b"sep=\xff\na,b\n1,2\n",
        "noise.csv": noise,
        "noise.parquet": noise,
        "noise.arrow": noise,
        "noise.xlsx": noise,
    }


def false_colours() -> dict[str, bytes]:
    """Return files of other formats under names of tables, and tables under names of other formats."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE t (x)")
    database.commit()
    png = b"\x89PNG\r\n\x1a\n" + random.Random(8).randbytes(5000)  # noqa: S311
    return {
        "pickle.csv": pickle.dumps(_ROWS),
        "old_pickle.csv": pickle.dumps(_ROWS, protocol=0),
        "pickle.parquet": pickle.dumps({"a": [1, 2]}, protocol=2),
        "document.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj\n<< /Length 5 >>\nendobj\n" * 100,
        "picture.xlsx": png,
        "page.csv": b"<!DOCTYPE html><html><body>" + b"<p>404</p>" * 1000,
        "database.parquet": database.serialize(),
        "program.csv": b"\x7fELF\x02\x01\x01" + random.Random(9).randbytes(5000),  # noqa: S311
        "script.csv": b"#!/bin/sh\nrm -rf /\n",
        "archive.csv": b"ustar" + bytes(10_000),
        "old_workbook.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(10).randbytes(20_000),  # noqa: S311
        "empty_old_workbook.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "start_of_parquet.parquet": b"PAR1",
        "start_of_arrow.arrow": b"ARROW1\0\0",
        "start_of_stream.arrows": b"\xff\xff\xff\xff\xff\xff\xff\x7f",
        "encrypted.parquet": b"PARE" + bytes(100) + b"PARE",
        "table.png": _CSV,
        "table.exe": _parquet(_TABLE),
    }


def _parquet(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def _nested(depth: int) -> bytes:
    kind, value = pa.int64(), 1
    for _ in range(depth):
        kind, value = pa.list_(kind), [value]
    return _parquet(pa.table({"deep": pa.array([value] * 10, kind)}))
