import pytest

from pynomaly.domain.connection import ConnectionKind, Field, FieldType
from pynomaly.domain.data_source import DataSource, checked_connection
from pynomaly.domain.errors import InvalidRequest
from tests.infrastructure.persistence.examples import NOON

VAULT = ConnectionKind(
    "vault",
    "A vault.",
    (
        Field("host", "where it is"),
        Field("port", "where it listens", FieldType.NUMBER, default=7, least=1, most=9),
        Field("password", "what opens it", is_secret=True),
        Field("token", "what opens it faster", is_secret=True, is_required=False),
    ),
)


def test_settings_get_their_defaults_and_secrets_are_kept_apart() -> None:
    checked = checked_connection(VAULT, {"host": "here"}, {"password": "hush"})
    assert checked == ({"host": "here", "port": 7}, {"password": "hush"})


@pytest.mark.parametrize(
    ("settings", "secrets", "reason"),
    [
        ({"host": "here", "password": "hush"}, {}, "'password' is secret: give it among the secrets"),
        (
            {"host": "here"},
            {"password": "hush", "port": "5"},
            "'port' is no secret of vault; its secrets: password, token",
        ),
        ({"host": "here"}, {}, "vault needs 'password'"),
        ({"hots": "here"}, {"password": "hush"}, "did you mean 'host'"),
        ({"host": "here", "port": 10}, {"password": "hush"}, "'port' is a whole number from 1 to 9"),
    ],
)
def test_what_the_kind_does_not_take_is_refused_and_no_secret_is_repeated(settings, secrets, reason) -> None:
    with pytest.raises(InvalidRequest, match=reason) as refused:
        checked_connection(VAULT, settings, secrets)
    assert "hush" not in str(refused.value)


def test_a_source_has_a_name_that_can_be_read() -> None:
    with pytest.raises(InvalidRequest, match="1 to 200 printable characters"):
        DataSource("s", "a\nb", "vault", {}, (), "user:ada", NOON)
