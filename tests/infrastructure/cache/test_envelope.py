import hashlib
import hmac
import struct

import pytest

from pynomaly.infrastructure.cache.envelope import sealed, unsealed

SECRET, KEY = b"s" * 32, b"pynomaly:1:acme:model:a"
WHOLE = sealed(SECRET, KEY, b"content", until_ms=1_700_000_000_123)


def test_what_was_sealed_opens_with_its_time():
    assert unsealed(SECRET, KEY, WHOLE) == (b"content", 1_700_000_000_123)
    assert unsealed(SECRET, KEY, sealed(SECRET, KEY, b"", until_ms=0)) == (b"", 0)


def test_the_bytes_are_as_described():
    head = struct.pack(">4sBQQ", b"PYNC", 1, 1_700_000_000_123, 7)
    mac = hmac.digest(SECRET, struct.pack(">I", len(KEY)) + KEY + head + b"content", hashlib.sha256)
    assert head + mac + b"content" == WHOLE


def test_no_other_key_and_no_other_secret_opens_it():
    assert unsealed(SECRET, KEY + b"b", WHOLE) is None
    assert unsealed(SECRET, KEY.replace(b"acme", b"other"), WHOLE) is None
    assert unsealed(b"t" * 32, KEY, WHOLE) is None


def test_the_border_between_key_and_content_cannot_be_moved():
    longer = sealed(SECRET, KEY, b"content", until_ms=0)
    assert unsealed(SECRET, KEY + longer[:1], longer[1:]) is None


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_part_of_it_is_nothing(length):
    assert unsealed(SECRET, KEY, WHOLE[:length]) is None


def test_anything_behind_it_makes_it_nothing():
    assert unsealed(SECRET, KEY, WHOLE + b"\0") is None


@pytest.mark.parametrize("position", range(len(WHOLE)))
def test_one_changed_bit_makes_it_nothing(position):
    changed = bytearray(WHOLE)
    changed[position] ^= 1
    assert unsealed(SECRET, KEY, bytes(changed)) is None
