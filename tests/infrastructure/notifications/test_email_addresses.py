import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.notifications.email_addresses import read_address, read_addresses


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


def test_several_are_separated_by_commas_and_named_once() -> None:
    assert read_addresses("a@x.org, b@x.org,,a@x.org ,") == ["a@x.org", "b@x.org"]


@pytest.mark.parametrize("text", ["", " , ", ",".join(f"a{number}@x.org" for number in range(51))])
def test_there_are_one_to_fifty(text: str) -> None:
    with pytest.raises(InvalidRequest, match="'recipients' holds 1 to 50 addresses"):
        read_addresses(text)
