"""Messages on their way, and those that did not arrive: listed, read, sent again."""

import secrets
from datetime import UTC, datetime

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.delivery import DeliveryStatus
from tests.infrastructure.persistence.examples import delivery


@pytest.fixture
def engineer(browse):
    return browse(Role.ENGINEER)


@pytest.fixture
def failed(installation):
    """A message of a channel of its own that was given up, with what the other side said."""
    asked = Asked(installation.here.furniture.tenant_id, "the tests")
    channel = open_workspace(installation.shared, asked).create_channel(
        name=f"lost {secrets.token_hex(4)}", kind="bell", settings={}, secrets={}
    )
    lost = delivery(
        channel.id, status=DeliveryStatus.FAILED, ended_at=datetime.now(UTC), last_error="it said <b>no</b>", attempt=7
    )
    with installation.shared.transactions(asked).begin() as work:
        work.deliveries.add(lost)
        work.commit()
    return lost.id


def test_a_message_shows_what_it_says_and_how_it_stands(engineer, installation):
    shown = engineer.shown(f"/deliveries/{installation.here.things.delivery}")
    assert "rows stand out" in shown
    assert "waiting" in shown
    assert f"/detections/{installation.here.things.detection}" in shown


def test_a_message_that_failed_says_why_in_the_other_sides_words_as_text(engineer, failed):
    for page in (f"/deliveries/{failed}", "/deliveries?status=failed"):
        shown = engineer.shown(page)
        assert "it said &lt;b&gt;no&lt;/b&gt;" in shown
        assert "<b>no</b>" not in shown


def test_a_message_that_failed_is_sent_again(engineer, here, failed):
    answer = engineer.send(f"/deliveries/{failed}/retry")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/deliveries/{failed}")
    assert here.get(f"/deliveries/{failed}", Role.ENGINEER)["status"] == "waiting"
    again = engineer.send(f"/deliveries/{failed}/retry")
    assert again.status_code == 409
    assert "only one that failed can be retried" in again.text


def test_the_list_is_narrowed_by_how_they_stand_and_by_channel(engineer, installation, failed):
    of_status = engineer.shown("/deliveries?status=failed")
    assert failed in of_status
    assert installation.here.things.delivery not in of_status
    of_channel = engineer.shown(f"/deliveries?channel={installation.here.things.channel}")
    assert failed not in of_channel
    assert installation.here.things.delivery in of_channel


def test_where_none_stands_so_the_page_says_so(engineer):
    assert "No delivery stands so" in engineer.shown("/deliveries?status=sending")


def test_a_channel_that_is_not_there_is_not_found(engineer, installation):
    assert engineer.get(f"/deliveries?channel={installation.elsewhere.things.channel}").status_code == 404


@pytest.mark.parametrize("status", list(DeliveryStatus))
def test_every_way_to_stand_has_a_word(engineer, status):
    assert engineer.get(f"/deliveries?status={status}").status_code == 200
