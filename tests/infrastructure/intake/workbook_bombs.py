"""Excel workbooks that unfold without measure, name cells at the end of the world, or are no workbooks."""

import io
import zipfile
from collections.abc import Mapping

from tests.infrastructure.data.formats.workbooks import sheet_xml, workbook_bytes
from tests.infrastructure.intake.packed_bombs import MEBIBYTE, Deflated, deflated, whole, zip_of


def workbook_bombs() -> dict[str, bytes]:
    honest = workbook_bytes({"Data": [["a", "b"], [1, 2]]})
    sheets = [(f"s{i}", [["a", "b"], [1.0, 2.0]] if i == 1999 else []) for i in range(2000)]
    start, end = sheet_xml([["a", "b"]]).replace("</sheetData></worksheet>", ""), "</sheetData></worksheet>"
    rows = '<row><c t="inlineStr"><is><t>x</t></is></c><c><v>1</v></c></row>' * 16_000
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    )
    outside = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">'
    sheet = sheet_xml([["a", "b"], ["AMP", 1.0]]).partition("?>")[2].replace("AMP", "&j;")
    shared = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4294967295" uniqueCount='
    return {
        "sheet_of_1_gib.xlsx": _with_sheet(honest, deflated(start.encode(), rows.encode(), 1000, end.encode())),
        "sheet_of_1_gib_said_small.xlsx": _with_sheet(
            honest, deflated(start.encode(), rows.encode(), 1000, end.encode()), said_bytes=1000
        ),
        "sheet_of_blanks.xlsx": _with_sheet(honest, deflated(start.encode(), b" " * MEBIBYTE, 3000, end.encode())),
        "cell_far_away.xlsx": workbook_with_cell(honest, 'r="XFD1048576"'),
        "cell_far_away_in_other_quotes.xlsx": workbook_with_cell(honest, "r='XFD1048576'"),
        "cell_far_away_in_small_letters.xlsx": workbook_with_cell(honest, 'r = "xfd1048576"'),
        "cell_far_away_behind_blanks.xlsx": workbook_with_cell(honest, "r" + " " * 99 + "='XFD1048576'"),
        "cell_beyond_the_end_behind_blanks.xlsx": workbook_with_cell(honest, "r" + " " * 99 + "='ZZZZZZ4294967295'"),
        "cell_beyond_the_end.xlsx": workbook_with_cell(honest, 'r="ZZZZZZ4294967295"'),
        "row_far_away.xlsx": _with_sheet(
            honest, whole(f'{start}<row r="1048575"><c r="A1048575"><v>1</v></c></row>{end}'.encode())
        ),
        "row_beyond_the_end.xlsx": _with_sheet(
            honest, whole(f'{start}<row r="4294967295"><c><v>1</v></c></row>{end}'.encode())
        ),
        "2000_sheets.xlsx": workbook_bytes(dict(sheets)),
        "billion_laughs.xlsx": _with_sheet(honest, whole(f"{laughs}]>{sheet}".encode())),
        "entity_from_outside.xlsx": _with_sheet(honest, whole(f"{outside}]>{sheet}".encode())),
        "deep_xml.xlsx": _with_sheet(honest, whole(start.encode() + b"<row>" * 500_000)),
        "billions_of_shared_strings.xlsx": _with_member(
            honest, "xl/sharedStrings.xml", whole(f'{shared}"4294967295"><si><t>x</t></si></sst>'.encode())
        ),
        "index_of_no_string.xlsx": _with_sheet(
            honest, whole(f'{start}<row r="2"><c r="A2" t="s"><v>99999999999</v></c></row>{end}'.encode())
        ),
        "number_of_no_measure.xlsx": _with_sheet(
            honest, whole(f'{start}<row r="2"><c r="A2"><v>1e999</v></c><c r="B2"><v>NaN</v></c></row>{end}'.encode())
        ),
        "no_sheets.xlsx": workbook_bytes({}),
        "members_that_overlap.xlsx": honest[:40] * 1000 + honest,
        "zip_of_csv.xlsx": zip_of({"table.csv": whole(b"a,b\n1,2\n")}),
        "climbs_out.xlsx": zip_of({"../../../etc/passwd": whole(b"x"), "xl/workbook.xml": whole(b"<workbook/>")}),
        "20_000_members.xlsx": _many_members(20_000),
    }


def workbook_with_cell(workbook: bytes, address: str) -> bytes:
    """Return the workbook with one more cell; `address` is how it says where it is."""
    sheet = sheet_xml([["a", "b"], [1.0, 2.0]]).replace(
        "</sheetData>", f"<row><c {address}><v>1</v></c></row></sheetData>"
    )
    return _with_sheet(workbook, whole(sheet.encode()))


def _members(workbook: bytes) -> dict[str, Deflated]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: whole(archive.read(name)) for name in archive.namelist()}


def _with_member(workbook: bytes, name: str, body: Deflated, said: Mapping[str, int] | None = None) -> bytes:
    return zip_of({**_members(workbook), name: body}, said_bytes=dict(said or {}))


def _with_sheet(workbook: bytes, sheet: Deflated, *, said_bytes: int | None = None) -> bytes:
    name = "xl/worksheets/sheet1.xml"
    return _with_member(workbook, name, sheet, {} if said_bytes is None else {name: said_bytes})


def _many_members(n: int) -> bytes:
    return zip_of({"xl/workbook.xml": whole(b"<workbook/>")} | {f"xl/worksheets/{i}": whole(b"") for i in range(n)})
