import pytest

from pynomaly.domain.connection import LONGEST_LINES, LONGEST_TEXT, ConnectionKind, Field, FieldType
from pynomaly.domain.errors import InvalidRequest

MAIL = ConnectionKind(
    "email",
    "Mail.",
    (
        Field("host", "The server."),
        Field("port", "Its port.", FieldType.NUMBER, default=587, least=1, most=65535),
        Field("security", "How.", FieldType.CHOICE, default="starttls", choices=("starttls", "tls")),
        Field("is_quiet", "Whether.", FieldType.FLAG, is_required=False),
        Field("password", "Of the account.", is_secret=True, is_required=False),
    ),
)


def test_what_is_not_given_gets_its_default_or_stays_empty() -> None:
    assert MAIL.checked({"host": "mail.example"}) == {"host": "mail.example", "port": 587, "security": "starttls"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "email needs 'host': The server."),
        ({"host": "a", "prot": 1}, "email takes host, port, .*, not 'prot'; did you mean 'port'?"),
        ({"host": 3}, "'host' is one line of 1 to 4096 characters, not '3'"),
        ({"host": ""}, "'host' is one line"),
        ({"host": "a\nb"}, "'host' is one line"),
        ({"host": "a" * (LONGEST_TEXT + 1)}, "'host' is one line"),
        ({"host": "a", "port": 0}, "'port' is a whole number from 1 to 65535, not '0'"),
        ({"host": "a", "port": True}, "'port' is a whole number"),
        ({"host": "a", "port": "587"}, "'port' is a whole number"),
        ({"host": "a", "security": "none"}, "'security' is one of starttls, tls, not 'none'"),
        ({"host": "a", "is_quiet": 1}, "'is_quiet' is true or false, not '1'"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(given, says: str) -> None:
    with pytest.raises(InvalidRequest, match=says):
        MAIL.checked(given)


def test_text_may_have_lines_where_a_field_says_so() -> None:
    query = Field("query", "What.", has_lines=True)
    assert query.checked("SELECT 1\n\tFROM t\r\n") == "SELECT 1\n\tFROM t\r\n"
    for text in ("", "SELECT\0", "\x1b[31m", "a" * (LONGEST_LINES + 1)):
        with pytest.raises(InvalidRequest, match="'query' is text of 1 to 65536 characters, not"):
            query.checked(text)


def test_a_secret_that_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(InvalidRequest, match=r"'password' is one line of 1 to 4096 characters$"):
        MAIL.checked({"host": "a", "password": "hush\nhush"})
    assert MAIL.secret_names() == {"password"}
