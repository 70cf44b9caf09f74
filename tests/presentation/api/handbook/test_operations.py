from types import SimpleNamespace

import pytest

from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.api.handbook.operations import Problem, handbook_of
from tests.service.operations import OPERATIONS


@pytest.fixture(scope="module")
def document():
    return create_app(SimpleNamespace(), version="1.2.3").openapi()


@pytest.fixture(scope="module")
def book(document):
    return handbook_of(document)


@pytest.fixture(scope="module")
def told(book):
    return {one.name: one for resource in book.resources for one in resource.operations}


def test_every_operation_is_told_with_the_permission_it_needs(told):
    assert {(one.name, one.method, one.path, one.permission) for one in told.values()} == {
        (one.name, one.method, one.path, one.permission) for one in OPERATIONS
    }


def test_the_least_role_that_has_a_permission_is_named(told):
    assert told["list_datasets"].role == "viewer"
    assert told["train_detector"].role == "engineer"
    assert told["list_audit"].role == "admin"
    assert told["sign_in"].role is None


def test_no_problem_of_the_document_is_lost(document, book, told):
    common, guarded = set(book.common_problems), set(book.guarded_problems)
    assert Problem(400, "malformed-request") in common
    assert Problem(403, "forbidden") in guarded
    for path in document["paths"].values():
        for operation in path.values():
            one = told[operation["operationId"]]
            problems = common | (guarded if one.permission else set()) | set(one.problems)
            described = " ".join(answer["description"] for answer in operation["responses"].values())
            assert all(f"`{problem.slug}`: " in described for problem in problems)
            assert {str(problem.status) for problem in problems} == {
                status for status in operation["responses"] if int(status) >= 400
            }


def test_the_objects_are_those_that_operations_lead_to(document, book):
    names = {model.name for model in book.models}
    assert {"DatasetAnswer", "ColumnAnswer", "ListedRows", "Problem", "Role"} <= names
    left_out = document["components"]["schemas"].keys() - names
    assert all(name.startswith("PageAnswer_") for name in left_out)


def test_an_operation_says_what_it_takes_and_what_it_answers(told):
    upload = told["upload_dataset"]
    assert upload.summary == "Upload a file as a dataset: its columns are understood, its rows kept."
    assert upload.details == ("It is read in a process of its own with bounded memory, within ten seconds.",)
    assert [(one.name, one.place) for one in upload.parameters if one.is_required] == [("name", "query")]
    assert upload.bodies[0].media_type == "application/octet-stream"
    assert (upload.answers[0].status, upload.answers[0].headers) == (201, ("Location", "ETag"))
    assert told["follow_job"].answers[0].contents[0].words == ("a stream of events",)
