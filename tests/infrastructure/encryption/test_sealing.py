"""What is sealed opens with its key in its place, and nowhere else; vectors from NIST and checks by another library."""

from itertools import product

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.errors import SealBroken
from pynomaly.infrastructure.encryption.sealing import new_key, seal, unseal

PLACE = ("tenant", "channel", "c1", "url")
KEY = bytes(range(32))


@given(st.binary(max_size=2000), st.lists(st.text(max_size=20), max_size=5).map(tuple))
def test_what_is_sealed_opens_again(content: bytes, place: tuple[str, ...]) -> None:
    assert unseal(KEY, place, seal(KEY, place, content)) == content


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_no_two_places_are_mistaken_for_each_other(one: list[str], other: list[str]) -> None:
    sealed = seal(KEY, tuple(one), b"secret")
    if one == other:
        assert unseal(KEY, tuple(other), sealed) == b"secret"
    else:
        with pytest.raises(SealBroken):
            unseal(KEY, tuple(other), sealed)


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("other", "channel", "c1", "url"),
        ("tenant", "source", "c1", "url"),
        ("tenant", "channel", "c2", "url"),
        ("tenant", "channel", "c1", "secret"),
        ("tenant", "channel", "c", "1url"),
        ("tenantchannel", "", "c1", "url"),
        ("tenant", "channel", "c1"),
        (),
    ],
)
def test_a_moved_ciphertext_does_not_open(elsewhere: tuple[str, ...]) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, elsewhere, seal(KEY, PLACE, b"https://hooks.example/T0"))


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken, match="set it anew"):
        unseal(new_key(), PLACE, seal(KEY, PLACE, b"secret"))


def test_any_altered_bit_is_noticed() -> None:
    sealed = seal(KEY, PLACE, b"secret")
    for place, bit in product(range(len(sealed)), range(8)):
        altered = bytearray(sealed)
        altered[place] ^= 1 << bit
        with pytest.raises(SealBroken):
            unseal(KEY, PLACE, bytes(altered))


def test_any_shortened_one_is_noticed() -> None:
    sealed = seal(KEY, PLACE, b"secret")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(KEY, PLACE, sealed[:length])


def test_the_same_secret_never_looks_the_same() -> None:
    assert len({seal(KEY, PLACE, b"secret") for _ in range(200)}) == 200


def test_it_is_plain_aes_gcm_with_the_place_as_associated_data() -> None:
    """Opened with the library's lower interface, so that any other tool can read a backup."""
    sealed = seal(KEY, ("a", "bc"), b"secret")
    nonce, ciphertext, tag = sealed[1:13], sealed[13:-16], sealed[-16:]
    opening = Cipher(algorithms.AES256(KEY), modes.GCM(nonce, tag)).decryptor()
    opening.authenticate_additional_data(b"\0\0\0\x01a\0\0\0\x02bc")
    assert opening.update(ciphertext) + opening.finalize() == b"secret"
    assert sealed[:1] == b"\x01"
