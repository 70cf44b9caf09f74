import pyarrow as pa
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.content.text_encoding import TextEncoding, as_utf8, encoding_of


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        (b"plain", "utf-8"),
        ("grün".encode(), "utf-8"),
        ("grün".encode("utf-8-sig"), "utf-8-sig"),
        ("grün".encode("utf-16"), "utf-16"),
        ("grün".encode("utf-32"), "utf-32"),
        ("a,b,c,d,e\n".encode("utf-16-le"), "utf-16-le"),
        ("a,b,c,d,e\n".encode("utf-16-be"), "utf-16-be"),
        ("grün “x”".encode("cp1252"), "cp1252"),
        (b"gr\xfcn \x81", "latin-1"),
        ("grün".encode()[:-2], "utf-8"),
    ],
)
def test_the_encoding_is_found(content: bytes, codec: str) -> None:
    assert encoding_of(content, name="x").codec == codec


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="neither text"):
        encoding_of(bytes(range(32)) * 4 + b"text", name="x")


def test_utf8_is_not_copied() -> None:
    source = ByteSource("x", content=pa.py_buffer(b"text"))
    assert as_utf8(source, TextEncoding("utf-8")) is source


def test_other_text_becomes_utf8() -> None:
    source = ByteSource("x", content=pa.py_buffer("grün".encode("utf-16")))
    assert as_utf8(source, TextEncoding("utf-16")).head(10) == "grün".encode()


def test_half_a_utf16_character_is_refused() -> None:
    source = ByteSource("x", content=pa.py_buffer("grün".encode("utf-16")[:-1]))
    with pytest.raises(UnreadableFile, match="UTF-16"):
        as_utf8(source, TextEncoding("utf-16"))
