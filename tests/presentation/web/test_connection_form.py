"""What stands in the form of a connection, and what is read from it."""

from datetime import UTC, datetime

import pytest

from pynomaly.domain.channel import Channel
from pynomaly.domain.identifiers import ChannelId
from pynomaly.presentation.web.connection_form import entries, given
from pynomaly.presentation.web.forms import Fields
from tests.fakes.notifiers import HOOK

STORED = Channel(
    id=ChannelId("c"),
    name="duty",
    kind="hook",
    settings={"level": "loud", "port": 25, "is_terse": True},
    secret_names=("url",),
    created_by="user:ada",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def form(**fields):
    return Fields({f"field.{name}": [text] for name, text in fields.items()})


def texts(shown):
    return {entry.field.name: entry.text for entry in shown}


def test_an_empty_form_holds_the_defaults():
    assert texts(entries(HOOK)) == {
        "url": "",
        "host": "",
        "level": "calm",
        "port": "",
        "is_terse": "false",
        "password": "",
    }


def test_a_form_of_something_stored_holds_its_settings_and_says_which_secrets_are_kept():
    shown = entries(HOOK, STORED)
    assert texts(shown) | {"level": "loud", "port": "25", "is_terse": "true"} == texts(shown)
    assert [entry.field.name for entry in shown if entry.is_kept] == ["url"]


def test_a_form_shown_again_holds_what_was_entered_but_no_secret():
    shown = texts(entries(HOOK, STORED, form(level="calm", port="x", url="https://secret", host="h")))
    assert shown == {"url": "", "host": "h", "level": "calm", "port": "x", "is_terse": "false", "password": ""}


def test_only_what_differs_is_read():
    read = given(HOOK, form(level="loud", port="25", is_terse="true", url=""), STORED)
    assert (read.settings, read.secrets) == ({}, {})


def test_a_field_that_was_emptied_is_taken_away():
    assert given(HOOK, form(level="loud", port="", is_terse="true"), STORED).settings == {"port": None}


def test_a_box_that_is_not_ticked_is_no():
    assert given(HOOK, form(level="loud", port="25"), STORED).settings == {"is_terse": False}


def test_a_secret_keeps_its_spaces():
    assert given(HOOK, form(password=" a b ")).secrets == {"password": " a b "}


def test_a_secret_is_forgotten_where_that_is_ticked():
    fields = Fields({"forget.password": ["yes"], "field.password": [""]})
    assert given(HOOK, fields, STORED).secrets == {"password": None}


@pytest.mark.parametrize("text", ["1e3", "٣", "+5", "0x10", "--5"])
def test_a_number_in_other_clothes_is_left_to_be_refused(text):
    assert given(HOOK, form(port=text)).settings["port"] in (text, 3)
