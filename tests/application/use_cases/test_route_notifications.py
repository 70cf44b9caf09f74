"""Events become messages once, in their order, in one transaction with the place in the log."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.route_notifications import CURSOR, ENTRIES_AT_ONCE, MOST_AT_ONCE, RouteNotifications
from pynomaly.domain.errors import Unavailable
from pynomaly.domain.events import AnomaliesDetected, DatasetRegistered, JobEnded
from pynomaly.domain.notification_rule import Occasion
from pynomaly.domain.user import Tenant
from tests.infrastructure.persistence.examples import NOON, channel, detector, rule


@pytest.fixture
def route(transactions):
    def begin_in(asked):
        return replace(transactions, asked=asked).begin()

    return RouteNotifications(transactions.begin_reading, begin_in, transactions.clock)


def _keep(transactions, *, channels=(), rules=(), detectors=()):
    with transactions.begin() as work:
        for one in channels:
            work.channels.add(one)
        for one in rules:
            work.notification_rules.add(one)
        for one in detectors:
            work.detectors.add(one)
        work.commit()


def _record(transactions, *events):
    with transactions.begin() as work:
        for event in events:
            work.record(event)
        work.commit()


def _made(transactions):
    with transactions.begin_reading() as work:
        return work.deliveries.page(Piece(1000, 0, is_oldest_first=True)).items


def _found(number, **changes):
    return replace(AnomaliesDetected(f"{number:016x}", 1000, 3, "e1", 80.0), **changes)


def _set_cursor_back(transactions):
    with transactions.begin() as work:
        work.audit_log.cursor(CURSOR)
        work.audit_log.move_cursor(CURSOR, 0)
        work.commit()


def test_what_a_rule_wants_becomes_a_message_for_each_of_its_channels(route, transactions) -> None:
    duty, mail, other = channel("duty"), channel("mail"), channel("other")
    _keep(
        transactions,
        channels=[duty, mail, other],
        rules=[rule(channel_ids=(duty.id, mail.id), least_severity=75.0)],
        detectors=[detector("Fraud", id="e1")],
    )
    _record(transactions, _found(1), _found(2, severity=60.0), DatasetRegistered("d", 3), _found(3, n_anomalies=0))
    assert route() == 2
    made = _made(transactions)
    assert {one.channel_id for one in made} == {duty.id, mail.id}
    assert {one.title for one in made} == {"Fraud: 3 of 1,000 rows stand out"}
    assert route() == 0


def test_two_rules_that_name_a_channel_make_one_message(route, transactions) -> None:
    duty = channel("duty")
    _keep(
        transactions, channels=[duty], rules=[rule("one", channel_ids=(duty.id,)), rule("two", channel_ids=(duty.id,))]
    )
    _record(transactions, _found(1))
    assert route() == 1


def test_jobs_that_fail_are_told_by_their_kind(route, transactions) -> None:
    duty = channel("duty")
    _keep(transactions, channels=[duty], rules=[rule(occasion=Occasion.JOB_FAILED, channel_ids=(duty.id,))])
    _record(transactions, JobEnded("j1", "failed", "train"), JobEnded("j2", "succeeded", "train"))
    assert route() == 1
    assert [(one.subject, one.data["job_id"]) for one in _made(transactions)] == [("job:train", "j1")]


def test_a_long_log_is_gone_through_at_once_and_in_its_order(route, transactions) -> None:
    duty = channel("duty")
    _keep(transactions, channels=[duty], rules=[rule(channel_ids=(duty.id,))])
    n_events = 2 * ENTRIES_AT_ONCE + 7
    _record(transactions, *(_found(number) for number in range(n_events)))
    assert route() == n_events
    assert [one.data["detection_id"] for one in _made(transactions)] == [f"{number:016x}" for number in range(n_events)]


def test_the_same_event_seen_again_makes_no_second_message(route, transactions) -> None:
    duty = channel("duty")
    _keep(transactions, channels=[duty], rules=[rule(channel_ids=(duty.id,))])
    _record(transactions, _found(1), _found(2))
    assert route() == 2
    before = _made(transactions)
    _set_cursor_back(transactions)
    assert route() == 0
    assert _made(transactions) == before


def test_a_routing_that_dies_leaves_nothing_half_done(route, transactions) -> None:
    duty = channel("duty")
    _keep(transactions, channels=[duty], rules=[rule(channel_ids=(duty.id,))])
    _record(transactions, _found(1), _found(2))

    class Dying:
        """A transaction that is cut off before it is durable."""

        def __init__(self, opened):
            self.opened = opened

        def __enter__(self):
            self.opened.__enter__()
            return self

        def __exit__(self, *error):
            self.opened.__exit__(*error)

        def __getattr__(self, name):
            return getattr(self.opened, name)

        def commit(self):
            raise Unavailable("the database is away")

    cut_off = replace(route, begin_in=lambda asked: Dying(replace(transactions, asked=asked).begin()))
    with pytest.raises(Unavailable):
        cut_off()
    assert _made(transactions) == []
    assert route() == 2


def test_what_happened_before_a_rule_was_made_is_not_told(route, transactions) -> None:
    duty = channel("duty")
    _record(transactions, _found(1), _found(2))
    _keep(transactions, channels=[duty], rules=[rule(channel_ids=(duty.id,), since=2)])
    _record(transactions, _found(3))
    assert route() == 1
    assert [one.data["detection_id"] for one in _made(transactions)] == [f"{3:016x}"]


@pytest.mark.parametrize("rules", [[], [rule(is_enabled=False)]])
def test_where_nothing_is_worth_a_message_the_log_is_passed_over_at_once(route, transactions, rules) -> None:
    _keep(transactions, rules=rules)
    _record(transactions, *(_found(number) for number in range(MOST_AT_ONCE * ENTRIES_AT_ONCE + 1)))
    assert route() == 0
    with transactions.begin() as work:
        assert work.audit_log.cursor(CURSOR) == work.audit_log.newest()


def test_for_a_channel_that_rests_nothing_is_made(route, transactions) -> None:
    duty = channel("duty", is_enabled=False)
    _keep(transactions, channels=[duty], rules=[rule(channel_ids=(duty.id,))])
    _record(transactions, _found(1))
    assert route() == 0


def test_workspaces_tell_their_own_channels(route, transactions) -> None:
    elsewhere = replace(transactions, asked=Asked("elsewhere", "bo"))
    with transactions.begin() as work:
        work.tenants.add(Tenant("elsewhere", "elsewhere", NOON))
        work.commit()
    here, there = channel("duty"), channel("duty")
    _keep(transactions, channels=[here], rules=[rule(channel_ids=(here.id,))])
    _keep(elsewhere, channels=[there], rules=[rule(channel_ids=(there.id,))])
    _record(elsewhere, _found(1))
    assert route() == 1
    assert (len(_made(transactions)), len(_made(elsewhere))) == (0, 1)
