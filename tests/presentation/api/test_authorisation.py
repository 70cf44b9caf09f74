"""Who may do what: every operation, by every role and every permission of a key, about own and foreign things."""

import json
import re

import pytest
from starlette.testclient import TestClient
from tests.service.installed import PREFIX, installed, signed_in
from tests.service.operations import OPERATIONS
from tests.service.questions import questions
from tests.service.statuses import status_of

from pynomaly.assembly.people import people_of, signing_key_of
from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.infrastructure.credentials.access_tokens import SignedTokens
from pynomaly.application.ports.asking import Asked

GUARDED = [one for one in OPERATIONS if one.permission is not None]
PUBLIC = {"sign_in", "renew_session", "is_live", "is_ready"}
ENDING = {"sign_out", "change_password"}
"""They end the sessions of whoever asks, and have tests of their own."""
EDITS = {"PATCH", "DELETE"}
NAMES_OTHERS = {"detect", "run_detection", "train_detector", "create_schedule", "list_detections", "score_rows"}
"""Operations whose query or body names things."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An installation of its own: what is allowed is done."""
    with installed(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture(scope="module")
def principals(house):
    """Everybody of this workspace who can ask: credentials and permissions, by name."""
    here = house.here
    people = {role.value: (here.tokens[role], ROLE_PERMISSIONS[role]) for role in Role}
    return people | {f"key to {one}": (here.keys[one], frozenset({one})) for one in Permission}


def ask(house, operation, address, credentials, **question):
    """Return status and body of an answer, streams included."""
    headers = question.pop("headers", {}) | ({"Authorization": f"Bearer {credentials}"} if credentials else {})
    if operation.name == "follow_events":
        return status_of(house.application, operation.method, address, headers)
    answer = house.client.request(operation.method, address, headers=headers, **question)
    return answer.status_code, answer.content


def own(house, operation):
    return operation.address(house.here.furniture.ids), questions(house.here.furniture).get(operation.name, {})


def test_what_is_public_is_this():
    assert {one.name for one in OPERATIONS if one.permission is None} == PUBLIC


def test_every_operation_that_takes_a_body_is_asked_with_one(house):
    document = house.client.get("/api/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    with_body = {operation["operationId"] for operation in operations if "requestBody" in operation}
    asked = {name for name, question in questions(house.here.furniture).items() if question.keys() & {"json", "content"}}
    assert asked == with_body
    assert {operation["operationId"] for operation in operations} == {one.name for one in OPERATIONS}


@pytest.mark.parametrize("operation", GUARDED, ids=lambda one: one.name)
def test_nobody_is_told_to_sign_in_before_anything_else_is_looked_at(house, operation):
    address, question = own(house, operation)
    for sent in (question, {"params": {"unknown": "1"}}, {"content": b"{", "headers": {"Content-Type": "a/b"}}):
        for credentials in (None, "nonsense"):
            status, body = ask(house, operation, address, credentials, **sent)
            assert (status, json.loads(body)["type"]) == (401, "/problems/not-signed-in")


@pytest.mark.parametrize("operation", [one for one in GUARDED if one.name not in ENDING], ids=lambda one: one.name)
def test_an_operation_is_for_those_who_have_its_permission(house, principals, operation):
    for name, (credentials, permissions) in principals.items():
        address, question = own(house, operation)
        status, body = ask(house, operation, address, credentials, **question)
        if operation.permission in permissions:
            assert status not in (401, 403) or _is_of_another(name, operation, body), (name, status, body)
        else:
            assert (status, json.loads(body)["type"]) == (403, "/problems/forbidden"), (name, body)
            assert f"'{operation.permission}'" in json.loads(body)["detail"]


def _is_of_another(name, operation, body):
    """Whether the refusal is of what was asked for, and rightly: more than one has, or a job of somebody else."""
    detail = json.loads(body)["detail"]
    if operation.name in ("cancel_job", "retry_job"):
        return "somebody else" in detail
    return operation.name in ("create_user", "create_api_key") and "give away" in detail and name.startswith("key to")


@pytest.mark.parametrize("name", sorted(ENDING))
def test_people_end_their_own_sessions_and_programs_have_none(house, principals, name):
    operation = next(one for one in OPERATIONS if one.name == name)
    address, question = own(house, operation)
    for principal, (credentials, permissions) in principals.items():
        if not principal.startswith("key to"):
            continue
        status, body = ask(house, operation, address, credentials, **question)
        assert status == 403, body
        assert ("API key" in json.loads(body)["detail"]) is (Permission.READ in permissions)
    for role in Role:
        token = _fresh_token(house, role)
        assert ask(house, operation, address, token, **question)[0] == 204
        if name == "change_password":
            back = {"old_password": question["json"]["new_password"], "new_password": question["json"]["old_password"]}
            assert ask(house, operation, address, _fresh_token(house, role), json=back)[0] == 204


def _fresh_token(house, role):
    furniture = house.here.furniture
    with house.shared.transactions(Asked(furniture.tenant_id, "tests")).begin_reading() as work:
        user = work.users.get(furniture.users[role])
    return SignedTokens(signing_key_of(house.shared.settings)).issue(user, house.shared.clock())[0]
