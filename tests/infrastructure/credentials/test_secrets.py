import pytest

from pynomaly.infrastructure.credentials.secrets import RandomSecrets

SECRETS = RandomSecrets()


def test_a_key_carries_its_id_and_its_hash_is_found_again():
    made = SECRETS.new_api_key("a" * 32)
    assert SECRETS.parse_api_key(made.text) == ("a" * 32, made.hash)
    assert made.hash not in made.text


def test_secrets_have_256_random_bits():
    texts = {SECRETS.new_refresh_token().text for _ in range(100)}
    assert len(texts) == 100
    assert {len(text) for text in texts} == {43}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pyn_",
        "pyn_" + "a" * 32,
        "pyn_" + "a" * 32 + "_short",
        "pyn_" + "A" * 32 + "_" + "x" * 43,
        "PYN_" + "a" * 32 + "_" + "x" * 43,
        "pyn_" + "a" * 32 + "_" + "x" * 43 + "\n",
        "pyn_" + "a" * 31 + "é_" + "x" * 43,
    ],
)
def test_what_has_not_the_form_of_a_key_is_none(text):
    assert SECRETS.parse_api_key(text) is None


def test_any_text_can_be_hashed():
    assert len(SECRETS.hash("\ud800")) == 64
    assert SECRETS.are_equal("ä", "ä")
    assert not SECRETS.are_equal("", "ä")
