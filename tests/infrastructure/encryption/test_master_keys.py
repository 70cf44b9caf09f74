import base64
from dataclasses import replace

import pytest

from pynomaly.application.ports.secrets import WrappedKey
from pynomaly.domain.errors import InvalidRequest, SealBroken
from pynomaly.infrastructure.encryption.master_keys import MasterKeys, key_id

PLACE = ("tenant", "data key", "k1")
FIELD = ("tenant", "channel", "c1", "url")
ORIGIN = "PYNOMALY_MASTER_KEYS"


def _keys(*texts: str) -> MasterKeys:
    return MasterKeys.read(texts, origin=ORIGIN)


def _made(keys: MasterKeys) -> WrappedKey:
    return WrappedKey(PLACE, keys.current, keys.new_data_key(PLACE))


def test_what_a_workspaces_key_sealed_it_opens_in_its_place_alone() -> None:
    keys = _keys(MasterKeys.new())
    wrapped = _made(keys)
    sealed = keys.seal(wrapped, FIELD, b"secret")
    assert keys.unseal(wrapped, FIELD, sealed) == b"secret"
    for moved in (replace(wrapped, place=("other", *PLACE[1:])), replace(wrapped, wrapped=wrapped.wrapped[:-1])):
        with pytest.raises(SealBroken):
            keys.unseal(moved, FIELD, sealed)
    with pytest.raises(SealBroken):
        keys.unseal(_made(keys), FIELD, sealed)


def test_a_new_master_key_seals_and_the_old_one_still_opens() -> None:
    old, new = MasterKeys.new(), MasterKeys.new()
    wrapped = _made(_keys(old))
    sealed = _keys(old).seal(wrapped, FIELD, b"secret")
    both = _keys(new, old)
    assert both.current == _keys(new).current
    assert both.unseal(wrapped, FIELD, sealed) == b"secret"
    rewrapped = replace(
        wrapped, master_key=both.current, wrapped=both.rewrap(PLACE, wrapped.master_key, wrapped.wrapped)
    )
    assert _keys(new).unseal(rewrapped, FIELD, sealed) == b"secret"
    with pytest.raises(SealBroken):
        _keys(old).unseal(rewrapped, FIELD, sealed)


def test_a_master_key_that_was_taken_away_too_early_is_named() -> None:
    old = _keys(MasterKeys.new())
    with pytest.raises(
        SealBroken, match=f"{old.current} is not among PYNOMALY_MASTER_KEYS any more; add it at the end"
    ):
        _keys(MasterKeys.new()).seal(_made(old), FIELD, b"secret")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "32 random bytes in base64"),
        ("short", "32 random bytes in base64"),
        ("not base64!" * 4, "32 random bytes in base64"),
        (base64.b64encode(b"x" * 31).decode(), "32 random bytes"),
        (base64.b64encode(b"x" * 32).decode(), "can be guessed"),
        (base64.b64encode(b"0123456789abcdef" * 3).decode(), "32 random bytes"),
        (base64.b64encode(b"abcdabcdabcdabcdabcdabcdabcdabcd").decode(), "can be guessed"),
    ],
)
def test_what_is_no_good_key_is_refused_with_how_to_make_one(text: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"PYNOMALY_MASTER_KEYS: .*{words}.*make one with: pynomaly admin"):
        _keys(text)


def test_without_any_key_nothing_is_sealed() -> None:
    with pytest.raises(InvalidRequest, match="PYNOMALY_MASTER_KEYS holds no key; make one with"):
        _keys()


def test_keys_are_not_shown() -> None:
    text = MasterKeys.new()
    raw = base64.b64decode(text)
    assert text not in repr(_keys(text))
    assert repr(raw) not in repr(_keys(text))
    assert key_id(raw) not in (text, raw.hex())
