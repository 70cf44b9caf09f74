"""The judge of events: it has to see what was lost, doubled, told though undone, and out of order."""

import numpy as np
import pytest

from tests.storms.event_judgement import faults_of_events
from tests.storms.event_source import Told
from tests.storms.flapping_receiver import FlappingReceiver, Received

COMMITTED = [Told("d", "one"), Told("e", "two"), Told("d", "three")]


def _receiver(*arrived: tuple[str, str, str]) -> FlappingReceiver:
    receiver = FlappingReceiver("whsec_", np.random.default_rng(0))
    for message_id, detector, detection in arrived:
        data = {"detector_id": detector, "detection_id": detection}
        receiver.received.append(Received(message_id, "/", {"data": data}))
    return receiver


GOOD = (("1", "d", "one"), ("3", "d", "three"), ("2", "e", "two"))


def test_each_once_or_again_under_its_id_and_in_order_per_detector_is_well() -> None:
    assert list(faults_of_events(COMMITTED, [], _receiver(*GOOD))) == []
    assert list(faults_of_events(COMMITTED, [], _receiver(*GOOD, ("1", "d", "one")))) == []


@pytest.mark.parametrize(
    ("arrived", "fault"),
    [
        (GOOD[:2], "lost: two"),
        ((*GOOD, ("4", "d", "nine")), "told though it was undone: nine"),
        ((*GOOD, ("4", "d", "one")), "one came under 2 ids"),
        ((*GOOD[:2], ("1", "e", "two")), "two events came under one id"),
        ((("3", "d", "three"), ("1", "d", "one"), ("2", "e", "two")), "the events of detector d came out of order"),
    ],
)
def test_a_broken_promise_is_seen(arrived, fault: str) -> None:
    assert list(faults_of_events(COMMITTED, [Told("d", "nine")], _receiver(*arrived))) == [fault]


def test_a_signature_that_another_does_not_accept_is_seen() -> None:
    receiver = _receiver(*GOOD)
    receiver.forged = 1
    assert len(list(faults_of_events(COMMITTED, [], receiver))) == 1
