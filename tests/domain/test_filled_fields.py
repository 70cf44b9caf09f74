"""What the fields of a connection hold, and what an edit may leave where it is."""

import pytest

from pynomaly.domain.connection import ConnectionKind, Field, FieldType
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.filled_fields import Filled, filled, refilled
from tests.infrastructure.persistence.examples import NOON

VAULT = ConnectionKind(
    "vault",
    "A vault.",
    (
        Field("host", "where it is", is_place=True),
        Field("port", "where it listens", FieldType.NUMBER, default=7, least=1, most=9, is_place=True),
        Field("password", "what opens it", is_secret=True),
        Field("door", "which way in", is_secret=True, is_required=False, is_place=True),
        Field("token", "what opens it faster", is_secret=True, is_required=False),
        Field("shelf", "where in it", is_required=False),
    ),
)
BOTH = ("password", "token")
BEFORE = DataSource("s", "vault", "vault", {"host": "here", "port": 7, "shelf": "low"}, BOTH, "user:ada", NOON)


def test_settings_get_their_defaults_and_secrets_are_kept_apart() -> None:
    held = filled(VAULT, {"host": "here"}, {"token": "faster", "password": "hush"})
    assert held == Filled({"host": "here", "port": 7}, {"password": "hush", "token": "faster"}, ("password", "token"))
    assert "hush" not in repr(held)


@pytest.mark.parametrize(
    ("settings", "secrets", "reason"),
    [
        ({"host": "here", "password": "hush"}, {}, "'password' is secret: give it among the secrets"),
        (
            {"host": "here"},
            {"password": "hush", "port": "5"},
            "'port' is no secret of vault; its secrets: door, password, token",
        ),
        ({"host": "here"}, {}, "vault needs 'password'"),
        ({"hots": "here"}, {"password": "hush"}, "did you mean 'host'"),
        ({"host": "here", "port": 10}, {"password": "hush"}, "'port' is a whole number from 1 to 9"),
        ({"host": "here"}, {"password": "hush\nhush"}, "'password' is one line of 1 to 4096 characters$"),
    ],
)
def test_what_the_kind_does_not_take_is_refused_and_no_secret_is_repeated(settings, secrets, reason) -> None:
    with pytest.raises(InvalidRequest, match=reason) as refused:
        filled(VAULT, settings, secrets)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "secrets", "expected"),
    [
        ({}, {}, Filled({"host": "here", "port": 7, "shelf": "low"}, {}, BOTH)),
        ({"shelf": None}, {}, Filled({"host": "here", "port": 7}, {}, BOTH)),
        ({"shelf": "top"}, {"token": None}, Filled({"host": "here", "port": 7, "shelf": "top"}, {}, ("password",))),
        ({"host": "here", "port": None}, {}, Filled({"host": "here", "port": 7, "shelf": "low"}, {}, BOTH)),
        (
            {"host": "there"},
            {"password": "new", "token": None},
            Filled({"host": "there", "port": 7, "shelf": "low"}, {"password": "new"}, ("password",)),
        ),
    ],
)  # fmt: skip
def test_what_is_left_out_stays_and_what_is_given_as_none_goes(settings, secrets, expected) -> None:
    assert refilled(VAULT, BEFORE, settings, secrets) == expected


@pytest.mark.parametrize(
    ("settings", "secrets", "reason"),
    [
        ({"host": "there"}, {}, "'host' says where the source leads: give 'password' and 'token' anew"),
        ({"port": 8}, {"token": "new"}, "'port' says where the source leads: give 'password' anew"),
        ({}, {"door": "new"}, "'door' says where the source leads: give 'password' and 'token' anew"),
        ({"host": "there"}, {"password": None}, "vault needs 'password'"),
        ({"host": None}, {"password": "new", "token": "new"}, "vault needs 'host'"),
        ({"password": None}, {}, "'password' is secret: give it among the secrets"),
        ({}, {"shelf": None}, "'shelf' is no secret of vault"),
    ],
)
def test_a_secret_goes_nowhere_but_where_it_was_given_for(settings, secrets, reason) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        refilled(VAULT, BEFORE, settings, secrets)


def test_a_place_that_was_stored_before_it_had_a_field_is_where_its_default_leads() -> None:
    old = DataSource("s", "vault", "vault", {"host": "here"}, ("password",), "user:ada", NOON)
    assert refilled(VAULT, old, {"shelf": "top"}, {}).settings["port"] == 7
