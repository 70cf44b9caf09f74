"""Secrets of channels and sources are sealed beside them, and go when they do."""

from dataclasses import replace

import pytest

from pynomaly.application.connection_secrets import forget_secrets, keep_secrets, owner_of, revealed
from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.domain.errors import SealBroken
from pynomaly.domain.filled_fields import Filled
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.infrastructure.persistence.examples import channel, data_source, ready_workspace

BOTH = ("url", "password")


@pytest.fixture
def work(tmp_path):
    keys = MasterKeys.read([MasterKeys.new()], origin="here")
    opened = ready_workspace(tmp_path)
    with replace(opened, sealer=lambda: keys).begin() as work:
        yield work
    opened.close()


@pytest.fixture
def duty(work):
    made = channel(secret_names=BOTH)
    keep_secrets(work, made, Filled({}, {"url": "there", "password": "hush"}, BOTH))
    return made


def test_a_channel_and_a_source_of_the_same_id_own_secrets_of_their_own() -> None:
    assert owner_of(channel(id="1")) == SecretOwner("channel", "1")
    assert owner_of(data_source(id="1")) == SecretOwner("source", "1")


def test_what_is_given_replaces_and_what_is_left_out_stays(work, duty) -> None:
    keep_secrets(work, duty, Filled({}, {"password": "new"}, BOTH))
    assert revealed(work, duty) == {"url": "there", "password": "new"}
    assert revealed(work, duty, but={"url"}) == {"password": "new"}


def test_what_an_edit_takes_away_is_forgotten(work, duty) -> None:
    keep_secrets(work, duty, Filled({}, {}, ("url",)))
    assert work.secrets.fields(owner_of(duty)) == {"url"}
    forget_secrets(work, duty)
    assert work.secrets.fields(owner_of(duty)) == set()


def test_a_secret_that_is_gone_is_named(work, duty) -> None:
    work.secrets.forget(owner_of(duty), "password")
    with pytest.raises(SealBroken, match=f"'password' of channel '{duty.name}' is gone; set it anew"):
        revealed(work, duty)
