"""How a browser comes to carry a session, and loses it."""

import time

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.identity import REMEMBERED_SECONDS
from pynomaly.presentation.web.cookies import SESSION
from pynomaly.presentation.web.sign_in import own_address
from tests.service.furnished import PASSWORD

HERE = ("/", "/datasets?x=1", "/detections/abc#rows", "/a//b", "/%2f%2felsewhere.example")
ELSEWHERE = (
    "//elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "https://elsewhere.example",
    "javascript:alert(1)",
    "elsewhere.example",
    "",
    "/a\\b",
    "/a\tb",
    "/\n/elsewhere.example",
    " //elsewhere.example",
    "/\u202eelsewhere",
)


@pytest.mark.parametrize("address", HERE)
def test_a_reader_is_led_back_to_an_address_of_this_server(address):
    assert own_address(address) == address


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_anywhere_else(address):
    assert own_address(address) == "/"


def forget_who_was_known_a_moment_ago():
    """Wait until the server asks its database again who carries a session."""
    time.sleep(REMEMBERED_SECONDS + 0.1)


def sign_in(browse, installation, password=PASSWORD, role=Role.VIEWER, **more):
    stranger = browse(None)
    answer = stranger.send("/sign-in", email=installation.here.furniture.emails[role], password=password, **more)
    return stranger, answer


def test_a_right_password_opens_the_page_that_was_asked_for(browse, installation):
    stranger, answer = sign_in(browse, installation, next="/help#words")
    assert (answer.status_code, answer.headers["location"]) == (303, "/help#words")
    assert "What the words mean" in stranger.shown("/help")


def test_after_signing_in_nobody_is_sent_to_another_server(browse, installation):
    _, answer = sign_in(browse, installation, next="//elsewhere.example")
    assert answer.headers["location"] == "/"


def test_a_wrong_password_says_so_keeps_the_address_and_opens_nothing(browse, installation):
    stranger, answer = sign_in(browse, installation, password="not the one", role=Role.ANALYST)
    assert answer.status_code == 401
    assert "the e-mail address or the password is wrong" in answer.text
    assert f'value="{installation.here.furniture.emails[Role.ANALYST]}"' in answer.text
    assert "not the one" not in answer.text
    assert SESSION not in stranger.client.cookies
    assert stranger.get("/help").status_code == 303


def test_somebody_unknown_is_answered_as_a_wrong_password_is(browse):
    stranger = browse(None)
    known = stranger.send("/sign-in", email="nobody@example.org", password="whatever it is")
    assert known.status_code == 401
    assert "the e-mail address or the password is wrong" in known.text


def test_after_many_wrong_passwords_the_right_one_is_not_looked_at(browse, newcomer, installation):
    _, user_id = newcomer()
    email = installation.here.get(f"/users/{user_id}", Role.ADMIN)["email"]
    stranger = browse(None)
    for _ in range(7):
        stranger.send("/sign-in", email=email, password="wrong every time")
    assert stranger.send("/sign-in", email=email, password=PASSWORD).status_code == 401


def test_hostile_input_is_shown_as_text(browse):
    answer = browse(None).send("/sign-in", email='"><script>alert(1)</script>@x.org', password="whatever it is")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_whoever_is_signed_in_goes_on(browse):
    answer = browse(Role.VIEWER).get("/sign-in", params={"next": "/help"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/help")


def test_a_session_that_makes_no_sense_is_forgotten(browse):
    stranger = browse(None)
    stranger.client.cookies.set(SESSION, "not.a.token")
    answer = stranger.get("/help")
    assert answer.status_code == 303
    assert f'{SESSION}=""' in answer.headers["set-cookie"]


def test_an_api_key_opens_no_page(browse, here):
    stranger = browse(None)
    stranger.client.cookies.set(SESSION, next(iter(here.keys.values())))
    assert stranger.get("/help").status_code == 303


def test_a_ticket_that_nobody_gave_out_opens_nothing(browse):
    answer = browse(None).get("/enter", params={"ticket": "guessed"})
    assert answer.status_code == 401
    assert SESSION not in answer.headers.get("set-cookie", "")


def test_signing_out_ends_the_session_on_every_device_and_wipes_what_was_kept(browse, newcomer):
    phone, user_id = newcomer()
    desk = browse(Role.VIEWER, user_id=user_id)
    answer = desk.send("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?left=yes")
    assert answer.headers["clear-site-data"] == '"storage"'
    forget_who_was_known_a_moment_ago()
    assert phone.get("/help").status_code == 303
    assert "signed out on every device" in desk.shown("/sign-in?left=yes")
