"""A small storm of events, so that whatever the large one rests on holds at every change."""

import pytest

from tests.databases import fresh_url
from tests.storms.arena import Arena
from tests.storms.event_storm import EventStormSize, storm


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_event_arrives_in_order_whoever_is_killed_and_however_the_receiver_flaps(kind: str, tmp_path) -> None:
    with fresh_url(kind) as url:
        assert storm(Arena(tmp_path, url), seed=1, size=EventStormSize.of("small"))
