"""Secrets stay out of what is told, however others write them back."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pynomaly.application.redaction import HIDDEN, LONGEST, discreet, redacted
from pynomaly.domain.errors import PynomalyError, RemoteRefused, RemoteUnavailable

HOOK = "https://hooks.example.org/services/T0AAAAAA/B0BBBBBB/planted-token?key=planted-key#planted"
TOKEN = "T0/B1&c=2/XyZ z+ÄwQ9"
PASSWORD = 'pa"ss/wörd \\ 7'
TEXT = st.text(st.characters(codec="utf-8"))
WRITTEN = [
    str,
    str.upper,
    repr,
    quote,
    quote_plus,
    lambda text: quote(text, safe=""),
    html.escape,
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    lambda text: text.replace("/", "\\/"),
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
]


@pytest.mark.parametrize(
    "text",
    [
        f"POST {HOOK} failed",
        "no hook planted-token here",
        "T0AAAAAA/B0BBBBBB is unknown",
        "planted-key is wrong",
        "https%3A%2F%2Fhooks.example.org%2Fservices%2FT0AAAAAA%2FB0BBBBBB%2Fplanted-token%3Fkey%3Dplanted-key%23planted",
        f"cut off: {HOOK[:-20]}",
    ],
)
def test_neither_a_secret_address_nor_a_token_of_it_is_told(text) -> None:
    told = redacted(text, [HOOK])
    assert HIDDEN in told
    assert not [word for word in ("planted", "T0AAAAAA", "B0BBBBBB") if word in told]


def test_what_helps_stays() -> None:
    helps = "hooks.example.org gave no answer: https://example.org timed out"
    assert redacted(helps, [HOOK]) == helps


def test_an_address_that_is_none_is_hidden_like_any_other_secret() -> None:
    assert redacted("no http://[planted-token here", ["http://[planted-token"]) == f"no {HIDDEN} here"


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD])
@pytest.mark.parametrize("written", WRITTEN)
def test_a_secret_is_hidden_however_it_is_written(written, secret) -> None:
    assert redacted(f"no: {written(secret)} !", [secret]).rstrip("=! '\"").replace("'", "").replace('"', "") == (
        f"no: {HIDDEN}"
    )


@pytest.mark.parametrize("before", ["", "a", "ad", "ada", "\0ada\0"])
def test_so_it_is_where_base64_wraps_it_with_something_else(before) -> None:
    wrapped = base64.b64encode(f"{before}{TOKEN}!!".encode()).decode()
    told = redacted(f"no: {wrapped}", [TOKEN])
    assert HIDDEN in told
    assert len(told.replace(HIDDEN, "")) < len("no: ") + 14


def test_a_letter_that_grows_in_lower_case_shifts_nothing() -> None:
    assert redacted(f"İİ {TOKEN.upper()} İ", [TOKEN]) == f"İİ {HIDDEN} İ"


def test_a_part_of_a_secret_is_hidden_too() -> None:
    assert redacted("unknown c=2/XyZ z here", [TOKEN]) == f"unknown {HIDDEN} here"


def test_what_is_very_short_is_hidden_where_it_stands_alone() -> None:
    """Within words it would tell which letters it is made of."""
    assert redacted("password 'a' refused at u:a@db", ["a"]) == f"password '{HIDDEN}' refused at u:{HIDDEN}@db"


def test_of_secrets_within_each_other_nothing_is_left() -> None:
    assert redacted("token-abc and token", ["token", "token-abc"]) == f"{HIDDEN} and {HIDDEN}"


def test_an_empty_secret_hides_nothing() -> None:
    assert redacted("as it was", [""]) == "as it was"


def test_what_a_stranger_says_becomes_one_short_printable_line() -> None:
    told = redacted("\x1b[31mno such\r\n\tuser\0\N{RIGHT-TO-LEFT OVERRIDE}evil\x85 here" + "x" * 1000, [])
    assert told.startswith("[31mno such user evil herexxx")
    assert (len(told), told[-1], told.isprintable()) == (LONGEST, "…", True)


@pytest.mark.parametrize("n_before", range(0, 2000, 7))
def test_a_secret_that_the_end_cuts_in_two_is_hidden_too(n_before: int) -> None:
    secret = "0123456789abcdefghij" * 2
    shown = redacted("~" * n_before + secret, [secret], longest=200)
    assert not set(shown) & set("0123456789jf")
    assert len(shown) <= 200


@pytest.mark.parametrize("n_before", range(80))
def test_so_it_is_where_much_was_hidden_before(n_before: int) -> None:
    secret = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 2
    shown = redacted("~" * n_before + f"{secret}~" * 20, [secret], longest=200)
    assert HIDDEN in shown
    assert set(shown) <= set("~…" + HIDDEN)


@given(
    before=TEXT, secret=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=8), after=TEXT
)
def test_nothing_shows_a_secret_whatever_stands_around_it(before: str, secret: str, after: str) -> None:
    assume(secret != HIDDEN)
    shown = redacted(f"{before}{secret}{after}", [secret])
    assert secret not in shown
    assert shown.isprintable()


def test_half_of_a_character_is_no_error_of_ours() -> None:
    assert redacted("half a \ud800 pair", ["half-\ud800-secret"]) == "half a pair"


@pytest.mark.parametrize("kind", [PynomalyError, RemoteRefused])
def test_an_error_keeps_its_class_and_loses_what_is_secret(kind) -> None:
    with pytest.raises(kind, match=r"^user ada with \(hidden\)$") as refused, discreet(["hush"]):
        raise kind("user ada with hush") from ValueError("hush")
    assert type(refused.value) is kind
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_how_long_to_wait_is_not_lost_on_the_way() -> None:
    with pytest.raises(RemoteUnavailable, match="busy with") as busy, discreet(["hush"]):
        raise RemoteUnavailable("busy with hush", retry_after_seconds=90.0)
    assert busy.value.retry_after_seconds == 90.0


def test_an_error_that_tells_nothing_passes_but_not_what_it_came_from() -> None:
    error = RemoteRefused("no such table")
    with pytest.raises(RemoteRefused) as passed, discreet(["hush"]):
        raise error from ValueError("hush")
    assert passed.value is error
    assert passed.value.__cause__ is None


def test_where_there_are_no_secrets_an_error_stays_as_it_is() -> None:
    with pytest.raises(RemoteRefused) as passed, discreet([]):
        raise RemoteRefused("two\nlines") from ValueError("why")
    assert (str(passed.value), str(passed.value.__cause__)) == ("two\nlines", "why")
