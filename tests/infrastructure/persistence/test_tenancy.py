"""Workspaces share tables and nothing else: what one stores, no repository of another shows, changes or removes."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.errors import InvalidRequest, NotFound, StaleWrite
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.job import JobStatus
from tests.infrastructure.persistence.examples import (
    NOON,
    api_key,
    channel,
    data_source,
    dataset,
    detection,
    detector,
    job,
    new_id,
    rule,
    schedule,
    training_run,
    user,
    verdict,
    version,
)

EVERYTHING = Piece(100)
STORED = {
    "datasets": dataset(),
    "detectors": detector().with_version(version()),
    "detections": detection(),
    "jobs": job(),
    "schedules": schedule(),
    "channels": channel(),
    "notification_rules": rule(),
    "sources": data_source(),
    "users": user(),
    "api_keys": api_key(),
}
CHANGED = {
    "datasets": replace(STORED["datasets"], name="taken over"),
    "detectors": STORED["detectors"].retire(),
    "jobs": STORED["jobs"].cancelled(NOON),
    "schedules": replace(STORED["schedules"], name="taken over"),
    "channels": replace(STORED["channels"], name="taken over"),
    "notification_rules": replace(STORED["notification_rules"], name="taken over"),
    "sources": replace(STORED["sources"], name="taken over"),
    "users": STORED["users"].with_password("another"),
    "api_keys": STORED["api_keys"].revoked(NOON),
}
REMOVABLE = ("datasets", "detectors", "schedules", "channels", "notification_rules", "sources")


def _store(transactions, repository, thing=None):
    with transactions.begin() as work:
        getattr(work, repository).add(thing or STORED[repository])
        work.commit()


def _listed(work, repository):
    rows = getattr(work, repository)
    listed = [*rows.page(EVERYTHING).items] if hasattr(rows, "page") else []
    return listed + ([*rows.all()] if hasattr(rows, "all") else [])


@pytest.mark.parametrize("repository", STORED)
def test_nobody_elsewhere_sees_it(transactions, elsewhere, repository) -> None:
    _store(transactions, repository)
    with elsewhere.begin_reading() as work:
        assert _listed(work, repository) == []
        for pointer in (STORED[repository].id, STORED[repository].id[:12], getattr(STORED[repository], "name", "last")):
            with pytest.raises(NotFound):
                getattr(work, repository).get(pointer)
    with transactions.begin_reading() as work:
        assert set(map(repr, _listed(work, repository))) == {repr(STORED[repository])}


@pytest.mark.parametrize("repository", CHANGED)
def test_nobody_elsewhere_changes_it(transactions, elsewhere, repository) -> None:
    _store(transactions, repository)
    with elsewhere.begin() as work:
        with pytest.raises((StaleWrite, NotFound)):
            getattr(work, repository).save(CHANGED[repository])
        work.commit()
    with transactions.begin_reading() as work:
        assert getattr(work, repository).get(STORED[repository].id) == STORED[repository]


@pytest.mark.parametrize("repository", REMOVABLE)
def test_nobody_elsewhere_removes_it(transactions, elsewhere, repository) -> None:
    _store(transactions, repository)
    with elsewhere.begin() as work:
        with pytest.raises(NotFound):
            getattr(work, repository).remove(STORED[repository])
        work.commit()
    with transactions.begin_reading() as work:
        assert getattr(work, repository).get(STORED[repository].id) == STORED[repository]


@pytest.mark.parametrize("repository", REMOVABLE)
def test_two_workspaces_may_use_the_same_name(transactions, elsewhere, repository) -> None:
    other = replace(STORED[repository], id=new_id(), **({"versions": ()} if repository == "detectors" else {}))
    _store(transactions, repository)
    _store(elsewhere, repository, other)
    for here, own in ((transactions, STORED[repository]), (elsewhere, other)):
        with here.begin_reading() as work:
            assert getattr(work, repository).get(own.name) == own


def test_whoever_adds_a_person_or_a_key_adds_it_to_their_own_workspace(elsewhere) -> None:
    with elsewhere.begin() as work:
        work.users.add(user(tenant_id="local"))
        work.api_keys.add(api_key(tenant_id="local"))
        work.commit()
    with elsewhere.begin_reading() as work:
        assert [work.users.all()[0].tenant_id, work.api_keys.all()[0].tenant_id] == ["elsewhere", "elsewhere"]


def test_training_runs_belong_to_the_workspace_of_their_detector(transactions, elsewhere) -> None:
    owner = STORED["detectors"]
    run = training_run(owner.id)
    with transactions.begin() as work:
        work.detectors.add(owner)
        work.training_runs.add(run)
        work.commit()
    with elsewhere.begin() as work:
        assert work.training_runs.find(run.id) is None
        assert list(work.training_runs.of(owner)) == []
        with pytest.raises(NotFound):
            work.training_runs.save(run.failed("because", NOON))
        with pytest.raises(StaleWrite):
            work.training_runs.add(training_run(owner.id))
        work.commit()
    with transactions.begin_reading() as work:
        assert work.training_runs.of(owner) == [run]


def test_verdicts_belong_to_the_workspace_of_their_detection(transactions, elsewhere) -> None:
    judged = STORED["detections"]
    said = verdict(judged)
    with transactions.begin() as work:
        work.detections.add(judged)
        work.verdicts.put([said])
        work.commit()
    with elsewhere.begin() as work:
        assert work.verdicts.given_on(judged.id, [said.row]) == {}
        assert list(work.verdicts.of_rows(judged.fingerprint)) == []
        assert work.verdicts.tallies(NOON) == {}
        work.verdicts.remove([said])
        work.commit()
    with elsewhere.begin() as work, pytest.raises(StaleWrite):
        work.verdicts.put([said])
    with transactions.begin_reading() as work:
        assert work.verdicts.of_rows(judged.fingerprint) == [said]


def test_what_a_job_tells_stays_in_its_workspace(transactions, elsewhere) -> None:
    _store(transactions, "jobs")
    with elsewhere.begin() as work:
        assert list(work.jobs.events(STORED["jobs"], after=0, limit=10)) == []
        with pytest.raises(NotFound):
            work.jobs.save(CHANGED["jobs"])
        work.commit()
    with transactions.begin_reading() as work:
        assert [event.data["status"] for event in work.jobs.events(STORED["jobs"], after=0, limit=10)] == ["queued"]
        assert work.jobs.page(EVERYTHING, status=JobStatus.QUEUED).items == [STORED["jobs"]]


def test_each_workspace_has_an_audit_log_of_its_own(transactions, elsewhere) -> None:
    for here, n_events in ((transactions, 1), (elsewhere, 2)):
        with here.begin() as work:
            for _ in range(n_events):
                work.record(DatasetRegistered("d", 3))
            work.commit()
    for here, n_events in ((transactions, 1), (elsewhere, 2)):
        with here.begin_reading() as work:
            entries = work.audit_log.page(Piece(10, 0, is_oldest_first=True)).items
            assert [entry.sequence for entry in entries] == list(range(1, n_events + 1))
            assert {entry.actor for entry in entries} == {here.asked.actor}
            assert work.audit_log.head().sequence == n_events
            assert work.audit_log.cursor("log") == 0


def test_the_same_request_key_means_another_request_in_another_workspace(transactions, elsewhere) -> None:
    key = RequestKey("user:ada", "POST /jobs", "k")
    for here in (transactions, elsewhere):
        with here.begin() as work:
            assert work.request_keys.reserve(KeyClaim(key, here.asked.tenant_id, _reply), digest="d") is None
            work.commit()
    with elsewhere.begin() as work:
        work.request_keys.release(KeyClaim(key, "local", _reply))
        work.commit()
    with transactions.begin() as work, pytest.raises(InvalidRequest):
        work.request_keys.reserve(KeyClaim(key, "another", _reply), digest="other")


def test_the_same_dedupe_key_means_another_job_in_another_workspace(transactions, elsewhere) -> None:
    for here in (transactions, elsewhere):
        with here.begin() as work:
            work.jobs.add(job(), dedupe_key="once")
            work.commit()


def test_an_address_signs_in_to_one_workspace_only_and_is_found_from_any(transactions, elsewhere) -> None:
    _store(transactions, "users")
    with elsewhere.begin() as work:
        assert work.users.by_email("ada@example.org") == STORED["users"]
        assert work.api_keys.by_id("unknown") is None


def _reply(_subject):
    return Reply(200, (), b"")
