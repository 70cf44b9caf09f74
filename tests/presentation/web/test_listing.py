"""Long lists a page at a time."""

import pytest

from pynomaly.domain.access import Role


@pytest.fixture(scope="module")
def crowded(here):
    """More rules than one page shows."""
    for number in range(55):
        here.post(
            "/notification-rules",
            json={"name": f"crowd {number:03d}", "occasion": "job_failed", "channel_ids": [here.things.channel]},
        )


def test_a_page_shows_fifty_and_leads_to_the_rest_without_a_gap(browse, crowded):
    engineer, seen, address = browse(Role.ENGINEER), [], "/rules"
    while address:
        shown = engineer.shown(address)
        names = [part.partition("<")[0] for part in shown.split("crowd ")[1:]]
        seen += [name for name in names if len(name) == 3]
        assert len(names) <= 50
        before, more, _ = shown.partition("Show older ones")
        address = before.rpartition('href="')[2].partition('"')[0] if more else ""
    assert seen == [f"{number:03d}" for number in reversed(range(55))]


def test_a_later_page_leads_back_to_the_newest(browse, crowded):
    engineer = browse(Role.ENGINEER)
    first = engineer.shown("/rules")
    assert "To the newest" not in first
    address = first.partition("Show older ones")[0].rpartition('href="')[2].partition('"')[0]
    assert '<a href="/rules">To the newest</a>' in engineer.shown(address)


def test_a_cursor_of_another_list_is_refused(browse, crowded):
    engineer = browse(Role.ENGINEER)
    address = engineer.shown("/rules").partition("Show older ones")[0].rpartition('href="')[2].partition('"')[0]
    assert engineer.get(address.replace("/rules", "/channels")).status_code == 422
