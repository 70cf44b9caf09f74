"""Who may do what: every operation, by every role and every permission of a key, about own and foreign things."""

import json

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.people import signing_key_of
from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.infrastructure.credentials.access_tokens import SignedTokens
from tests.service.installed import installed
from tests.service.operations import OPERATIONS
from tests.service.questions import questions
from tests.service.statuses import status_of

GUARDED = [one for one in OPERATIONS if one.permission is not None]
PUBLIC = {"sign_in", "renew_session", "is_live", "is_ready"}
ENDING = {"sign_out", "change_password"}
"""They end the sessions of whoever asks, and have tests of their own."""
EDITS = {"PATCH", "DELETE"}
STREAMS = {"follow_events", "follow_job"}
NAMES_OTHERS = {
    "detect",
    "run_detection",
    "train_detector",
    "create_schedule",
    "list_detections",
    "score_rows",
    "create_rule",
    "list_deliveries",
    "compare_detections",
}
"""Operations whose query or body names things."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An installation of its own: what is allowed is done."""
    with installed(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture
def principals(house):
    """Everybody of this workspace who can ask: credentials and permissions, by name."""
    people = {role.value: (_token(house, role), ROLE_PERMISSIONS[role]) for role in Role}
    return people | {f"key to {one}": (house.here.keys[one], frozenset({one})) for one in Permission}


@pytest.fixture(scope="module")
def foreign(house):
    """What no answer to this workspace may hold: the word in every name of the other one, and its ids."""
    there = house.elsewhere.furniture
    return {there.word, there.tenant_id, *there.ids.values(), *there.users.values()}


def _token(house, role):
    """Return a token of the day: some operations end sessions."""
    furniture = house.here.furniture
    with house.shared.transactions(Asked(furniture.tenant_id, "the tests")).begin_reading() as work:
        user = work.users.get(furniture.users[role])
    return SignedTokens(signing_key_of(house.shared.settings)).issue(user, house.shared.clock())[0]


def ask(house, operation, address, credentials, **question):
    """Return status and body of an answer, streams included."""
    headers = question.pop("headers", {}) | ({"Authorization": f"Bearer {credentials}"} if credentials else {})
    if operation.name in STREAMS and not question:
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
    asked = {
        name for name, question in questions(house.here.furniture).items() if question.keys() & {"json", "content"}
    }
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
    if operation.name == "look_at_dataset":
        return f"'{Permission.SCORE}'" in detail and name == f"key to {Permission.WRITE_DATASETS}"
    if operation.name in ("cancel_job", "retry_job"):
        return "somebody else" in detail
    return operation.name in ("create_user", "create_api_key") and "give away" in detail and name.startswith("key to")


def _needed(operation):
    """Return all that an operation asks of its caller before it looks at anything."""
    return {operation.permission, Permission.SCORE} if operation.name == "look_at_dataset" else {operation.permission}


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
        token = _token(house, role)
        assert ask(house, operation, address, token, **question)[0] == 204
        if name == "change_password":
            back = {"old_password": question["json"]["new_password"], "new_password": question["json"]["old_password"]}
            assert ask(house, operation, address, _token(house, role), json=back)[0] == 204


@pytest.mark.parametrize("operation", [one for one in GUARDED if one.is_about_a_thing], ids=lambda one: one.name)
def test_what_belongs_to_another_workspace_is_not_found(house, principals, foreign, operation):
    there = house.elsewhere.furniture
    question = questions(house.here.furniture).get(operation.name, {})
    for edits in ({}, {"headers": {"If-Match": "*"}}) if operation.method in EDITS else ({},):
        for credentials, permissions in principals.values():
            if not _needed(operation) <= permissions:
                continue
            status, body = ask(house, operation, operation.address(there.ids), credentials, **question, **edits)
            assert (status, json.loads(body)["type"]) == (404, "/problems/not-found"), body
            assert_nothing_leaks(body, foreign, asked=there.ids.values())


@pytest.mark.parametrize("operation", [one for one in GUARDED if one.name in NAMES_OTHERS], ids=lambda one: one.name)
def test_what_a_request_names_has_to_be_of_its_own_workspace(house, principals, foreign, operation):
    own_things, foreign_things = house.here.furniture, house.elsewhere.furniture
    address = operation.address(own_things.ids)
    question = questions(own_things)[operation.name]
    swapped = [*_swapped(question, own_things, foreign_things)]
    assert swapped
    for asked, foreign_question in swapped:
        for credentials, permissions in principals.values():
            if operation.permission in permissions:
                status, body = ask(house, operation, address, credentials, **foreign_question)
                assert (status, json.loads(body)["type"]) == (404, "/problems/not-found"), body
                assert_nothing_leaks(body, foreign, asked=[asked])


def _swapped(question, own_things, foreign_things):
    """Yield what is foreign, by id and by name, and the question with it in the place of its own counterpart."""
    (kind, content) = next((kind, question[kind]) for kind in ("json", "params") if kind in question)
    counterparts = {
        own_things.things.detector: (foreign_things.things.detector, f"{foreign_things.word} watch"),
        own_things.things.dataset: (foreign_things.things.dataset, f"{foreign_things.word} orders"),
        own_things.things.channel: (foreign_things.things.channel, f"{foreign_things.word} duty"),
        own_things.things.detection: (foreign_things.things.detection,),
    }
    for field, value in content.items():
        for named in value if isinstance(value, list) else [value]:
            for there in counterparts.get(named, ()) if isinstance(named, str) else ():
                yield there, {**question, kind: {**content, field: [there] if isinstance(value, list) else there}}


def assert_nothing_leaks(body, foreign, asked=()):
    """See that an answer has nothing of another workspace in it but what it was asked about."""
    text = body.decode("utf-8", "replace")
    for word in asked:
        text = text.replace(word, "")
    assert not [word for word in foreign if word in text], text


LISTS = [one for one in GUARDED if one.method == "GET" and not one.is_about_a_thing]


@pytest.mark.parametrize("operation", LISTS, ids=lambda one: one.name)
def test_lists_and_streams_hold_nothing_of_another_workspace(house, principals, foreign, operation):
    for credentials, permissions in principals.values():
        if operation.permission in permissions:
            headers = {"headers": {"Last-Event-ID": "0"}} if operation.name == "follow_events" else {}
            status, body = ask(house, operation, operation.address({}), credentials, **headers)
            assert status == 200
            assert_nothing_leaks(body, foreign)


def test_the_other_workspace_does_see_its_things(house, foreign):
    everything = b"".join(
        ask(house, operation, operation.address({}), house.elsewhere.tokens[Role.ADMIN])[1]
        for operation in LISTS
        if operation.name != "follow_events"
    ).decode()
    there = house.elsewhere.furniture
    assert all(word in everything for word in (there.word, there.tenant_id, *there.ids.values()))


def test_a_cursor_of_one_workspace_leads_nowhere_in_another(house):
    cursor = house.elsewhere.get("/users", Role.ADMIN, params={"limit": 1})["next_cursor"]
    answer = house.here.ask_with(_token(house, Role.ADMIN), "GET", "/users", params={"limit": 1, "cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-cursor")


def test_of_an_address_taken_elsewhere_nothing_is_told_but_that_it_is_taken(house, foreign):
    taken = house.elsewhere.furniture.emails[Role.VIEWER]
    person = questions(house.here.furniture)["create_user"]["json"] | {"email": taken}
    answer = house.here.ask_with(_token(house, Role.ADMIN), "POST", "/users", json=person)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-exists")
    assert_nothing_leaks(answer.content, foreign, asked=[taken])


def test_nobody_makes_somebody_who_may_do_more_than_they_may(house):
    keeper = house.here.keys[Permission.MANAGE_USERS]
    person = questions(house.here.furniture)["create_user"]["json"] | {"role": "admin"}
    answer = house.here.ask_with(keeper, "POST", "/users", json=person)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
    viewer = f"/users/{house.here.furniture.users[Role.VIEWER]}"
    promotion = {"json": {"role": "admin"}, "headers": {"If-Match": "*"}}
    assert house.here.ask_with(keeper, "PATCH", viewer, **promotion).status_code == 403
