from email.parser import BytesParser
from email.policy import default
from smtplib import quoteaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.notifications.email_addresses import read_address, read_addresses
from pynomaly.infrastructure.notifications.mail import mail_of
from tests.infrastructure.notifications.places import MESSAGE


@pytest.mark.parametrize(
    "text", ["ada@example.org", "a.b+c_d-e@mail.example.org", "root@localhost", "o'neil=x@x.example", "a" * 64 + "@x.y"]
)
def test_usual_addresses_are_read(text: str) -> None:
    assert read_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada@example..org",
        "ada@-example.org",
        "ada@example.org.",
        ".ada@example.org",
        "ada.@example.org",
        "a..b@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 64 + ".org",
        "ada@" + "a.bcd" * 50,
        "Ada <ada@example.org>",
        "<ada@example.org>",
        '"ada"@example.org',
        "ada@[127.0.0.1]",
        "ada@exämple.org",
        "ädä@example.org",
        "ada @example.org",
        "ada@example.org eve@example.org",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org\n",
        "ada@example.org\0",
        "ada@example.org> SIZE=1",
        "ada@example.org;eve@example.org",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is no e-mail address such as"):
        read_address(text)


ATOMS = st.text("abz09!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=64)
LABELS = st.text("abzABZ09", min_size=1, max_size=63)
ADDRESSES = st.builds(
    "{}@{}".format,
    st.lists(ATOMS, min_size=1, max_size=3).map(".".join).filter(lambda local: len(local) <= 64),
    st.lists(LABELS, min_size=1, max_size=4).map(".".join).filter(lambda domain: len(domain) <= 189),
)


@given(address=ADDRESSES)
def test_an_address_stays_what_it_is_on_the_envelope_and_in_the_mail(address: str) -> None:
    """smtplib and the email package each read addresses in their own way; ours must be the same to both."""
    assert read_address(address) == address
    assert quoteaddr(address) == f"<{address}>"
    mail = BytesParser(policy=default).parsebytes(mail_of(MESSAGE, address, [address, "b@own.example"]))
    assert mail["To"].addresses[0].addr_spec == address
    assert [each.addr_spec for each in mail["From"].addresses] == [address]
    assert len(mail["To"].addresses) == 2


def test_several_are_separated_by_commas_and_named_once() -> None:
    assert read_addresses("a@x.org, b@x.org,,a@x.org ,") == ["a@x.org", "b@x.org"]


@pytest.mark.parametrize("text", ["", " , ", ",".join(f"a{number}@x.org" for number in range(51))])
def test_there_are_one_to_fifty(text: str) -> None:
    with pytest.raises(InvalidRequest, match="'recipients' holds 1 to 50 addresses"):
        read_addresses(text)
