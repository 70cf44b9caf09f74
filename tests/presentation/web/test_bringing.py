import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import AlreadyExists
from pynomaly.presentation.web.bringing import ATTEMPTS, _while_taken, name_from, printable


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("orders.csv", "orders"),
        ("orders 2026.csv.gz", "orders 2026"),
        ("C:\\Users\\ada\\orders.parquet", "orders"),
        ("../../etc/passwd", "passwd"),
        ("=cmd|calc!A0.csv", "=cmd|calc!A0"),
        (".csv", "csv"),
        ("", "rows"),
        ("...", "rows"),
        ("x" * 900 + ".csv", "x" * 150),
    ],
)
def test_a_dataset_is_named_after_its_file(file_name, name):
    assert name_from(printable(file_name)) == name


@given(st.text(max_size=400))
def test_any_file_name_makes_a_name_that_datasets_may_have(file_name):
    require_name(name_from(printable(file_name)))


def test_what_is_taken_a_few_times_in_a_row_is_tried_again_and_then_told():
    tried = []

    def make():
        tried.append(1)
        if len(tried) < ATTEMPTS:
            raise AlreadyExists
        return "made"

    assert _while_taken(make) == "made"

    def never():
        raise AlreadyExists("taken")

    with pytest.raises(AlreadyExists, match="taken"):
        _while_taken(never)
