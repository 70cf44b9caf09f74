"""Points in time as text, in mixed layouts: ISO, 07/01/2014 00:30, 31.12.2014, 01-Jul-2014, with epochs among them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pynomaly.infrastructure.data.columns.text_cells import trimmed

_CLOCK = (
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[AaPp])?\.?(?:[Mm]\.?)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$"
)
_YEAR_FIRST = r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
_NUMERIC = r"^(?P<first>\d{1,2})(?P<mark>[-/.])(?P<then>\d{1,2})[-/.](?P<year>\d{4})"
_DAY_NAME_YEAR = r"^(?:[A-Za-z]{3,9},? +)?(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3})[a-z]*\.?[- ,]+(?P<year>\d{4})"
_NAME_DAY_YEAR = r"^(?:[A-Za-z]{3,9}, +)?(?P<name>[A-Za-z]{3})[a-z]*\.? +(?P<day>\d{1,2}),? +(?P<year>\d{4})"
_EPOCH = r"^(?P<seconds>\d{10})(?:\d{3})?$"
_STRICT = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$"  # what Arrow reads by itself, faster
_LAYOUTS = (*(day + _CLOCK for day in (_YEAR_FIRST, _NUMERIC, _DAY_NAME_YEAR, _NAME_DAY_YEAR)), _EPOCH)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """How a column writes days such as 03/04/2014. `note` says what was ambiguous, empty if nothing."""

    day_first: bool = False
    note: str = ""


def time_format_of(cells: pa.ChunkedArray) -> TimeFormat:
    """Decide day-first or month-first from all cells together: a number above 12 can only be a day."""
    found = pc.drop_null(pc.extract_regex(trimmed(cells), pattern=_NUMERIC + _CLOCK))
    if not len(found):
        return TimeFormat()
    first, then = (_integers(pc.struct_field(found, name)) for name in ("first", "then"))
    day_first, month_first = int(np.sum(first > 12)), int(np.sum(then > 12))
    if not day_first and not month_first:
        dotted = pc.all(pc.equal(pc.struct_field(found, "mark"), ".")).as_py()
        order = "day first" if dotted else "month first"
        return TimeFormat(bool(dotted), "" if dotted else f"day and month cannot be told apart; read as {order}")
    note = "some days come first, some months; each read the only possible way" if day_first and month_first else ""
    return TimeFormat(day_first > month_first, note)


def parse_times(cells: pa.ChunkedArray, time_format: TimeFormat) -> pa.ChunkedArray:
    """Read text cells as timestamp[s] showing the wall clock as written (an offset is not applied); null elsewhere."""
    text = trimmed(cells)
    if pc.all(pc.match_substring_regex(text, _STRICT)).as_py() in (True, None):
        try:
            return pc.floor_temporal(pc.cast(text, pa.timestamp("us")), unit="second").cast(pa.timestamp("s"))
        except pa.ArrowInvalid:
            pass  # the 30th of February, or the like
    seconds = np.zeros(len(text), dtype=np.int64)
    known = np.zeros(len(text), dtype=bool)
    open_rows = np.flatnonzero(pc.is_valid(text).to_numpy())
    for pattern in _LAYOUTS:
        if not open_rows.size:
            break
        found = pc.extract_regex(text.take(pa.array(open_rows)), pattern=pattern)
        is_match = pc.is_valid(found).to_numpy()
        fields = _fields(pc.drop_null(found))
        instants, is_real = _instants(fields, time_format)
        rows = open_rows[is_match]
        seconds[rows], known[rows] = instants, is_real
        open_rows = open_rows[~is_match]
    return pa.chunked_array([pa.array(seconds, mask=~known).cast(pa.timestamp("s"))])


def _integers(texts: pa.ChunkedArray) -> NDArray[np.int64]:
    filled = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(pc.cast(filled, pa.int64()).to_numpy())


def _fields(found: pa.ChunkedArray) -> dict[str, NDArray[np.int64]]:
    """Return the named parts of each match as integers; month names and am/pm become numbers too."""
    fields = {}
    for index, part in enumerate(found.type):
        texts = pc.struct_field(found, index)
        if part.name == "name":
            position = pc.index_in(pc.utf8_lower(texts), value_set=pa.array(_MONTHS).cast(texts.type))
            fields["month"] = np.asarray(pc.add(pc.fill_null(position, -1), 1).to_numpy()).astype(np.int64)
        elif part.name == "half":
            position = pc.index_in(pc.utf8_lower(texts), value_set=pa.array(["", "a", "p"]).cast(texts.type))
            fields["half"] = np.asarray(position.to_numpy()).astype(np.int64)
        elif part.name != "mark":
            fields[part.name] = _integers(texts)
    return fields


def _instants(
    fields: dict[str, NDArray[np.int64]], time_format: TimeFormat
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return seconds since 1970 on the wall clock, and which of the dates and clocks exist."""
    if "seconds" in fields:
        return fields["seconds"], np.ones(fields["seconds"].size, dtype=bool)
    year, month, day = _date(fields, time_format)
    hour, minute, second = (fields[name] for name in ("hour", "minute", "second"))
    half = fields["half"]
    hour = np.where(half > 0, hour % 12 + 12 * (half == 2), hour)
    month_start = ((year - 1970) * 12 + (month - 1)).astype("datetime64[M]")
    start = month_start.astype("datetime64[D]").astype(np.int64)
    length = (month_start + 1).astype("datetime64[D]").astype(np.int64) - start
    is_real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (hour < 24) & (minute < 60) & (second <= 60)
    return ((start + day - 1) * 24 + hour) * 3600 + minute * 60 + second, is_real


def _date(
    fields: dict[str, NDArray[np.int64]], time_format: TimeFormat
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    if "first" not in fields:
        return fields["year"], fields["month"], fields["day"]
    first, then = fields["first"], fields["then"]
    is_day_first = np.where(first > 12, True, np.where(then > 12, False, time_format.day_first))
    return fields["year"], np.where(is_day_first, then, first), np.where(is_day_first, first, then)
