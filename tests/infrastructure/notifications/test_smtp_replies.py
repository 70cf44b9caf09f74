"""What mail servers say at each step, and what becomes of the message."""

import smtplib
from dataclasses import replace
from socket import SHUT_RDWR, SHUT_WR

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.email import KIND, EmailNotifier
from pynomaly.infrastructure.notifications.smtp_replies import undelivered
from tests.infrastructure.notifications.places import HOST, MESSAGE, outside
from tests.infrastructure.notifications.scripted_mail import STEPS, scripted
from tests.infrastructure.outbound.receivers import receiver

HUSH = "s3cret-of-alerts"


def _send(port: int, *, signs_in: bool = False) -> None:
    given = {"host": HOST, "port": port, "security": "none", "sender": "a@own.example", "recipients": "b@own.example"}
    channel = EmailNotifier.opened(KIND.checked(given), outside())
    if signs_in:  # what is never done unencrypted is done here, where the other side is a script
        channel = replace(channel, route=replace(channel.route, sign_in=("alerts", HUSH)))
    channel.send(MESSAGE)


def test_a_script_that_says_the_usual_things_takes_a_mail() -> None:
    heard: list[bytes] = []
    with receiver(scripted({}, heard)) as port:
        _send(port)
        _send(port, signs_in=True)
    assert heard[0] == b"ehlo own.example\r\n"  # by the sender's domain; nobody looks up what this machine is called
    verbs = [line.split()[0] for line in heard if line[:4] in (b"ehlo", b"mail", b"rcpt", b"data", b"quit", b"AUTH")]
    assert verbs == [b"ehlo", b"mail", b"rcpt", b"data", b"quit", b"ehlo", b"AUTH", b"mail", b"rcpt", b"data", b"quit"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("code", [421, 450, 451, 452, 454])
def test_four_hundred_is_tried_again(step: str, code: int) -> None:
    said = f"{code}-a moment\r\n{code} please\r\n".encode()
    with (
        receiver(scripted({step: said, "HELO": said})) as port,
        pytest.raises(RemoteUnavailable, match=rf"^{HOST} answered {code}: a moment please$"),
    ):
        _send(port)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("code", [500, 530, 550, 552, 554, 599])
def test_five_hundred_is_final(step: str, code: int) -> None:
    with (
        receiver(scripted({step: f"{code} never\r\n".encode(), "HELO": f"{code} never\r\n".encode()})) as port,
        pytest.raises(RemoteRefused, match=rf"{HOST} answered {code}: never$"),
    ):
        _send(port)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "said",
    [
        b"\0\1\2\3\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"\r\n",
        b"999 what\r\n",
        b"-12 what\r\n",
        b"100 what\r\n",
        b"25",
        b"250-and so on\r\n",
        b"250 " + b"x" * 100_000 + b"\r\n",
        b"250-x\r\n" * 20_000,
        b"",
    ],
)
def test_nonsense_is_no_answer(step: str, said: bytes) -> None:
    def say(connection) -> None:
        connection.sendall(said)
        connection.shutdown(SHUT_RDWR)

    with (
        receiver(scripted({step: say, "HELO": say})) as port,
        pytest.raises(RemoteUnavailable, match=rf"^{HOST} gave no answer: "),
    ):
        _send(port)


def test_an_old_server_that_knows_no_ehlo_takes_a_mail_too() -> None:
    with receiver(scripted({"EHLO": b"502 what?\r\n", "HELO": b"250 hello\r\n"})) as port:
        _send(port)


@pytest.mark.parametrize("said", [b"421 bye\r\n", b"500 no\r\n", b"", b"\0\r\n"])
def test_what_happens_after_a_mail_was_taken_takes_nothing_back(said: bytes) -> None:
    def say(connection) -> None:
        connection.sendall(said)
        connection.shutdown(SHUT_RDWR)

    with receiver(scripted({"QUIT": say})) as port:
        _send(port)


@pytest.mark.parametrize(
    ("steps", "expected", "said"),
    [
        ({"AUTH": b"535 wrong\r\n"}, RemoteRefused, "answered 535: wrong"),
        ({"AUTH": b"454 later\r\n"}, RemoteUnavailable, "answered 454: later"),
        ({"EHLO": b"250 own.example\r\n"}, RemoteRefused, "cannot do what this channel needs: .*AUTH"),
        ({"EHLO": b"250-own.example\r\n250 AUTH XOAUTH\r\n"}, RemoteRefused, "knows no way to sign in"),
        ({"EHLO": b"250-own.example\r\n250 AUTH CRAM-MD5\r\n", "AUTH": b"334 x\r\n"}, RemoteUnavailable, "no SMTP"),
        ({"AUTH": lambda connection: connection.shutdown(SHUT_RDWR)}, RemoteUnavailable, "gave no answer"),
    ],
)
def test_what_is_said_to_a_sign_in_decides(steps, expected, said: str) -> None:
    with receiver(scripted(steps)) as port, pytest.raises(expected, match=said) as raised:
        _send(port, signs_in=True)
    assert HUSH not in str(raised.value)


def test_a_server_that_asks_again_and_again_is_left() -> None:
    def ask(connection) -> None:
        for _ in range(20):
            connection.sendall(b"334 " + HUSH.encode() + b"\r\n")

    ask_login = {"EHLO": b"250-own.example\r\n250 AUTH LOGIN\r\n", "AUTH": ask}
    with receiver(scripted(ask_login)) as port, pytest.raises((RemoteRefused, RemoteUnavailable)) as raised:
        _send(port, signs_in=True)
    assert HUSH not in str(raised.value)


def test_what_smtplib_says_of_an_answer_is_not_repeated() -> None:
    looping = smtplib.SMTPException(f"Server AUTH mechanism infinite loop. Last response: (334, b'{HUSH}')")
    assert str(undelivered(looping, HOST, [HUSH])) == f"{HOST} knows no way to sign in that is known here"


@settings(max_examples=200)
@given(
    said=st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([b"250", b"334 eA==", b"235 ", b"250-", b"-1 "])))
)
def test_nothing_that_a_server_says_is_an_error_of_ours(said: list[bytes]) -> None:
    def say(connection) -> None:
        connection.sendall(b"220 own.example\r\n250-own.example\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n")
        connection.sendall(b"".join(line + b"\r\n" for line in said))
        connection.shutdown(SHUT_WR)
        while connection.recv(65536):
            pass

    with receiver(say) as port, pytest.raises((RemoteRefused, RemoteUnavailable)) as raised:
        _send(port, signs_in=True)
    assert str(raised.value).isprintable()
