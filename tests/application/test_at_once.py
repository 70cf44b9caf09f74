from dataclasses import replace

import pytest

from pynomaly.application.at_once import AT_ONCE_CELLS, AT_ONCE_ROWS, fits_at_once
from pynomaly.domain.columns import Column, ColumnKind
from tests.infrastructure.persistence.examples import dataset

WIDE = tuple(Column(f"c{number}", ColumnKind.NUMBER) for number in range(200))


@pytest.mark.parametrize(
    ("n_rows", "columns", "fits"),
    [
        (AT_ONCE_ROWS, WIDE[:2], True),
        (AT_ONCE_ROWS + 1, WIDE[:2], False),
        (AT_ONCE_CELLS // len(WIDE), WIDE, True),
        (AT_ONCE_CELLS // len(WIDE) + 1, WIDE, False),
    ],
)
def test_few_rows_of_few_columns_are_scored_at_once(n_rows: int, columns: tuple[Column, ...], fits: bool) -> None:
    assert fits_at_once(replace(dataset(), n_rows=n_rows, columns=columns)) is fits
