"""Help: the words and keys that the product uses."""

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.web.commands import COMMANDS
from pynomaly.presentation.web.glossary import WORDS


def test_each_word_stands_once_and_can_be_linked_to(browse):
    slugs = [word.slug for word in WORDS]
    assert len(slugs) == len(set(slugs))
    shown = browse(Role.VIEWER).shown("/help")
    for word in WORDS:
        assert f'id="{word.slug.replace(" ", "-").lower()}"' in shown


@pytest.mark.parametrize(
    "word",
    [
        "dataset",
        "detector",
        "detection",
        "anomaly",
        "alarm",
        "score",
        "severity",
        "p-value",
        "confidence",
        "threshold",
        "budget",
        "verdict",
    ],
)
def test_the_words_of_the_product_are_explained(word):
    assert word in {known.slug for known in WORDS}


def test_keys_that_lead_somewhere_lead_to_one_place_each():
    keys = [command.keys for command in COMMANDS if command.keys]
    assert len(keys) == len(set(keys))


def test_nobody_is_offered_a_key_to_what_they_may_not_see(browse):
    assert 'data-keys="g c"' not in browse(Role.VIEWER).shown("/help")
    assert 'data-keys="g c"' in browse(Role.ENGINEER).shown("/help")


def test_the_version_is_told(browse, installation):
    assert "Version " in browse(Role.VIEWER).shown("/help")
