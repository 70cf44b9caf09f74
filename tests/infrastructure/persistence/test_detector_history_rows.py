from dataclasses import replace
from datetime import timedelta

from pynomaly.domain.events import DetectorTrained, VersionPromoted
from tests.infrastructure.persistence.examples import NOON, dataset, detection, detector, schedule, training_run


def test_the_newest_look_of_each_detector_is_told_without_its_rows(work) -> None:
    first, second, idle = detector("first"), detector("second"), detector("idle")
    looks = [_look(owner, minute) for minute, owner in enumerate((first, second, first))]
    for one in looks:
        work.detections.add(one)
    found = work.detector_histories.last_looks([first.id, second.id, idle.id])
    assert {key: look.detection_id for key, look in found.items()} == {first.id: looks[2].id, second.id: looks[1].id}
    told = found[first.id]
    assert (told.n_rows, told.n_anomalies, told.notes) == (looks[2].n_rows, looks[2].n_anomalies, looks[2].notes)


def test_a_detectors_looks_come_newest_first_and_no_more_than_asked_for(work) -> None:
    owner = detector()
    looks = [_look(owner, minute) for minute in range(3)]
    for one in (*looks, _look(detector("other"), 9)):
        work.detections.add(one)
    found = work.detector_histories.looks(owner.id, 2)
    assert [look.detection_id for look in found] == [looks[2].id, looks[1].id]


def test_looks_since_a_moment_leave_out_what_was_before(work) -> None:
    owner = detector()
    early, late = _look(owner, 0), _look(owner, 30)
    work.detections.add(early)
    work.detections.add(late)
    since = work.detector_histories.looks_since(NOON + timedelta(minutes=10), 10)
    assert [look.detection_id for look in since] == [late.id]


def test_the_newest_run_of_each_detector_is_told(work) -> None:
    owner = detector()
    work.detectors.add(owner)
    runs = [training_run(owner.id, started_at=NOON + timedelta(minutes=minute)) for minute in range(2)]
    for run in runs:
        work.training_runs.add(run)
    assert work.detector_histories.last_runs([owner.id, "nobody"]) == {owner.id: runs[1]}


def test_what_went_live_is_read_from_the_audit_log_of_that_detector_alone(transactions) -> None:
    with transactions.begin() as work:
        for event in (DetectorTrained("d1", 1), DetectorTrained("d2", 1), DetectorTrained("d1", 2)):
            work.record(event)
        work.record(VersionPromoted("d1", 1))
        work.commit()
    with transactions.begin_reading() as work:
        found = work.detector_histories.went_live("d1")
    assert [one.version for one in found] == [1, 2, 1]
    assert sorted(one.at for one in found) == [one.at for one in found]


def test_only_schedules_of_that_detector_are_told(work) -> None:
    mine = replace(schedule("mine"), payload={"detector_id": "d1", "dataset_id": "x"})
    work.schedules.add(mine)
    work.schedules.add(replace(schedule("theirs"), payload={"detector_id": "d2", "dataset_id": "x"}))
    work.schedules.add(replace(schedule("a pull"), payload={"source_id": "s"}))
    assert [one.name for one in work.detector_histories.schedules("d1")] == ["mine"]


def test_datasets_that_are_gone_have_no_name(work) -> None:
    rows = dataset("orders")
    work.datasets.add(rows)
    assert work.detector_histories.dataset_names([rows.id, "gone"]) == {rows.id: "orders"}


def test_nothing_of_another_workspace_is_told(transactions, elsewhere) -> None:
    owner, rows = detector(), dataset("orders")
    with transactions.begin() as work:
        work.detectors.add(owner)
        work.datasets.add(rows)
        work.training_runs.add(training_run(owner.id))
        work.detections.add(_look(owner, 0))
        work.schedules.add(replace(schedule("mine"), payload={"detector_id": owner.id}))
        work.record(DetectorTrained(owner.id, 1))
        work.commit()
    with elsewhere.begin_reading() as work:
        histories = work.detector_histories
        assert histories.n_detectors() == 0
        assert not histories.last_looks([owner.id])
        assert not histories.last_runs([owner.id])
        assert not histories.looks(owner.id, 9)
        assert not histories.looks_since(NOON, 9)
        assert not histories.went_live(owner.id)
        assert not histories.schedules(owner.id)
        assert not histories.dataset_names([rows.id])


def _look(owner, minute: int):
    return replace(detection(), detector_id=owner.id, created_at=NOON + timedelta(minutes=minute))
