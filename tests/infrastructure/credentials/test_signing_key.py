import secrets

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.credentials.signing_key import checked_key, derived

GOOD = "Zk3vQ9xN2bL7mR4tY8wC1pD6sF0hJ5gA"


def test_a_good_key_is_taken_as_it_is():
    assert checked_key(GOOD) == GOOD.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        GOOD[:31],
        "a" * 64,
        "abcabcabcabcabcabcabcabcabcabcabcabc",
        "changeme" + GOOD,
        GOOD + "-Secret-Key-example",
        "your-256-bit-secret-your-256-bit-secret",
        "0123456789abcdef0123456789abcdef0123456789abcdef",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "a-string-secret-at-least-256-bits-long",
        "django-insecure-" + GOOD,
        "abcdefghijklmnopqrstuvwxyzabcdef",
        "ThisIsMySuperSecretPassword-Zk3vQ9xN2bL7",
        GOOD[:16] + GOOD[:16],
        GOOD[:13] * 3,
        (GOOD[:20] * 2)[:39],
    ],
)
def test_a_key_that_is_short_plain_or_a_sample_is_refused_with_advice(text):
    with pytest.raises(InvalidRequest, match=r"secrets\.token_urlsafe"):
        checked_key(text)


def test_a_key_of_any_bytes_is_taken_as_the_environment_held_it():
    held = bytes(range(200, 240))
    assert checked_key(held.decode("utf-8", "surrogateescape")) == held


def test_random_keys_in_any_usual_notation_are_taken():
    for _ in range(500):
        for text in (secrets.token_hex(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48)):
            assert checked_key(text) == text.encode()


def test_derived_keys_differ_by_purpose_and_from_the_key():
    assert derived(b"k" * 40, "a") != derived(b"k" * 40, "b")
    assert len(derived(b"k" * 40, "a")) == 32
