"""E-mails handed to a real mail server, over TLS with a certificate of its own."""

import base64
import ssl
from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from functools import partial

import pytest

from pynomaly.domain.errors import InvalidRequest, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.email import KIND, EmailNotifier
from tests.infrastructure.notifications.mail_servers import PASSWORD, USER, Mailbox, mail_server
from tests.infrastructure.notifications.places import HOST, MESSAGE, Line, outside
from tests.infrastructure.outbound.receivers import own_certificate

GIVEN = {"host": HOST, "sender": f"alerts@{HOST}", "recipients": f"ada@{HOST}, bob@{HOST}"}
SIGN_IN = {"user": USER, "password": PASSWORD}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return own_certificate(tmp_path_factory.mktemp("certificate"), HOST)


@pytest.fixture
def serving(certificate) -> ssl.SSLContext:
    return certificate[0]


@pytest.fixture
def channel(certificate) -> Callable[..., EmailNotifier]:
    def opened(port: int, line: Line | None = None, **given: object) -> EmailNotifier:
        values = KIND.checked({**GIVEN, "port": port, **given})
        return EmailNotifier.opened(values, outside(converse=line, tls=lambda: certificate[1]))

    return opened


def test_with_starttls_one_mail_reaches_all(serving, channel) -> None:
    mailbox, line = Mailbox(), Line()
    with mail_server(mailbox, starttls=serving, wants_password=True) as port:
        channel(port, line, **SIGN_IN).send(MESSAGE)
    (envelope,) = mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (f"alerts@{HOST}", [f"ada@{HOST}", f"bob@{HOST}"])
    assert (mailbox.were_encrypted, mailbox.signed_in, line.asked) == ([True], [USER.encode()], [(HOST, True)])
    assert BytesParser(policy=policy.default).parsebytes(envelope.original_content)["Subject"] == MESSAGE.title


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it does, from the first byte
def test_so_it_does_over_tls_from_the_first_byte(serving, channel) -> None:
    mailbox, line = Mailbox(), Line()
    with mail_server(mailbox, tls=serving, wants_password=True) as port:
        channel(port, line, security="tls", **SIGN_IN).send(MESSAGE)
    assert (mailbox.were_encrypted, mailbox.signed_in, line.asked) == ([True], [USER.encode()], [(HOST, True)])


def test_inside_it_may_go_unencrypted_and_asks_for_a_line_that_stays_inside(channel) -> None:
    mailbox, line = Mailbox(), Line()
    with mail_server(mailbox) as port:
        channel(port, line, security="none").send(MESSAGE)
    assert (mailbox.were_encrypted, line.asked) == ([False], [(HOST, False)])


def test_a_mail_that_is_sent_again_is_the_same_mail(serving, channel) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, starttls=serving) as port:
        channel(port).send(MESSAGE)
        channel(port).send(MESSAGE)
    first, second = (envelope.original_content for envelope in mailbox.envelopes)
    assert first == second
    assert f"Message-ID: <{MESSAGE.id}@{HOST}>".encode() in first


def test_lines_of_dots_arrive_as_they_are(serving, channel) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, starttls=serving) as port:
        channel(port).send(replace(MESSAGE, text=".\n..\nend\n."))
    assert mailbox.envelopes[0].content.replace(b"\r\n", b"\n").endswith(b"\n\n.\n..\nend\n.\n")


def test_a_name_that_holds_smtp_commands_sends_none(serving, channel) -> None:
    mailbox = Mailbox()
    evil = "x\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\nhello\r\n.\r\n"
    with mail_server(mailbox, starttls=serving) as port:
        channel(port).send(replace(MESSAGE, title=evil, text=evil))
    (envelope,) = mailbox.envelopes
    assert envelope.rcpt_tos == [f"ada@{HOST}", f"bob@{HOST}"]


def test_nothing_is_sent_where_encryption_is_not_offered(channel) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(RemoteRefused, match=rf"^{HOST} cannot do .*STARTTLS"):
        channel(port).send(MESSAGE)
    assert mailbox.envelopes == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_sent_where_the_certificate_is_anothers(tmp_path, serving, channel, security: str) -> None:
    mailbox = Mailbox()
    another, _ = own_certificate(tmp_path, "other.example")
    server = (
        partial(mail_server, mailbox, starttls=another)
        if security == "starttls"
        else partial(mail_server, mailbox, tls=another)
    )
    with server() as port, pytest.raises(RemoteUnavailable, match=f"^{HOST} gave no answer: .*certificate"):
        channel(port, security=security).send(MESSAGE)
    assert mailbox.envelopes == []


def test_a_wrong_password_is_final_and_not_told(serving, channel) -> None:
    mailbox = Mailbox()
    with (
        mail_server(mailbox, starttls=serving, wants_password=True) as port,
        pytest.raises(RemoteRefused, match=f"^{HOST} answered 535: .*credentials invalid") as raised,
    ):
        channel(port, user=USER, password="wr0ng-password").send(MESSAGE)
    assert "wr0ng" not in str(raised.value)
    assert raised.value.__suppress_context__
    assert mailbox.envelopes == []


def test_a_server_that_repeats_what_it_was_sent_gives_no_password_away(serving, channel) -> None:
    plain = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    mailbox = Mailbox({"AUTH": f"535 no: {plain} {PASSWORD} {base64.b64encode(PASSWORD.encode()).decode()}"})
    with mail_server(mailbox, starttls=serving) as port, pytest.raises(RemoteRefused) as raised:
        channel(port, **SIGN_IN).send(MESSAGE)
    told = str(raised.value)
    assert told.startswith(f"{HOST} answered 535: no: (hidden)")
    assert not any(secret[at : at + 8] in told for secret in (plain, PASSWORD) for at in range(len(secret) - 8))


def test_a_recipient_who_is_unknown_is_named_and_the_others_get_it(serving, channel) -> None:
    mailbox = Mailbox({f"ada@{HOST}": "550 no such user"})
    told = rf"^everybody got it but ada@{HOST}: {HOST} answered 550: no such user$"
    with mail_server(mailbox, starttls=serving) as port, pytest.raises(RemoteRefused, match=told):
        channel(port).send(MESSAGE)
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [[f"bob@{HOST}"]]


def test_where_every_recipient_is_unknown_nothing_is_sent(serving, channel) -> None:
    mailbox = Mailbox({f"{name}@{HOST}": f"550 {name} left" for name in ("ada", "bob")})
    told = rf"ada@{HOST}: .* ada left; bob@{HOST}: .* bob left"
    with mail_server(mailbox, starttls=serving) as port, pytest.raises(RemoteRefused, match=told):
        channel(port).send(MESSAGE)
    assert mailbox.envelopes == []


def test_a_recipient_who_is_refused_for_now_holds_up_all_so_that_nobody_gets_it_twice(serving, channel) -> None:
    mailbox = Mailbox({f"bob@{HOST}": "450 later"})
    with mail_server(mailbox, starttls=serving) as port:
        with pytest.raises(RemoteUnavailable, match=f"^{HOST} answered 450: later$"):
            channel(port).send(MESSAGE)
        assert mailbox.envelopes == []
        mailbox.answers.clear()
        channel(port).send(MESSAGE)
    assert len(mailbox.envelopes) == 1


@pytest.mark.parametrize(
    ("answer", "expected"), [("452 full", RemoteUnavailable), ("554 spam", RemoteRefused), ("552 big", RemoteRefused)]
)
def test_what_is_said_to_the_mail_itself_decides(serving, channel, answer: str, expected: type[Exception]) -> None:
    mailbox = Mailbox({"DATA": answer})
    with mail_server(mailbox, starttls=serving) as port, pytest.raises(expected, match=answer[4:]):
        channel(port).send(MESSAGE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"recipients": "ada"}, "'ada' is no e-mail address"),
        ({"recipients": ","}, "'recipients' holds 1 to 50"),
        ({"sender": "Alerts <a@own.example>"}, "is no e-mail address"),
        ({"user": "ada"}, "'user' and 'password' are given together"),
        ({"password": "hush"}, "'user' and 'password' are given together"),
        ({"user": "ada", "password": "hushü"}, "'user' and 'password' are ASCII"),
        ({"user": "ada", "password": "hush", "security": "none"}, "a password is not sent unencrypted"),
        ({"security": "ssl"}, "'security' is one of starttls, tls, none"),
        ({"port": 0}, "'port' is a whole number from 1 to 65535"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_stored(channel, changed: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said) as raised:
        channel(**{"port": 587, **changed})
    assert "hush" not in str(raised.value)


def test_it_does_not_show_its_password(channel) -> None:
    assert PASSWORD not in repr(channel(587, **SIGN_IN))
