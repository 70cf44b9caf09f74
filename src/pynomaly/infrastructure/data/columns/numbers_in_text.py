"""Numbers as people and exports write them: "1,234.50", "5 %", "(3.20)", "3.20-", "$4", "1.234,5", "1e400"."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.infrastructure.data.columns.text_cells import trimmed

_PLAIN = r"^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|(?i:inf|infinity|nan))$"
_PLAIN_COMMA = r"^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$"
# Groups of three, or of two before the last three as written in India; a leading zero is never grouped.
_GROUPED = r"^[+-]?[1-9]\d{0,2}([,'’_ \x{A0}\x{2009}\x{202F}]\d{2,3})*[,'’_ \x{A0}\x{2009}\x{202F}]\d{3}(\.\d*)?$"
_GROUPED_COMMA = r"^[+-]?[1-9]\d{0,2}([.'’_ \x{A0}\x{2009}\x{202F}]\d{3})+(,\d*)?$"
_MONEY = r"(?:[$€£¥₹₽₩]|USD|EUR|GBP|CHF|JPY)"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a column writes its numbers. A per cent sign is a unit and is dropped: "5 %" reads as 5."""

    decimal_comma: bool = False


def number_format_of(cells: pa.ChunkedArray) -> NumberFormat:
    """Return the format that reads more of these text cells; a point wins a tie."""
    with_point = len(cells) - parse_numbers(cells, NumberFormat()).null_count
    with_comma = len(cells) - parse_numbers(cells, NumberFormat(decimal_comma=True)).null_count
    return NumberFormat(decimal_comma=with_comma > with_point)


def parse_numbers(cells: pa.ChunkedArray, number_format: NumberFormat) -> pa.ChunkedArray:
    """Read text cells as float64; null where a cell is blank or no number, inf where it is too large."""
    text = trimmed(cells)
    if not number_format.decimal_comma:
        try:
            return pc.cast(text, pa.float64())
        except pa.ArrowInvalid:
            pass  # some cell is dressed up or no number at all
    readable = pc.match_substring_regex(text, _PLAIN)
    if number_format.decimal_comma:
        readable = pc.and_(readable, pc.invert(pc.match_substring(text, ".")))
    readable = pc.fill_null(readable, True)
    undressed = _undress(text.filter(pc.invert(readable)), number_format)
    numbers = pc.cast(pc.if_else(readable, text, None), pa.float64()).combine_chunks()
    return pa.chunked_array([pc.replace_with_mask(numbers, pc.invert(readable).combine_chunks(), undressed)])


def _undress(text: pa.ChunkedArray, number_format: NumberFormat) -> pa.Array:
    text = pc.replace_substring_regex(text, r"^\(\s*(.*?)\s*\)$", r"-\1")
    text = pc.replace_substring_regex(text, "[−–]", "-")
    text = pc.replace_substring_regex(text, rf"^([+-]?)\s*{_MONEY}\s*", r"\1")
    text = pc.replace_substring_regex(text, rf"\s*(?:%|‰|{_MONEY})$", "")
    text = pc.replace_substring_regex(text, r"^(\d.*?)\s*-$", r"-\1")  # SAP and mainframes write the sign last
    grouped = pc.match_substring_regex(text, _GROUPED_COMMA if number_format.decimal_comma else _GROUPED)
    marks = r"[.'’_ \x{A0}\x{2009}\x{202F}]" if number_format.decimal_comma else r"[,'’_ \x{A0}\x{2009}\x{202F}]"
    text = pc.if_else(grouped, pc.replace_substring_regex(text, marks, ""), text)
    if number_format.decimal_comma:
        text = pc.if_else(pc.match_substring_regex(text, _PLAIN_COMMA), pc.replace_substring(text, ",", "."), None)
    is_number = pc.match_substring_regex(text, _PLAIN)
    return pa.concat_arrays(
        pc.cast(pc.if_else(is_number, text, None), pa.float64()).chunks or [pa.array([], pa.float64())]
    )
