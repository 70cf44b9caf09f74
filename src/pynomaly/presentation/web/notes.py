"""Notes of a detection as pages show them."""

import re

from markupsafe import Markup, escape

_ROW = re.compile(r"(?<= in )row ([\d,]+)(?= \(usually)")


def with_links(note: str, detection: str) -> Markup:
    """Return a note in which each row that it names leads to that row.

    >>> with_links("dose 270 in row 1,500 (usually 1 to 5)", "d1")
    Markup('dose 270 in <a href="/detections/d1/rows/1500">row 1,500</a> (usually 1 to 5)')
    """
    written, end = Markup(), 0
    for found in _ROW.finditer(note):
        link = Markup('<a href="/detections/{}/rows/{}">{}</a>').format(detection, found[1].replace(",", ""), found[0])
        written += escape(note[end : found.start()]) + link
        end = found.end()
    return written + escape(note[end:])
