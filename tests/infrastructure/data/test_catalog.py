import importlib

import pyarrow as pa
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.catalog import CSV, FORMATS, FileFormat, format_of, surprise
from pynomaly.infrastructure.data.content.byte_source import ByteSource


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_row_names_a_function_that_exists(row: FileFormat) -> None:
    module, function = row.reader.split(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_no_two_rows_share_a_name_a_suffix_or_first_bytes() -> None:
    for marks in ([row.name] for row in FORMATS), (row.suffixes for row in FORMATS), (row.magic for row in FORMATS):
        flat = [mark for group in marks for mark in group]
        assert len(flat) == len(set(flat))


def source_of(content: bytes, name: str = "x") -> ByteSource:
    return ByteSource(name, content=pa.py_buffer(content))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PAR1....", "parquet"),
        (b"ARROW1\0\0", "arrow"),
        (b"\xff\xff\xff\xff\x10\0\0\0", "arrow"),
        (b"PK\x03\x04....", "excel"),
        (b"\xd0\xcf\x11\xe0....", "excel"),
        (b"a,b\n1,2\n", "csv"),
        (b'{"a": 1}\n', "jsonl"),
        (b'\n [\n  {"a": 1}]', "jsonl"),
        (b"[]", "jsonl"),
        ('{"a": 1}'.encode("utf-16"), "jsonl"),
        (b"{x},[y]\n1,2\n", "csv"),
        (b"[x],y\n1,2\n", "csv"),
    ],
)
def test_the_first_bytes_decide(content: bytes, name: str) -> None:
    assert format_of(source_of(content)).name == name


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PARE", "encrypted"),
        (b"FEA1", "version 1"),
        (b"BZh9", "bzip2"),
        (b"SQLite format 3\0", "database"),
        (b"\x80\x04\x95", "pickle"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
    ],
)
def test_known_formats_that_are_not_read_are_refused_by_name(content: bytes, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        format_of(source_of(content))


def test_a_name_that_promises_something_else_is_worth_a_note() -> None:
    assert "named like Parquet but holds CSV text" in surprise(source_of(b"a", "x.parquet"), CSV)
    assert surprise(source_of(b"a", "x.csv.gz"), CSV) == ""
    assert surprise(source_of(b"a", "x.unheard"), CSV) == ""
