import io
import zipfile

import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.formats.workbook_archive import refuse_unsafe_workbook
from tests.infrastructure.data.formats.workbooks import workbook_bytes


def archive_of(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return content.getvalue()


def test_an_ordinary_workbook_passes() -> None:
    refuse_unsafe_workbook(workbook_bytes({"Data": [["a", "b"], [1, 2]]}), "x.xlsx")


def test_a_zip_archive_of_something_else_is_refused_with_advice() -> None:
    with pytest.raises(UnreadableFile, match="unpack it and read the file inside"):
        refuse_unsafe_workbook(archive_of(table_dot_csv=b"a,b\n1,2\n"), "x.zip")
    with pytest.raises(UnreadableFile, match=r"save the workbook as \.xlsx"):
        refuse_unsafe_workbook(archive_of(content_dot_xml=b"<office/>"), "x.ods")


def test_a_workbook_that_unfolds_without_measure_is_refused() -> None:
    bomb = archive_of(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=b" " * (65 * 1024**2))
    with pytest.raises(UnreadableFile, match="unfolds"):
        refuse_unsafe_workbook(bomb, "x.xlsx")


def test_a_stray_cell_at_the_far_end_is_refused_before_the_grid_is_built() -> None:
    sheet = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    bomb = archive_of(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=sheet)
    with pytest.raises(UnreadableFile, match="1048576 rows and 16384 columns"):
        refuse_unsafe_workbook(bomb, "x.xlsx")


def test_a_damaged_archive_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        refuse_unsafe_workbook(b"PK\x03\x04" + b"x" * 100, "x.xlsx")
