"""What a log call said, taken apart: "job_taken job_id=%s kind=%s" is an event with two fields."""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType

from pynomaly.application.current_work import current_work
from pynomaly.domain.algorithm import JsonValue

LONGEST = 2000
"""Characters of one value; the rest says nothing that somebody would read."""
_TEMPLATE = re.compile(r"(?P<event>[a-z][a-z0-9_]{0,59})(?: [a-z][a-z0-9_]*=%[srd])*(?: %s)?")
_FIELD = re.compile(r" (?P<name>[a-z][a-z0-9_]*)=%")
REST = "detail"
"""The name of a last value that came without one."""
UNSAID = "traceparent"
"""A name of work that stands in spans, not in lines."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event in our own words, or "message" with the text of a library; with the names of the work at hand."""

    event: str
    fields: Mapping[str, JsonValue]


def said_by(record: logging.LogRecord) -> Said:
    """Take a record apart."""
    around = {name: text for name, text in current_work().items() if name != UNSAID}
    template = _names_in(str(record.msg))
    values = record.args if isinstance(record.args, tuple) else ()
    if template is None or len(template[1]) != len(values):
        return Said("message", {"text": record.getMessage()[:LONGEST], **around})
    event, names = template
    own = {name: _plain(value) for name, value in zip(names, values, strict=True)}
    return Said(event, own | {name: text for name, text in around.items() if name not in own})


def places_of(error: BaseException) -> Iterator[str]:
    """Yield where an error and its causes came from, the last first: kinds and places.

    Their messages are left out: those of libraries quote rows, statements and what else was at hand.
    """
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield f"{type(here).__module__}.{type(here).__qualname__}"
        yield from _frames(here.__traceback__)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame in reversed(traceback.extract_tb(trace)):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"


@lru_cache(maxsize=1024)
def _names_in(template: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the event and the names of the fields that a template of ours has; None for anybody else's."""
    found = _TEMPLATE.fullmatch(template)
    if found is None:
        return None
    names = tuple(_FIELD.findall(template))
    return found["event"], (*names, REST) if template.endswith(" %s") else names


def _plain(value: object) -> JsonValue:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:LONGEST]
