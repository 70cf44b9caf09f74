"""What arrived, compared with what was committed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.storms.event_source import Told
from tests.storms.flapping_receiver import FlappingReceiver, Received
from tests.storms.storm_report import say


def faults_of_events(committed: Sequence[Told], undone: Sequence[Told], receiver: FlappingReceiver) -> Iterator[str]:
    """Say what arrived in figures, and yield every broken promise."""
    received = receiver.received
    ids: dict[str, set[str]] = defaultdict(set)
    for one in received:
        ids[_detection(one)].add(one.id)
    n_repeated = len(received) - len({one.id for one in received})
    say(f"events: {len(committed)} committed, {len(undone)} undone, {len(ids)} arrived, {n_repeated} repetitions")
    if receiver.forged:
        yield f"{receiver.forged} messages had a signature that another implementation does not accept"
    yield from (f"lost: {one.detection}" for one in committed if one.detection not in ids)
    yield from (f"told though it was undone: {one.detection}" for one in undone if one.detection in ids)
    yield from (f"{detection} came under {len(each)} ids" for detection, each in ids.items() if len(each) > 1)
    if len({one.id for one in received}) < len({(one.id, _detection(one)) for one in received}):
        yield "two events came under one id"
    yield from _faults_of_order(committed, received)


def _faults_of_order(committed: Sequence[Told], received: Sequence[Received]) -> Iterator[str]:
    """Compare, for each detector, the order in which its events first arrived with that of their commits."""
    meant, seen = defaultdict(list), defaultdict(list)
    for told in committed:
        meant[told.detector].append(told.detection)
    for detection, detector in {_detection(one): one.content["data"]["detector_id"] for one in received}.items():
        seen[detector].append(detection)
    for detector, detections in meant.items():
        arrived = set(seen[detector])
        if [one for one in seen[detector] if one in set(detections)] != [one for one in detections if one in arrived]:
            yield f"the events of detector {detector[:8]} came out of order"


def _detection(one: Received) -> str:
    return str(one.content["data"]["detection_id"])
