"""What goes wrong becomes a page that says what, why and what to do."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from pynomaly.domain.access import Role
from pynomaly.presentation.web.app import create_web
from pynomaly.presentation.web.assets import Assets
from tests.presentation.web.routes_of_pages import UNKNOWN_ID
from tests.presentation.web.whole_program import Numbered, web_program


def test_a_role_that_is_not_enough_is_told_which_is_and_whom_to_ask(browse, installation):
    answer = browse(Role.VIEWER).get("/channels")
    assert answer.status_code == 403
    assert "This needs the role engineer or admin." in answer.text
    assert f"Ask an admin of the workspace for it: {installation.here.furniture.word} admin" in answer.text


def test_admins_who_were_let_go_are_not_named(browse, newcomer, installation):
    _, user_id = newcomer(Role.ADMIN)
    name = installation.here.get(f"/users/{user_id}", Role.ADMIN)["name"]
    change = {"json": {"is_active": False}, "headers": {"If-Match": "*"}}
    assert installation.here.ask("PATCH", f"/users/{user_id}", **change).status_code == 200
    assert name not in browse(Role.VIEWER).get("/channels").text


def test_somebody_who_is_not_signed_in_learns_no_names(browse, installation):
    answer = browse(None).get("/channels")
    assert installation.here.furniture.word not in answer.text


def test_an_unknown_page_says_so_with_the_number_to_ask_about(browse):
    answer = browse(Role.VIEWER).get("/no/such/page", headers={"X-Request-Id": "asked-about"})
    assert answer.status_code == 404
    assert "there is no such page" in answer.text
    assert "asked-about" in answer.text


def test_an_address_that_cannot_be_read_says_which_part(browse):
    answer = browse(Role.ADMIN).get("/deliveries?status=lost")
    assert answer.status_code == 422
    assert "status" in answer.text


def test_a_cursor_that_was_not_given_out_is_refused(browse):
    assert browse(Role.ADMIN).get("/admin/audit?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").status_code == 422


def test_a_part_of_a_page_gets_its_failure_as_a_part(browse):
    answer = browse(Role.VIEWER).get("/channels", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert "<html" not in answer.text
    assert "This needs the role" in answer.text


def test_a_part_asked_for_without_a_session_sends_the_whole_page_to_sign_in(browse):
    answer = browse(None).get("/palette", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_whoever_wants_no_page_gets_a_problem(browse):
    answer = browse(Role.VIEWER).get(f"/detections/{UNKNOWN_ID}", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_method_is_told_as_such(browse):
    assert browse(Role.ADMIN).send("/help").status_code == 405


@pytest.mark.parametrize("body", ["%ff=%fe", "a=" + "x" * 1_100_000, "&".join("a=1" for _ in range(2_100))])
def test_a_form_that_makes_no_sense_is_refused(browse, body):
    admin = browse(Role.ADMIN)
    headers = {
        "Accept": "text/html",
        "Sec-Fetch-Site": "same-origin",
        "X-Form-Token": admin.token,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = admin.client.post("/account/look", content=body, headers=headers, follow_redirects=False)
    assert answer.status_code in (400, 413)


def test_pages_that_were_not_built_say_what_to_run(installation, tmp_path):
    unbuilt = replace(web_program(installation), assets=Assets(tmp_path, "none", frozenset()))
    client = TestClient(Numbered(create_web(unbuilt)), raise_server_exceptions=False)
    answer = client.get("/sign-in", headers={"Accept": "text/html"})
    assert (answer.status_code, "make assets" in answer.text) == (503, True)
