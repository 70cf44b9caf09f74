import json

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.presentation.web.detector_draft import (
    DOCUMENT,
    Draft,
    as_document,
    checked,
    draft_of_document,
    draft_of_texts,
    texts_of,
)

FOREST = Catalog().describe("isolation_forest")
KNN = Catalog().describe("knn")


def test_fields_and_document_say_the_same() -> None:
    draft = Draft("Fraud", "isolation_forest", {"n_trees": "300", "max_samples": "256"})
    assert draft_of_document(as_document(draft, FOREST)) == draft
    assert draft_of_texts(texts_of(draft)) == draft


def test_a_document_has_every_parameter_in_its_own_type() -> None:
    document = json.loads(as_document(Draft("Near", "knn", {"method": "median"}), KNN))
    assert document["parameters"] == {
        "n_neighbors": None,
        "method": "median",
        "max_reference_rows": 2000,
        "search": "exact",
    }


def test_what_makes_no_sense_stays_as_it_was_entered_and_is_named() -> None:
    draft = Draft("Fraud", "isolation_forest", {"n_trees": "many", "max_samples": "1"})
    found = checked(draft, FOREST)
    assert found.values == {}
    assert found.faults["n_trees"] == "n_trees must be a number, not 'many'"
    assert "between 2 and 65536" in found.faults["max_samples"]
    assert '"n_trees": "many"' in as_document(draft, FOREST)


def test_a_parameter_that_there_is_not_is_named_with_the_closest() -> None:
    found = checked(Draft("Fraud", "isolation_forest", {"n_tree": "9"}), FOREST)
    assert found.faults[DOCUMENT] == "isolation_forest has no parameter 'n_tree'; did you mean 'n_trees'?"


def test_an_empty_parameter_means_its_default() -> None:
    assert checked(Draft("Fraud", "isolation_forest", {"n_trees": ""}), FOREST).values == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "line 1, column 2"),
        ("[]", "three fields"),
        ('{"nam": "x"}', "three fields"),
        ('{"name": 3}', "are texts"),
        ('{"parameters": []}', "names and values"),
        ('{"parameters": {"n_trees": [1]}}', "a number, a text"),
        ('{"parameters": {"n_trees": NaN}}', "no detector has"),
        ("[" * 15_000, "no detector has"),
        ("1" * 15_000, "no detector has"),
    ],
)
def test_a_document_that_describes_no_detector_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        draft_of_document(text)
