"""Channels are kept with sealed secrets, which nothing shows and an edit leaves alone."""

from dataclasses import replace

import pytest

from pynomaly.application.connection_secrets import owner_of
from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.keep_channel import ChangeChannel, CreateChannel, RemoveChannel
from pynomaly.domain.errors import AlreadyExists, Conflict, InvalidRequest, NotFound, SealBroken, StaleWrite
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.application.use_cases.told import events_of
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.infrastructure.persistence.examples import new_id, rule

URL = "https://hooks.example.org/planted-token"
KEY, OTHER_KEY = MasterKeys.new(), MasterKeys.new()


def _sealed_with(transactions, text):
    keys = MasterKeys.read([text], origin="here")
    return replace(transactions, sealer=lambda: keys)


@pytest.fixture
def sealed(transactions):
    return _sealed_with(transactions, KEY)


@pytest.fixture
def notifiers():
    return FakeNotifierCatalog()


@pytest.fixture
def create(sealed, notifiers):
    return CreateChannel(sealed.begin, Asked("local", "user:ada"), notifiers, sealed.clock, new_id)


@pytest.fixture
def change(sealed, notifiers):
    return ChangeChannel(sealed.begin, notifiers)


@pytest.fixture
def duty(create):
    settings = {"host": "relay.example.org", "level": "loud"}
    secrets = {"password": "planted-password", "url": URL}
    return create(name="duty", kind="hook", settings=settings, secrets=secrets)


def _secrets(opened, channel):
    with opened.begin_reading() as work:
        owner = owner_of(channel)
        return {name: work.secrets.reveal(owner, name) for name in sorted(work.secrets.fields(owner))}


def _stored(opened, channel):
    with opened.begin_reading() as work:
        return work.channels.get(channel.id)


def test_secrets_are_sealed_and_settings_are_not(duty, sealed) -> None:
    assert duty.settings == {"host": "relay.example.org", "level": "loud", "is_terse": False}
    assert duty.secret_names == ("url", "password")
    assert _stored(sealed, duty) == duty
    assert _secrets(sealed, duty) == {"url": URL, "password": "planted-password"}
    assert events_of(sealed) == [("ChannelCreated", {"channel_id": duty.id, "kind": "hook"})]


@pytest.mark.parametrize(
    ("kind", "settings", "secrets", "words"),
    [
        ("hok", {}, {}, "did you mean 'hook'"),
        ("hook", {}, {}, "hook needs 'url'"),
        ("hook", {"url": URL}, {}, "'url' is secret: give it among the secrets"),
        ("hook", {"levle": "loud"}, {"url": URL}, "did you mean 'level'"),
        ("hook", {"port": 0}, {"url": URL}, "'port' is a whole number from 1"),
        ("hook", {}, {"url": "ftp://planted-place"}, r"no channel can work with \(hidden\)"),
    ],
)
def test_a_channel_that_could_not_work_is_not_kept(create, sealed, kind, settings, secrets, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        create(name="duty", kind=kind, settings=settings, secrets=secrets)
    assert events_of(sealed) == []


def test_a_name_is_taken_once(create, duty) -> None:
    with pytest.raises(AlreadyExists):
        create(name=duty.name, kind="bell", settings={}, secrets={})


def test_a_secret_that_is_left_out_stays(change, duty, sealed) -> None:
    changed = change(channel="duty", settings={"level": "calm", "port": 25})
    assert changed.settings == {"host": "relay.example.org", "level": "calm", "port": 25, "is_terse": False}
    assert (changed.secret_names, changed.revision) == (duty.secret_names, 1)
    assert _secrets(sealed, duty) == {"url": URL, "password": "planted-password"}


def test_one_secret_is_set_anew_and_another_stays(change, duty, sealed) -> None:
    change(channel="duty", secrets={"password": "another"})
    assert _secrets(sealed, duty) == {"url": URL, "password": "another"}


def test_what_is_given_as_none_goes(change, duty, sealed) -> None:
    changed = change(channel="duty", settings={"level": None}, secrets={"password": None})
    assert changed.secret_names == ("url",)
    assert changed.settings["level"] == "calm", "what holds where nothing is given"
    assert _secrets(sealed, duty) == {"url": URL}


def test_what_is_needed_cannot_go(change, duty, sealed) -> None:
    with pytest.raises(InvalidRequest, match="hook needs 'url'"):
        change(channel="duty", secrets={"url": None})
    assert _secrets(sealed, duty)["url"] == URL


def test_a_channel_that_leads_elsewhere_takes_no_secret_with_it(change, duty, sealed) -> None:
    """Whoever may edit a channel could otherwise have its password sent to a machine of their own."""
    elsewhere = {"host": "evil.example.org"}
    with pytest.raises(InvalidRequest, match=r"'host' says where the channel leads: give 'url' and 'password' anew"):
        change(channel="duty", settings=elsewhere)
    with pytest.raises(InvalidRequest, match="give 'password' anew"):
        change(channel="duty", settings=elsewhere, secrets={"url": URL})
    change(channel="duty", settings={"host": "relay.example.org"})  # which it was
    anew = {"url": "https://new.example.org/x", "password": "new"}
    changed = change(channel="duty", settings=elsewhere, secrets=anew)
    assert changed.settings["host"] == "evil.example.org"
    assert _secrets(sealed, duty) == anew


def test_a_broken_seal_holds_up_what_needs_the_secret_and_nothing_else(transactions, notifiers, duty) -> None:
    change = ChangeChannel(_sealed_with(transactions, OTHER_KEY).begin, notifiers)
    assert change(channel="duty", is_enabled=False).is_enabled is False
    with pytest.raises(SealBroken):
        change(channel="duty", settings={"level": "calm"})


def test_a_change_builds_on_what_its_author_saw(change, duty) -> None:
    change(channel="duty", name="night duty", revision=0)
    with pytest.raises(StaleWrite):
        change(channel=duty.id, name="day duty", revision=0)


def test_a_channel_goes_with_its_secrets(duty, sealed) -> None:
    RemoveChannel(sealed.begin)(channel="duty")
    assert _secrets(sealed, duty) == {}
    with pytest.raises(NotFound):
        _stored(sealed, duty)
    assert events_of(sealed)[-1] == ("ChannelRemoved", {"channel_id": duty.id})


def test_a_channel_that_a_rule_names_stays(duty, sealed) -> None:
    with sealed.begin() as work:
        work.notification_rules.add(rule("alarm", channel_ids=(duty.id,)))
        work.commit()
    with pytest.raises(Conflict, match="rule 'alarm' tells channel 'duty'"):
        RemoveChannel(sealed.begin)(channel="duty")
    assert _secrets(sealed, duty)["url"] == URL


def test_no_event_holds_a_secret(change, duty, sealed) -> None:
    change(channel="duty", secrets={"password": "planted-too"})
    RemoveChannel(sealed.begin)(channel="duty")
    assert "planted" not in str(events_of(sealed))


def test_a_kind_without_secrets_needs_no_key(transactions, notifiers) -> None:
    create = CreateChannel(transactions.begin, Asked("local", "user:ada"), notifiers, transactions.clock, new_id)
    assert create(name="bell", kind="bell", settings={"tone": "C"}, secrets={}).secret_names == ()
    RemoveChannel(transactions.begin)(channel="bell")
