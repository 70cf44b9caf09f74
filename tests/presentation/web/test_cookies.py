"""What browsers keep: how it is marked, and what is believed of what they send back."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response

from pynomaly.presentation.web import cookies

LATER = datetime.now(UTC) + timedelta(hours=12)


def asked(cookie="", scheme="https"):
    headers = [(b"host", b"here.example"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers, "scheme": scheme}
    return Request({**scope, "server": ("here.example", 443)})


def kept(keep, *given, scheme="https", **named):
    response = Response()
    keep(asked(scheme=scheme), response, *given, **named)
    return response.headers["set-cookie"]


@pytest.mark.parametrize(
    "cookie",
    [
        kept(cookies.keep_session, "token", LATER),
        kept(cookies.drop_session),
        kept(cookies.keep_theme, "dark"),
        kept(cookies.keep_keys, are_on=False),
        kept(cookies.keep_notice, "done"),
        kept(cookies.drop_notice),
    ],
)
def test_no_cookie_is_shown_to_scripts_or_sent_by_other_sites_or_without_tls(cookie):
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "samesite=lax", "secure", "path=/"} <= parts


def test_over_plain_http_a_cookie_is_kept_all_the_same():
    assert "Secure" not in kept(cookies.keep_session, "token", LATER, scheme="http")


def test_a_session_ends_when_its_token_does():
    assert LATER.strftime("%d %b %Y %H:%M:%S GMT") in kept(cookies.keep_session, "token", LATER)


@pytest.mark.parametrize(
    ("cookie", "theme"), [(f"{cookies.THEME}=dark", "dark"), (f"{cookies.THEME}=pink", "system"), ("", "system")]
)
def test_a_look_that_there_is_not_is_taken_for_none(cookie, theme):
    assert cookies.theme_of(asked(cookie)) == theme


@pytest.mark.parametrize(("cookie", "keys"), [(f"{cookies.KEYS}=off", "off"), (f"{cookies.KEYS}=x", "on"), ("", "on")])
def test_single_keys_are_on_until_they_are_turned_off(cookie, keys):
    assert cookies.keys_of(asked(cookie)) == keys


def test_a_notice_comes_back_as_it_was_said_whatever_signs_are_in_it():
    sentence = 'Channel "Δ; duty=1" is kept.'
    sent = kept(cookies.keep_notice, sentence).partition(";")[0]
    assert cookies.notice_of(asked(sent)) == sentence


def test_a_notice_cannot_grow():
    sent = kept(cookies.keep_notice, "x" * 10_000).partition(";")[0]
    assert len(cookies.notice_of(asked(sent))) == cookies.MOST_NOTICE
    assert len(cookies.notice_of(asked(f"{cookies.NOTICE}={'y' * 5_000}"))) == cookies.MOST_NOTICE
