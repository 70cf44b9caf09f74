"""What holds for every page there is: who may see it, and that nobody else's page can send its forms."""

import re
from html.parser import HTMLParser

import pytest

from pynomaly.domain.access import ROLE_PERMISSIONS, Role
from tests.presentation.web.routes_of_pages import addresses

GUARDED = [one for one in addresses() if one.permission is not None]
READ = [one for one in GUARDED if one.method == "GET"]
SENT = [one for one in GUARDED if one.method == "POST"]
SENT_BY_ANYBODY = [one for one in addresses() if one.method == "POST" and one.permission is None]


def words(address):
    return f"{address.method} {address.path}"


def test_the_pages_are_all_there():
    paths = {one.path for one in addresses()}
    assert {"/", "/sign-in", "/channels", "/rules", "/deliveries", "/admin", "/account", "/help", "/palette"} <= paths


@pytest.mark.parametrize("address", GUARDED, ids=words)
def test_a_stranger_is_asked_to_sign_in_and_led_back(browse, address):
    stranger = browse(None)
    send = stranger.get if address.method == "GET" else stranger.send
    answer = send(address.filled)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_shown_what_it_may_see_and_nothing_else(browse, role):
    somebody = browse(role)
    for address in READ:
        is_refused = somebody.get(address.filled).status_code == 403
        assert is_refused == (address.permission not in ROLE_PERMISSIONS[role]), address


@pytest.mark.parametrize("role", list(Role))
def test_each_role_can_send_what_it_may_do_and_nothing_else(browse, role):
    """What is allowed is sent about things that are not there, so that nothing is done."""
    somebody = browse(role)
    for address in SENT:
        is_allowed = address.permission in ROLE_PERMISSIONS[role]
        if is_allowed and not address.names_a_thing:
            continue
        answer = somebody.send(address.filled)
        assert (answer.status_code == 403) == (not is_allowed), address


@pytest.mark.parametrize("address", SENT, ids=words)
def test_a_form_without_its_token_is_refused(browse, address):
    assert browse(Role.ADMIN).send_without_token(address.filled).status_code == 403


@pytest.mark.parametrize("address", SENT, ids=words)
def test_a_form_with_another_users_token_is_refused(browse, address):
    admin, other = browse(Role.ADMIN), browse(Role.ENGINEER)
    assert admin.send_without_token(address.filled, form_token=other.token).status_code == 403


@pytest.mark.parametrize("origin", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
@pytest.mark.parametrize("address", [*SENT, *SENT_BY_ANYBODY], ids=words)
def test_a_form_from_a_page_of_somebody_else_is_refused_whatever_it_carries(browse, address, origin):
    admin = browse(Role.ADMIN)
    answer = admin.client.post(
        address.filled,
        data={"form_token": admin.token},
        headers={"Accept": "text/html", **origin},
        follow_redirects=False,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("address", [one for one in READ if not one.names_a_thing and "{" not in one.path], ids=words)
def test_every_page_keeps_to_the_policy_it_sends(browse, address):
    answer = browse(Role.ADMIN).get(address.filled)
    if not answer.headers["content-type"].startswith("text/html"):
        return
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert not {name for name in attributes_of(answer.text) if name == "style" or name.startswith("on")}
    assert not re.search(r"<script(?![^>]*(src=|type=.application/json))", answer.text)
    assert "<style" not in answer.text


def attributes_of(page: str) -> set[str]:
    """Return the names of all attributes, as a browser reads them."""
    found: set[str] = set()
    reader = HTMLParser()
    reader.handle_starttag = lambda _tag, attributes: found.update(name for name, _ in attributes)
    reader.feed(page)
    return found


@pytest.mark.parametrize("address", [one for one in READ if one.names_a_thing], ids=words)
def test_what_belongs_to_another_workspace_is_not_there(browse, installation, address):
    noun = address.path.split("/")[1 if address.path.split("/")[1] != "admin" else 2]
    known = {**installation.elsewhere.furniture.ids, "rules": installation.elsewhere.things.rule}
    if noun not in known:
        return
    answer = browse(Role.ADMIN).get(address.path.replace("{id}", known[noun]).replace("{row}", "7"))
    assert answer.status_code == 404
    assert installation.elsewhere.furniture.word not in answer.text
