"""Looking into an Excel file's zip archive before a parser does: a few kilobytes can unfold to fill the memory."""

import io
import re
import zipfile
import zlib
from typing import IO

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.limits import MAX_CELLS, unpacked_limit_bytes

_CHUNK_BYTES = 4 * 1024**2
_OVERLAP_BYTES = 256
_HEAD_BYTES = 4096
_BELIEVED_STRINGS = 1_000_000  # so many cost little, and some programs count them wrong
_ADDRESS = re.compile(rb"""\br\s{0,16}=\s{0,16}["']([A-Za-z]{0,64})([0-9]{1,40})["']""")
"""Of a cell (B12) or of a row (12), as readers of XML take it; Excel's own end at XFD1048576."""

_STRING_COUNT = re.compile(rb"""[cC]ount\s{0,16}=\s{0,16}["']([0-9]{1,40})["']""")
_SHORTEST_STRING_BYTES = len("<si/>")


def refuse_unsafe_workbook(content: bytes, name: str) -> None:
    """Check an .xlsx or .xlsm archive; an old .xls file, whose format bounds itself, passes.

    Raises UnreadableFile if it is no workbook, unfolds too far, or has a cell so far out that the grid up to it
    would not fit into memory. Cunning may get past it: files of strangers are read in a process of their own.
    """
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_foreign({member.filename for member in members}, name)
            _refuse_unfolding(sum(member.file_size for member in members), len(content), name)
            for member in members:
                if member.filename.lower().startswith("xl/worksheets/"):
                    with archive.open(member) as sheet:
                        _refuse_far_cells(sheet, name)
                elif member.filename.lower() == "xl/sharedstrings.xml":
                    with archive.open(member) as strings:
                        _refuse_false_count(strings, member.file_size, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(f"'{name}' is damaged ({error}); copy or save the workbook again.") from error


def _refuse_foreign(members: set[str], name: str) -> None:
    if "xl/workbook.xml" in members:
        return
    is_other_workbook = "xl/workbook.bin" in members or "content.xml" in members
    advice = "save the workbook as .xlsx" if is_other_workbook else "unpack it and read the file inside"
    raise UnreadableFile(f"'{name}' is a zip archive but not an .xlsx workbook; {advice}.")


def _refuse_unfolding(n_bytes: int, packed_bytes: int, name: str) -> None:
    if n_bytes > unpacked_limit_bytes(packed_bytes):
        raise UnreadableFile(f"'{name}' unfolds {packed_bytes} bytes to {n_bytes}; export the sheet as CSV.")


def _refuse_far_cells(sheet: IO[bytes], name: str) -> None:
    last_row = last_column = 0
    rest = b""
    while chunk := sheet.read(_CHUNK_BYTES):
        for letters, digits in _ADDRESS.findall(rest + chunk):
            last_row = max(last_row, int(digits))
            last_column = max(last_column, _column_number(letters))
        rest = chunk[-_OVERLAP_BYTES:]
    if last_row * last_column > MAX_CELLS:
        raise UnreadableFile(
            f"'{name}' has a sheet of {last_row} rows and {last_column} columns, more than {MAX_CELLS} cells; "
            "delete stray cells far from the table, or export the table as CSV."
        )


def _refuse_false_count(strings: IO[bytes], n_bytes: int, name: str) -> None:
    """Check how many strings a workbook says it shares: parsers make room for them before they see any."""
    said = [int(digits) for digits in _STRING_COUNT.findall(strings.read(_HEAD_BYTES))]
    if any(count * _SHORTEST_STRING_BYTES > n_bytes for count in said[:2] if count > _BELIEVED_STRINGS):
        raise UnreadableFile(f"'{name}' announces {max(said)} strings but does not hold so many; save it again.")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
