"""What came of datasets, of this workspace and of no other."""

from dataclasses import replace

from pynomaly.application.ports.uses import Learned, LookedAt, Uses
from tests.infrastructure.persistence.examples import dataset, detection, detector, version


def trained(work, name, *dataset_ids):
    """Store a detector with a version from each dataset."""
    made = detector(name)
    work.detectors.add(made)
    for number, one in enumerate(dataset_ids, 1):
        made = made.with_version(replace(version(number), dataset_id=one))
    work.detectors.save(made)
    return made


def test_a_dataset_knows_who_learned_from_it_and_who_looked_at_its_rows(work):
    cards, other = dataset("cards"), dataset("other")
    fraud = trained(work, "fraud", cards.id, cards.id)
    trained(work, "elsewhere", other.id)
    first = detection(dataset_id=cards.id, detector_id=fraud.id)
    second = detection(dataset_id=cards.id, detector_id="gone")
    for one in (first, second, detection(dataset_id=other.id), detection(dataset_id=None)):
        work.detections.add(one)
    uses = work.dataset_uses.of(cards.id, limit=10)
    assert uses.detectors == [Learned(fraud.id, "fraud")]
    assert [(one.detection_id, one.detector) for one in uses.detections] == [(second.id, None), (first.id, "fraud")]
    told = LookedAt(first.id, fraud.id, "fraud", first.n_rows, first.n_anomalies, first.created_at)
    assert uses.detections[1] == told


def test_each_detector_counts_once_for_a_dataset(work):
    cards, other, unused = dataset("cards"), dataset("other"), dataset("unused")
    trained(work, "one", cards.id, cards.id, other.id)
    trained(work, "two", cards.id)
    assert work.dataset_uses.n_detectors([cards.id, other.id, unused.id]) == {cards.id: 2, other.id: 1}
    assert work.dataset_uses.n_detectors([]) == {}


def test_at_most_as_many_uses_are_told_as_were_asked_for(work):
    cards = dataset("cards")
    for number in range(3):
        made = trained(work, f"detector {number}", cards.id)
        work.detections.add(detection(dataset_id=cards.id, detector_id=made.id))
    uses = work.dataset_uses.of(cards.id, limit=2)
    assert (len(uses.detectors), len(uses.detections)) == (2, 2)


def test_uses_in_another_workspace_are_not_seen(transactions, elsewhere):
    cards = dataset("cards")
    with elsewhere.begin() as theirs:
        made = trained(theirs, "fraud", cards.id)
        theirs.detections.add(detection(dataset_id=cards.id, detector_id=made.id))
        theirs.commit()
    with transactions.begin() as work:
        assert work.dataset_uses.of(cards.id, limit=10) == Uses([], [])
        assert work.dataset_uses.n_detectors([cards.id]) == {}
