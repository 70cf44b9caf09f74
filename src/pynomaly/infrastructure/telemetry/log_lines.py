"""Log lines: one event to a line, whatever its values contain; as JSON for machines, as text for people."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pynomaly.domain.algorithm import JsonValue
from pynomaly.infrastructure.telemetry.log_record import places_of, said_by

OWN_NAMES = ("at", "level", "logger", "event", "trace")
"""Of every line; a field of one of these names is written with a bar behind it."""
_BARE = re.compile(r"[!#-<>-\[\]-~]+")  # printable ASCII without spaces, quotes, "=" and "\": it needs no quotes


class JsonLines(logging.Formatter):
    """One JSON object to a line, in ASCII: no value can end the line, or speak to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = said_by(record)
        line: dict[str, JsonValue] = {
            "at": at_in_words(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": said.event,
        }
        line |= {f"{name}_" if name in OWN_NAMES else name: value for name, value in said.fields.items()}
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = list(places_of(record.exc_info[1]))
        return json.dumps(line)


class TextLines(logging.Formatter):
    """Time, level, logger, event and `name=value` pairs; a trace follows on lines that begin with a space."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and those of the trace."""
        said = said_by(record)
        line = f"{at_in_words(record.created)} {record.levelname} {record.name} {said.event} {pairs(said.fields)}"
        trace = places_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] is not None else ()
        return "\n ".join((line.rstrip(), *trace))


def pairs(fields: Mapping[str, JsonValue]) -> str:
    r"""Return fields as text; what could be mistaken for something else is written as JSON.

    >>> pairs({"job_id": "3f9a", "reason": 'no\nroom'})
    'job_id=3f9a reason="no\\nroom"'
    """
    return " ".join(f"{name}={_text(value)}" for name, value in fields.items())


def at_in_words(seconds: float) -> str:
    """Return a moment in UTC (RFC 3339)."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(value: JsonValue) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text)
