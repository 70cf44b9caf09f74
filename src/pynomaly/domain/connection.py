"""A connection: a place outside that somebody named, with what it takes to reach it; some of that is secret.

Channels lead messages out, sources lead rows in. What each kind needs is said as data, so that one description feeds
the check, the forms, the command line and the documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pynomaly.domain.errors import InvalidRequest, did_you_mean

Value: TypeAlias = str | int | bool
"""What a field holds."""

LONGEST_TEXT = 4096
LONGEST_LINES = 65_536
_LINE_BREAKS = str.maketrans("\n\r\t", "   ")


class FieldType(StrEnum):
    """What a field is filled with."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a kind of connection wants to know.

    is_secret: it is sealed when stored, and shown to nobody again.  default: holds where nothing is given; a field
    that is not required and has none stays empty.  choices: of a CHOICE.  least, most: of a NUMBER.  has_lines: a TEXT
    may hold line breaks and tabs, as a query does, and more characters.
    is_place: it decides where the connection leads or who may listen. When that changes secrets have to be given anew,
    or whoever may edit the connection could have them sent to a place of their own.
    """

    name: str
    summary: str
    type: FieldType = FieldType.TEXT
    is_secret: bool = False
    is_required: bool = True
    default: Value | None = None
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 2**31 - 1
    has_lines: bool = False
    is_place: bool = False

    def checked(self, value: object) -> Value:
        """Return a value that fits. Raises InvalidRequest saying what would."""
        match self.type, value:
            case FieldType.TEXT, str() if self._is_fitting(value):
                return value
            case FieldType.NUMBER, int() if not isinstance(value, bool) and self.least <= value <= self.most:
                return value
            case FieldType.FLAG, bool():
                return value
            case FieldType.CHOICE, str() if value in self.choices:
                return value
        given = "" if self.is_secret else f", not {str(value)[:100]!r}"
        raise InvalidRequest(f"'{self.name}' is {self._wanted()}{given}")

    def _is_fitting(self, text: str) -> bool:
        line = text.translate(_LINE_BREAKS) if self.has_lines else text
        return 0 < len(text) <= self._longest and line.isprintable()

    @property
    def _longest(self) -> int:
        return LONGEST_LINES if self.has_lines else LONGEST_TEXT

    def _wanted(self) -> str:
        return {
            FieldType.TEXT: f"{'text' if self.has_lines else 'one line'} of 1 to {self._longest} characters",
            FieldType.NUMBER: f"a whole number from {self.least} to {self.most}",
            FieldType.FLAG: "true or false",
            FieldType.CHOICE: f"one of {', '.join(self.choices)}",
        }[self.type]


@dataclass(frozen=True, slots=True)
class ConnectionKind:
    """One kind of place that can be connected to, such as a webhook or a PostgreSQL database."""

    name: str
    summary: str
    fields: tuple[Field, ...]

    def checked(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Return every value that holds, defaults filled in.

        Raises InvalidRequest for a field that is unknown, missing or filled with something else.
        """
        known = [field.name for field in self.fields]
        for name in given:
            if name not in known:
                takes = ", ".join(known)
                raise InvalidRequest(f"{self.name} takes {takes}, not '{name[:100]}'{did_you_mean(name, known)}")
        values: dict[str, Value] = {}
        for field in self.fields:
            value = given.get(field.name, field.default)
            if value is not None:
                values[field.name] = field.checked(value)
            elif field.is_required:
                raise InvalidRequest(f"{self.name} needs '{field.name}': {field.summary}")
        return values

    def secret_names(self) -> frozenset[str]:
        """Return which fields are secret."""
        return frozenset(field.name for field in self.fields if field.is_secret)
