"""What receivers say is shown, but for what they repeat of a secret."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pynomaly.infrastructure.notifications.redaction import HIDDEN, LONGEST_SHOWN, Redaction, secrets_of_sign_in

TOKEN = "T0/B1&c=2/XyZ z+ÄwQ9"
TEXT = st.text(st.characters(codec="utf-8"))


def test_a_reply_without_secrets_is_shown_as_one_printable_line() -> None:
    reply = b"\x1b[31mno such\r\n\tuser\0\xff \xe2\x80\xaeevil\xc2\x85 here"
    assert Redaction([TOKEN]).shown(reply) == "[31mno such user \N{REPLACEMENT CHARACTER} evil here"


@pytest.mark.parametrize(
    "written",
    [
        str,
        str.upper,
        quote,
        quote_plus,
        html.escape,
        lambda text: json.dumps(text)[1:-1],
        lambda text: text.replace("/", "\\/"),
        lambda text: base64.b64encode(text.encode()).decode(),
    ],
)
def test_a_secret_is_hidden_however_it_is_written(written) -> None:
    assert Redaction([TOKEN]).shown(f"no: {written(TOKEN)} !".encode()).rstrip("=! ") == f"no: {HIDDEN}"


def test_a_letter_that_grows_in_lower_case_shifts_nothing() -> None:
    assert Redaction([TOKEN]).shown(f"İİ {TOKEN.upper()} İ".encode()) == f"İİ {HIDDEN} İ"


def test_so_is_a_part_of_it() -> None:
    assert Redaction([TOKEN]).shown(b"unknown c=2/XyZ z here") == f"unknown {HIDDEN} here"
    assert Redaction(["pw"]).shown(b"pw is not pwd") == f"{HIDDEN} is not {HIDDEN}d"


def test_so_is_what_a_sign_in_makes_of_it() -> None:
    plain = base64.b64encode(b"\0ada\0s3cret-of-ada")
    shown = Redaction(secrets_of_sign_in("ada", "s3cret-of-ada")).shown(b"what is " + plain + b"?")
    assert shown.startswith(f"what is {HIDDEN}")
    assert len(shown) < len(f"what is {HIDDEN}") + 4


@pytest.mark.parametrize("n_before", range(0, 2000, 7))
def test_a_secret_that_the_end_cuts_in_two_is_hidden_too(n_before: int) -> None:
    secret = "0123456789abcdefghij" * 2
    shown = Redaction([secret]).shown(b"~" * n_before + secret.encode())
    assert not set(shown) & set("0123456789jf")
    assert len(shown) <= LONGEST_SHOWN


@pytest.mark.parametrize("n_before", range(80))
def test_so_it_is_where_much_was_hidden_before(n_before: int) -> None:
    secret = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 2
    shown = Redaction([secret]).shown(b"~" * n_before + f"{secret}~".encode() * 20)
    assert HIDDEN in shown
    assert set(shown) <= set("~" + HIDDEN)


@given(
    before=TEXT, secret=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=8), after=TEXT
)
def test_no_reply_shows_a_secret_whatever_stands_around_it(before: str, secret: str, after: str) -> None:
    assume(secret != HIDDEN)
    shown = Redaction([secret]).shown(f"{before}{secret}{after}".encode())
    assert secret not in shown
    assert shown.isprintable()


def test_it_does_not_show_itself() -> None:
    assert "s3cret" not in repr(Redaction(["s3cret"]))
