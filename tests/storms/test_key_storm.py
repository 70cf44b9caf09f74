"""A small storm of duplicates on each kind of database."""

import pytest

from tests.databases import KINDS, fresh_url
from tests.storms.arena import Arena
from tests.storms.key_storm import KeyStormSize, storm


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_one_effect_and_every_training_one_version(kind, tmp_path) -> None:
    with fresh_url(kind) as url:
        assert storm(Arena(tmp_path, url), seed=1, size=KeyStormSize.of("small"))
