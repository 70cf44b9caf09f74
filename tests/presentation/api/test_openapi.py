import json
import re
from types import SimpleNamespace

import pytest

from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.api.unbounded import unbounded
from pynomaly.presentation.http.problems import PROBLEM_SCHEMA


@pytest.fixture(scope="module")
def document():
    return create_app(SimpleNamespace(), version="1.2.3").openapi()


def test_the_document_is_openapi_3_1_of_this_version(document):
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1.2.3"


def test_every_reference_leads_to_a_schema(document):
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= document["components"]["schemas"].keys()
    assert document["components"]["schemas"]["Problem"] == PROBLEM_SCHEMA
    assert {"ListedRows", "NamedRows"} <= named


def test_everything_a_request_may_hold_is_bounded(document):
    assert unbounded(document) == []


def test_operations_have_names_of_their_own(document):
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z][a-z_]+", name) for name in names)


def test_links_lead_to_operations_and_their_parameters(document):
    operations = {
        operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
    }
    links = [
        link
        for operation in operations.values()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert len(links) > 15
    for link in links:
        known = {parameter["name"] for parameter in operations[link["operationId"]]["parameters"]}
        assert link["parameters"].keys() <= known
