from collections.abc import Mapping, Sequence
from typing import Literal

import pytest

from events_page import in_words
from pynomaly.domain.access import Role
from pynomaly.domain.identifiers import DatasetId


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DatasetId, "id"),
        (str, "text"),
        (float | None, "number or null"),
        (Role, "`viewer` or `analyst` or `engineer` or `admin`"),
        (Literal["a", "b"], "`a` or `b`"),
        (Sequence[str], "list"),
        (tuple[str, ...], "list"),
        (Mapping[str, int], "object"),
    ],
)
def test_a_type_is_told_as_a_reader_of_json_knows_it(kind, words):
    assert in_words(kind) == words
