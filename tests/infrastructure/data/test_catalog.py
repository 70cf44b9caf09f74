import importlib

import pytest

from pynomaly.infrastructure.data.catalog import FORMATS, FileFormat


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_row_names_a_function_that_exists(row: FileFormat) -> None:
    module, function = row.reader.split(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_no_two_rows_share_a_name_a_suffix_or_first_bytes() -> None:
    for marks in ([row.name] for row in FORMATS), (row.suffixes for row in FORMATS), (row.magic for row in FORMATS):
        flat = [mark for group in marks for mark in group]
        assert len(flat) == len(set(flat))
