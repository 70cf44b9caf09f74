"""Which rows of a detection a caller has in mind."""

from collections.abc import Sequence

from pynomaly.application.detected_rows import require_row
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.verdict import MOST_ROWS


def rows_to_judge(detection: Detection, row: int | None, rows: Sequence[int]) -> Sequence[int]:
    """Return one row or several, each of which is there. Raises InvalidRequest, NotFound."""
    wanted = [*rows] if row is None else [row]
    if row is not None and rows:
        raise InvalidRequest("name one row or several, not both")
    if not 0 < len(wanted) <= MOST_ROWS or len(set(wanted)) != len(wanted):
        raise InvalidRequest(f"one row is judged, or up to {MOST_ROWS:,} at once, each named once")
    for one in wanted:
        require_row(detection, one)
    return wanted
