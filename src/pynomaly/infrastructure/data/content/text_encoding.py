"""Which characters the bytes of a text file stand for, and the same text as UTF-8."""

import codecs
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b")) + b"\x7f"
_MAX_CONTROL_SHARE = 0.01
"""Text has practically none; an image or a program has one in ten."""

_CHUNK_CHARACTERS = 1024**2
_UNDEFINED_IN_WINDOWS_1252 = b"\x81\x8d\x8f\x90\x9d"


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """A codec's name and what the user should know about the choice."""

    codec: str
    note: str = ""

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes can be parsed as they are."""
        return self.codec in ("utf-8", "utf-8-sig")


def encoding_of(head: bytes, *, name: str) -> TextEncoding:
    """Return the encoding that the first bytes of a text file show.

    Raises UnreadableFile if they are no text at all.
    """
    for mark, codec in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return TextEncoding(codec)
    if wide := _utf16_without_mark(head):
        return TextEncoding(wide, f"{name} looks like UTF-16 without a byte-order mark and was read so.")
    if len(head) - len(head.translate(None, _CONTROL_BYTES)) > _MAX_CONTROL_SHARE * len(head):
        raise UnreadableFile(
            f"'{name}' is neither text nor a known table format; use CSV, Parquet, Arrow, JSON lines or Excel."
        )
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _single_byte([head], name)
    return TextEncoding("utf-8")


def as_utf8(source: ByteSource, encoding: TextEncoding, into: Path | None = None) -> ByteSource:
    """Return the same text in UTF-8; a source that already is comes back as it is, uncopied.

    into: a file for it, which is held in memory without one.
    Raises UnreadableFile if the bytes do not fit the encoding.
    """
    if encoding.is_utf8:
        return source
    try:
        if into is not None:
            return _written_as_utf8(source, encoding, into)
        with source.open() as stream:
            packed = bytes(stream.read())
        text = packed.removeprefix(codecs.BOM_UTF8).decode(encoding.codec)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"'{source.name}' is damaged: byte {error.start} is not {encoding.codec.upper()}; save it again as UTF-8."
        ) from error
    return source.with_content(pa.py_buffer(text.encode("utf-8", "replace")))


def _written_as_utf8(source: ByteSource, encoding: TextEncoding, into: Path) -> ByteSource:
    with source.open() as stream, into.open("w", encoding="utf-8", errors="replace", newline="") as written:
        if source.head(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            stream.seek(len(codecs.BOM_UTF8))
        with io.TextIOWrapper(stream, encoding=encoding.codec, newline="") as text:
            while part := text.read(_CHUNK_CHARACTERS):
                written.write(part)
    return replace(source, path=into, content=None)


def whole_file_encoding(source: ByteSource) -> TextEncoding:
    """Return the single-byte encoding of a file whose beginning was UTF-8 but whose rest is not."""
    with source.open() as stream:
        return _single_byte(iter(partial(stream.read, _CHUNK_CHARACTERS), b""), source.name)


def _single_byte(content: Iterable[bytes], name: str) -> TextEncoding:
    is_windows = all(len(part.translate(None, _UNDEFINED_IN_WINDOWS_1252)) == len(part) for part in content)
    codec, title = ("cp1252", "Windows-1252") if is_windows else ("latin-1", "ISO-8859-1")
    return TextEncoding(codec, f"{name} is not UTF-8; it was read as {title}. Save it as UTF-8 if letters look wrong.")


def _utf16_without_mark(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs < 4:
        return None
    evens, odds = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
    if odds > 0.7 and evens < 0.1:
        return "utf-16-le"
    return "utf-16-be" if evens > 0.7 and odds < 0.1 else None
