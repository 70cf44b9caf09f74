import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.keep_rule import ChangeRule, CreateRule, RemoveRule
from pynomaly.domain.errors import InvalidRequest, NotFound, StaleWrite
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.notification_rule import Occasion
from tests.application.use_cases.told import events_of
from tests.infrastructure.persistence.examples import channel, detector, new_id

FINDINGS = {"name": "alarm", "occasion": Occasion.ANOMALIES_FOUND}


@pytest.fixture
def things(transactions):
    """Two channels and a detector."""
    duty, mail, fraud = channel("duty"), channel("mail"), detector("Fraud")
    with transactions.begin() as work:
        for one in (duty, mail):
            work.channels.add(one)
        work.detectors.add(fraud)
        work.commit()
    return duty, mail, fraud


@pytest.fixture
def create(transactions):
    return CreateRule(transactions.begin, Asked("local", "user:ada"), transactions.clock, new_id)


@pytest.fixture
def change(transactions):
    return ChangeRule(transactions.begin)


def test_names_become_ids(create, things, transactions) -> None:
    duty, mail, fraud = things
    made = create(**FINDINGS, channels=["duty", mail.id], detector="Fraud", least_severity=75.0)
    assert (made.channel_ids, made.detector_id) == ((duty.id, mail.id), fraud.id)
    with transactions.begin_reading() as work:
        assert work.notification_rules.get("alarm") == made
    assert events_of(transactions) == [("RuleCreated", {"rule_id": made.id})]


@pytest.mark.parametrize("named", [{"channels": ["nobody"]}, {"channels": ["duty"], "detector": "nobody"}])
def test_what_a_rule_names_has_to_be_there(create, things, named) -> None:
    with pytest.raises(NotFound):
        create(**FINDINGS, **named)


def test_one_channel_under_two_names_is_one_channel(create, things) -> None:
    with pytest.raises(InvalidRequest, match="each once"):
        create(**FINDINGS, channels=["duty", things[0].id])


def test_a_rule_remembers_where_the_log_stood(create, things, transactions) -> None:
    with transactions.begin() as work:
        work.record(DatasetRegistered("d", 3))
        work.record(DatasetRegistered("d", 3))
        work.commit()
    assert create(**FINDINGS, channels=["duty"]).since == 2


def test_what_is_left_out_of_a_change_stays(create, change, things) -> None:
    made = create(**FINDINGS, channels=["duty"], detector="Fraud", least_severity=75.0)
    changed = change(rule="alarm", channels=["mail"], least_anomalies=5, is_enabled=False)
    assert (changed.channel_ids, changed.least_anomalies, changed.is_enabled) == ((things[1].id,), 5, False)
    assert (changed.detector_id, changed.least_severity, changed.since) == (made.detector_id, 75.0, made.since)
    assert change(rule="alarm", of_any_detector=True).detector_id is None


def test_a_change_builds_on_what_its_author_saw(create, change, things) -> None:
    create(**FINDINGS, channels=["duty"])
    change(rule="alarm", least_anomalies=2, revision=0)
    with pytest.raises(StaleWrite):
        change(rule="alarm", least_anomalies=3, revision=0)


def test_a_rule_goes(create, things, transactions) -> None:
    made = create(**FINDINGS, channels=["duty"])
    assert RemoveRule(transactions.begin)(rule="alarm") == made
    with pytest.raises(NotFound):
        RemoveRule(transactions.begin)(rule="alarm")
    assert events_of(transactions)[-1] == ("RuleRemoved", {"rule_id": made.id})
