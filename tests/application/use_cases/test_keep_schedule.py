from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.keep_schedule import ChangeSchedule, CreateSchedule, RemoveSchedule
from pynomaly.domain.errors import AlreadyExists, InvalidRequest, NotFound, StaleWrite
from pynomaly.domain.job import JobKind
from tests.application.use_cases.told import events_of
from tests.fakes.sources import FakeSources
from tests.infrastructure.persistence.examples import NOON, data_source, dataset, detector

DATA, FRAUD, SHOP = dataset("orders"), detector("Fraud"), data_source("shop")
READ = {"source_id": "shop", "selection": {"table": "entries"}}
TRAINING = {"kind": JobKind.TRAIN, "payload": {"detector_id": "Fraud", "dataset_id": "orders"}}
HOURLY = {"cron": "hourly", "time_zone": "UTC"}


class Hourly:
    """Knows one expression: an hour after."""

    def next_time(self, cron: str, time_zone: str, after: datetime) -> datetime:
        if cron not in ("hourly", "daily"):
            raise InvalidRequest(f"'{cron}' is no cron expression")
        return after + timedelta(hours=1 if cron == "hourly" else 24)


@pytest.fixture
def clock():
    return lambda: NOON


@pytest.fixture
def create(transactions, clock):
    with transactions.begin() as work:
        work.datasets.add(DATA)
        work.sources.add(SHOP)
        work.detectors.add(FRAUD)
        work.commit()
    return CreateSchedule(
        transactions.begin, Asked("local", "user:ada"), FakeSources(), Hourly(), clock, transactions.new_id
    )


@pytest.fixture
def change(transactions, clock):
    return ChangeSchedule(transactions.begin, Hourly(), clock)


def _stored(transactions, name):
    with transactions.begin_reading() as work:
        return work.schedules.get(name)


def test_a_schedule_knows_its_first_time_and_what_is_to_be_done_by_id(create, transactions) -> None:
    made = create(name="mornings", **HOURLY, **TRAINING)
    assert made.next_run_at == NOON + timedelta(hours=1)
    assert made.payload == {"detector_id": FRAUD.id, "dataset_id": DATA.id, "seed": 0, "then_detect": False}
    assert (made.created_by, made.revision, made.is_enabled) == ("user:ada", 0, True)
    assert _stored(transactions, "mornings") == made
    assert events_of(transactions) == [("ScheduleCreated", {"schedule_id": made.id})]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"cron": "never"}, InvalidRequest),
        ({"name": ""}, InvalidRequest),
        ({"payload": {"detector_id": "Nobody", "dataset_id": "orders"}}, NotFound),
        ({"kind": JobKind.DETECT, "payload": {"detector_id": "Fraud"}}, InvalidRequest),
        ({"kind": JobKind.PULL, "payload": READ | {"name": "entries"}}, InvalidRequest),  # it could be pulled once
    ],
    ids=str,
)
def test_a_schedule_that_makes_no_sense_is_not_stored(create, transactions, change, error) -> None:
    with pytest.raises(error):
        create(**({"name": "mornings"} | HOURLY | TRAINING | change))
    assert events_of(transactions) == []


def test_a_taken_name_is_refused_for_a_new_and_for_a_renamed_schedule(create, change) -> None:
    create(name="one", **HOURLY, **TRAINING)
    create(name="two", **HOURLY, **TRAINING)
    with pytest.raises(AlreadyExists):
        create(name="one", **HOURLY, **TRAINING)
    with pytest.raises(AlreadyExists):
        change(schedule="two", name="one")
    assert change(schedule="two", name="two").name == "two"


def test_only_what_was_said_is_changed_and_the_next_time_follows(create, change, transactions) -> None:
    made = create(name="mornings", **HOURLY, **TRAINING)
    changed = change(schedule=made.id, cron="daily")
    assert changed == replace(made, cron="daily", next_run_at=NOON + timedelta(days=1), revision=1)
    assert _stored(transactions, made.id) == changed
    assert events_of(transactions)[-1] == ("ScheduleChanged", {"schedule_id": made.id})


def test_a_schedule_that_rests_has_no_next_time_until_it_is_woken(create, change) -> None:
    create(name="mornings", **HOURLY, **TRAINING)
    assert change(schedule="mornings", is_enabled=False).next_run_at is None
    assert change(schedule="mornings", cron="daily").next_run_at is None
    assert change(schedule="mornings", is_enabled=True).next_run_at == NOON + timedelta(days=1)


def test_a_change_that_builds_on_an_old_state_is_refused(create, change, transactions) -> None:
    made = create(name="mornings", **HOURLY, **TRAINING)
    change(schedule="mornings", cron="daily", revision=made.revision)
    with pytest.raises(StaleWrite):
        change(schedule="mornings", cron="hourly", revision=made.revision)
    with pytest.raises(StaleWrite):
        RemoveSchedule(transactions.begin)(schedule="mornings", revision=made.revision)


def test_a_change_that_makes_no_sense_changes_nothing(create, change, transactions) -> None:
    made = create(name="mornings", **HOURLY, **TRAINING)
    with pytest.raises(InvalidRequest):
        change(schedule="mornings", cron="never")
    assert _stored(transactions, "mornings") == made


def test_a_removed_schedule_is_gone_and_told(create, transactions) -> None:
    made = create(name="mornings", **HOURLY, **TRAINING)
    assert RemoveSchedule(transactions.begin)(schedule="mornings", revision=0) == made
    assert events_of(transactions)[-1] == ("ScheduleRemoved", {"schedule_id": made.id})
    with pytest.raises(NotFound):
        RemoveSchedule(transactions.begin)(schedule="mornings")


def test_a_source_can_be_pulled_again_and_again_under_names_of_their_own(create) -> None:
    made = create(name="nightly", **HOURLY, kind=JobKind.PULL, payload=READ)
    assert made.payload == {
        "source_id": SHOP.id, "selection": {"table": "entries"}, "roles": {}, "kinds": {}, "name": None
    }  # fmt: skip
