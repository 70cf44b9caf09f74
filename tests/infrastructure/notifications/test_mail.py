"""What a mail program makes of our mails, read back with the standard library's parser."""

from dataclasses import replace
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.notifications.mail import mail_of
from tests.infrastructure.notifications.places import MESSAGE

TO = ("a@own.example", "b@own.example")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
]


def _read(title: str = MESSAGE.title, text: str = MESSAGE.text):
    written = mail_of(replace(MESSAGE, title=title, text=text), "alerts@own.example", TO)
    return written, BytesParser(policy=policy.default).parsebytes(written)


def test_a_mail_says_who_when_and_what() -> None:
    _, mail = _read()
    assert mail.keys() == HEADERS
    assert (mail["From"], mail["To"], mail["Subject"]) == ("alerts@own.example", ", ".join(TO), MESSAGE.title)
    assert (mail["Date"], mail["Message-ID"]) == ("Sun, 01 Mar 2026 12:00:00 +0000", f"<{MESSAGE.id}@own.example>")
    assert mail.get_content() == MESSAGE.text.replace("\n", "\r\n") + "\r\n"


def test_it_is_the_same_at_every_attempt() -> None:
    assert _read()[0] == _read()[0]


def test_names_of_everywhere_arrive_in_seven_bits() -> None:
    written, mail = _read("Größe 測試 🎉 " + "lang " * 30, "Zeile 1 – ü\n測試\n.\nFrom here")
    assert written.isascii()
    assert mail["Subject"] == ("Größe 測試 🎉 " + "lang " * 30).strip()
    assert mail.get_content() == "Zeile 1 – ü\r\n測試\r\n.\r\nFrom here\r\n"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0", "\x0b", "\x1c", "\x85", "\u2028", "\r\n\r\n", "\ud800"])
def test_a_name_adds_no_header_and_no_second_body(end: str) -> None:
    _, mail = _read(f"x{end}Bcc: eve@evil.example{end}{end}body")
    assert mail.keys() == HEADERS
    assert mail["Subject"] == f"x{' ' * len(end)}Bcc: eve@evil.example{' ' * 2 * len(end)}body"
    assert mail["To"] == ", ".join(TO)


def test_a_text_holds_lines_and_nothing_else_that_is_not_printed() -> None:
    _, mail = _read(text="a\0b\ud800c\x1b[31m\u202ed\r\ne")
    assert mail.get_content() == "a b c [31m d\r\ne\r\n"


@given(title=st.text(), text=st.text())
def test_no_title_and_no_text_breaks_a_mail(title: str, text: str) -> None:
    written, mail = _read(title, text)
    assert mail.keys() == HEADERS
    assert written.isascii()
    assert written.replace(b"\r\n", b"").translate(None, b"\r\n") == written.replace(b"\r\n", b"")
    assert max(map(len, written.split(b"\r\n"))) <= 998
