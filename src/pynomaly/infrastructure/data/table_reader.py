"""Opening any source: a path, standard input, a data frame or an array becomes one described table."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from pynomaly.application.ports.tables import STANDARD_INPUT
from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.catalog import format_of, surprise
from pynomaly.infrastructure.data.content.byte_source import ByteSource, file_source, stream_source
from pynomaly.infrastructure.data.content.compression import unpacked
from pynomaly.infrastructure.data.formats.memory_reader import read_object
from pynomaly.infrastructure.data.limits import MAX_COLUMNS
from pynomaly.infrastructure.data.raw_table import RawTable

_LONGEST_NAME = 200


def _standard_input() -> BinaryIO:
    return sys.stdin.buffer


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads whatever it is given; `stdin` says what `-` means.

    file_name: what people call the file, where its path is none of theirs; by default the last part of the path.
    """

    stdin: Callable[[], BinaryIO] = _standard_input
    file_name: str = ""

    def read(self, source: object) -> ArrowTable:
        """Read a path, `-` for standard input, an object with the Arrow interface or a numpy array.

        Raises UnreadableFile, EmptyDataset, InvalidData or ExtraNotInstalled, each with one clear sentence.
        """
        name = self._name_of(source)
        raw = self._read_bytes(source, name) if isinstance(source, str | PathLike) else read_object(source)
        if raw.data.num_columns > MAX_COLUMNS:
            raise UnreadableFile(f"{name} has {raw.data.num_columns} columns; at most {MAX_COLUMNS} can be read.")
        return ArrowTable.from_raw(raw, name=name)

    def _read_bytes(self, source: "str | PathLike[str]", name: str) -> RawTable:
        try:
            content = unpacked(self._open(source, name))
            found = format_of(content)
            raw = found.read(content)
        except OSError as error:
            raise UnreadableFile(f"'{name}' cannot be read ({error}); is its disk still there?") from error
        except MemoryError as error:
            raise UnreadableFile(f"'{name}' does not fit into the memory there is; split it.") from error
        note = surprise(content, found)
        return replace(raw, notes=(note, *raw.notes)) if note else raw

    def _open(self, source: "str | PathLike[str]", name: str) -> ByteSource:
        if source == STANDARD_INPUT:
            return stream_source(self.stdin(), name=name)
        _refuse_address(str(source))
        return file_source(Path(source), name=name)

    def _name_of(self, source: object) -> str:
        if not isinstance(source, str | PathLike):
            return "the table"
        if source == STANDARD_INPUT:
            return "standard input"
        return _shown(self.file_name) or Path(source).name


def _shown(file_name: str) -> str:
    """Return the last part of a name that a stranger chose, without what would spoil a line of text."""
    last = re.split(r"[/\\]", file_name)[-1]
    return "".join(character for character in last if character.isprintable())[:_LONGEST_NAME]


def _refuse_address(source: str) -> None:
    if source.startswith(("http://", "https://", "s3://", "ftp://")):
        raise UnreadableFile(f"'{source}' is an address, not a file; download it first and name the file.")
