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


def workbook_with(cell: str) -> bytes:
    sheet = f"<worksheet><sheetData>{cell}</sheetData></worksheet>".encode()
    return archive_of(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=sheet)


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='XFD1048576'/>",
        '<c r = "xfd1048576"/>',
        '<c r="AAAAAA100000"/>',
        '<row r="1"><c r="XFD1"/></row><row r="4294967295"/>',
        '<c r="XFD000000000001048576"/>',
    ],
)
def test_a_far_cell_is_seen_however_it_is_written(cell: str) -> None:
    with pytest.raises(UnreadableFile, match="more than 250000000 cells"):
        refuse_unsafe_workbook(workbook_with(cell), "x.xlsx")


def test_a_far_cell_is_seen_where_two_pieces_of_a_sheet_meet() -> None:
    for shift in range(0, 40, 7):
        with pytest.raises(UnreadableFile, match="more than 250000000 cells"):
            refuse_unsafe_workbook(workbook_with("x" * (4 * 1024**2 - 50 - shift) + '<c r="XFD1048576"/>'), "x.xlsx")


def test_more_shared_strings_than_there_can_be_are_not_believed() -> None:
    def workbook(n: int) -> bytes:
        strings = f'<sst count="7" uniqueCount="{n}"><si><t>x</t></si></sst>'.encode()
        return archive_of(xl__workbook_dot_xml=b"<workbook/>", xl__sharedStrings_dot_xml=strings)

    refuse_unsafe_workbook(workbook(1), "x.xlsx")
    refuse_unsafe_workbook(workbook(1000), "x.xlsx")
    with pytest.raises(UnreadableFile, match="announces 4294967295 strings"):
        refuse_unsafe_workbook(workbook(4_294_967_295), "x.xlsx")
