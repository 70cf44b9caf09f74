import pytest

from pynomaly.application.redaction import HIDDEN, redacted

HOOK = "https://hooks.example.org/services/T0AAAAAA/B0BBBBBB/planted-token?key=planted-key#planted"


@pytest.mark.parametrize(
    "text",
    [
        f"POST {HOOK} failed",
        "no hook planted-token here",
        "T0AAAAAA/B0BBBBBB is unknown",
        "planted-key is wrong",
        "https%3A%2F%2Fhooks.example.org%2Fservices%2FT0AAAAAA%2FB0BBBBBB%2Fplanted-token%3Fkey%3Dplanted-key%23planted",
    ],
)
def test_neither_a_secret_address_nor_a_token_of_it_is_told(text) -> None:
    told = redacted(text, [HOOK])
    assert HIDDEN in told
    assert not [word for word in ("planted", "T0AAAAAA", "B0BBBBBB") if word in told]


def test_what_helps_stays() -> None:
    assert redacted("hooks.example.org gave no answer: timed out", [HOOK]) == (
        "hooks.example.org gave no answer: timed out"
    )


def test_of_secrets_within_each_other_nothing_is_left() -> None:
    assert redacted("token-abc and token", ["token", "token-abc"]) == f"{HIDDEN} and {HIDDEN}"


def test_an_empty_secret_hides_nothing() -> None:
    assert redacted("as it was", [""]) == "as it was"


def test_what_a_stranger_says_becomes_one_short_line() -> None:
    told = redacted("one\r\ntwo\x1b[31m" + "x" * 1000, [])
    assert told.startswith("one  two [31mxxx")
    assert len(told) == 500
    assert told.isprintable()
