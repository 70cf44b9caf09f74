"""THE TABLE of bounds: every limit of the API as data, and the types of request fields made from it.

OpenAPI gets its limits from these types, so what is documented is what is enforced. `unbounded` finds what has none.
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

MEBIBYTE = 1024**2
LARGEST_EXACT = 2**53 - 1  # the integers every reader of JSON keeps as they are: RFC 8259, section 6
LARGEST_DOUBLE = 1.7976931348623157e308

_VISIBLE = r"\p{L}\p{M}\p{N}\p{P}\p{S}"  # with the space exactly what str.isprintable() allows
_NO_NUL = r"^[^\x00]*$"  # which strict JSON and the front door refuse anywhere


@dataclass(frozen=True, slots=True)
class Text:
    """A string: fewest and most characters, and a pattern it matches."""

    least: int
    most: int
    pattern: str | None = None

    def field(self) -> Any:
        """Return it as the limits of a pydantic field."""
        return Field(min_length=self.least, max_length=self.most, pattern=self.pattern)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, both ends included."""

    least: int
    most: int

    def field(self) -> Any:
        """Return it as the limits of a pydantic field."""
        return Field(ge=self.least, le=self.most)


@dataclass(frozen=True, slots=True)
class Real:
    """A finite number, both ends included unless `is_above`: then the lower one is not."""

    least: float
    most: float
    is_above: bool = False

    def field(self) -> Any:
        """Return it as the limits of a pydantic field."""
        lower: dict[str, Any] = {"gt" if self.is_above else "ge": self.least}
        return Field(le=self.most, allow_inf_nan=False, **lower)


@dataclass(frozen=True, slots=True)
class Many:
    """A list, or a mapping: fewest and most entries."""

    least: int
    most: int
    is_mapping: bool = False

    def field(self) -> Any:
        """Return it as the limits of a pydantic field; a list stops at its first fault.

        A megabyte of wrong rows would otherwise make a hundred megabytes of errors.
        """
        return Field(min_length=self.least, max_length=self.most, fail_fast=None if self.is_mapping else True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a request may cost, and how long, large or many each part of it may be."""

    # The connection.
    header_seconds: float = 15.0
    header_bytes: int = 32 * 1024
    target_bytes: int = 8 * 1024
    connections: int = 1024
    connections_per_address: int = 256
    unread_response_seconds: float = 60.0  # how long a client may leave an answer unread before it is cut off

    # The body.
    json_bytes: int = MEBIBYTE
    json_seconds: float = 15.0
    json_depth: int = 32
    json_integer: Whole = Whole(-(2**63), 2**63 - 1)  # anywhere in a body: what a database column takes
    json_containers: int = 25_000  # two per row of the largest table; a megabyte of empty lists costs seconds
    score_bytes: int = 8 * MEBIBYTE  # ten thousand rows of forty numbers as JSON
    arrow_bytes: int = 32 * MEBIBYTE
    upload_bytes: int = 100 * MEBIBYTE
    upload_bytes_per_second: int = 64 * 1024
    upload_grace_seconds: float = 15.0
    json_rows: int = 10_000
    arrow_rows: int = 100_000
    cells: int = 50_000_000

    # Words.
    object_id: Text = Text(8, 64, "^[0-9a-f]+$")
    name: Text = Text(1, 200, f"^[{_VISIBLE}][{_VISIBLE} ]*$")
    note: Text = Text(0, 2000, _NO_NUL)
    verdict_note: Text = Text(0, 500, _NO_NUL)
    algorithm: Text = Text(1, 100, "^[A-Za-z0-9_. -]+$")
    parameter: Text = Text(1, 100, _NO_NUL)
    column: Text = Text(1, 1000, _NO_NUL)
    cell: Text = Text(0, 10_000, _NO_NUL)
    cursor: Text = Text(1, 1024, "^[A-Za-z0-9_=.-]+$")
    sort: Text = Text(1, 50, "^-?[a-z_]+$")
    idempotency_key: Text = Text(1, 255, "^[!-~]+$")
    request_id: Text = Text(1, 64, "^[A-Za-z0-9_-]+$")
    entity_tag: Text = Text(1, 1024, r"^[ -~\t]+$")
    email: Text = Text(3, 254, "^[!-?A-~]+@[!-?A-~]+$")  # RFC 5321, section 4.5.3.1.3
    password: Text = Text(8, 256, _NO_NUL)
    token: Text = Text(1, 4096, "^[A-Za-z0-9_.-]+$")
    cron: Text = Text(9, 100, "^[0-9A-Za-z*/,#?-]+( [0-9A-Za-z*/,#?-]+){4}$")
    time_zone: Text = Text(1, 64, "^[A-Za-z0-9_+/-]+$")
    kind_name: Text = Text(1, 50, "^[a-z0-9_]+$")
    field_name: Text = Text(1, 50, "^[a-z0-9_]+$")
    event_type: Text = Text(1, 100, "^[A-Za-z]+$")
    actor: Text = Text(1, 200, f"^[{_VISIBLE}][{_VISIBLE} ]*$")
    field_text: Text = Text(1, 4096, _NO_NUL)

    # Numbers.
    page: Whole = Whole(1, 500)
    page_default: int = 50
    seed: Whole = Whole(0, LARGEST_EXACT)
    priority: Whole = Whole(0, 9)
    version: Whole = Whole(1, 2**31 - 1)
    sequence: Whole = Whole(0, LARGEST_EXACT)
    row_index: Whole = Whole(0, 250_000_000)
    row_count: Whole = Whole(0, 250_000_000)
    anomaly_count: Whole = Whole(1, 250_000_000)
    days: Whole = Whole(1, 3650)
    integer: Whole = Whole(-LARGEST_EXACT, LARGEST_EXACT)
    share: Real = Real(0.0, 1.0)
    contamination: Real = Real(0.0, 0.5, is_above=True)
    severity: Real = Real(0.0, 100.0)
    number: Real = Real(-LARGEST_DOUBLE, LARGEST_DOUBLE)

    # Lists.
    columns: Many = Many(1, 10_000)
    rows: Many = Many(1, 10_000)
    choices: Many = Many(1, 50)
    rule_channels: Many = Many(1, 20)
    judged_rows: Many = Many(1, 1000)
    parameters: Many = Many(0, 100, is_mapping=True)
    by_column: Many = Many(0, 10_000, is_mapping=True)
    fields: Many = Many(0, 50, is_mapping=True)


BOUNDS = Bounds()

_T = TypeVar("_T")


def _as_whole(value: Any) -> Any:
    """Return 3.0 as 3, which it is in JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_POINT_TAKEN = BeforeValidator(_as_whole)  # behind the limits, or OpenAPI would not show them


@dataclass(frozen=True, slots=True)
class _Keys:
    """Says in JSON Schema what the keys of a mapping are; pydantic lets those that match no pattern hold anything."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, describe: GetJsonSchemaHandler) -> JsonSchemaValue:
        told = describe(schema)
        for pattern, values in told.pop("patternProperties", {}).items():
            told["additionalProperties"] = values
            told["propertyNames"] = {**told["propertyNames"], "pattern": pattern}
        return told


KEYS = _Keys()

ObjectId: TypeAlias = Annotated[str, BOUNDS.object_id.field()]
Name: TypeAlias = Annotated[str, BOUNDS.name.field()]
Note: TypeAlias = Annotated[str, BOUNDS.note.field()]
VerdictNote: TypeAlias = Annotated[str, BOUNDS.verdict_note.field()]
AlgorithmName: TypeAlias = Annotated[str, BOUNDS.algorithm.field()]
ParameterName: TypeAlias = Annotated[str, BOUNDS.parameter.field()]
ColumnName: TypeAlias = Annotated[str, BOUNDS.column.field()]
CellText: TypeAlias = Annotated[str, BOUNDS.cell.field()]
Cursor: TypeAlias = Annotated[str, BOUNDS.cursor.field()]
Sort: TypeAlias = Annotated[str, BOUNDS.sort.field()]
IdempotencyKey: TypeAlias = Annotated[str, BOUNDS.idempotency_key.field()]
EntityTag: TypeAlias = Annotated[str, BOUNDS.entity_tag.field()]
Email: TypeAlias = Annotated[str, BOUNDS.email.field()]
Password: TypeAlias = Annotated[str, BOUNDS.password.field()]
Token: TypeAlias = Annotated[str, BOUNDS.token.field()]
Cron: TypeAlias = Annotated[str, BOUNDS.cron.field()]
TimeZone: TypeAlias = Annotated[str, BOUNDS.time_zone.field()]
KindName: TypeAlias = Annotated[str, BOUNDS.kind_name.field()]
FieldName: TypeAlias = Annotated[str, BOUNDS.field_name.field()]
FieldText: TypeAlias = Annotated[str, BOUNDS.field_text.field()]

PageLimit: TypeAlias = Annotated[int, BOUNDS.page.field(), _POINT_TAKEN]
Seed: TypeAlias = Annotated[int, BOUNDS.seed.field(), _POINT_TAKEN]
Priority: TypeAlias = Annotated[int, BOUNDS.priority.field(), _POINT_TAKEN]
VersionNumber: TypeAlias = Annotated[int, BOUNDS.version.field(), _POINT_TAKEN]
Sequence: TypeAlias = Annotated[int, BOUNDS.sequence.field(), _POINT_TAKEN]
RowIndex: TypeAlias = Annotated[int, BOUNDS.row_index.field(), _POINT_TAKEN]
RowCount: TypeAlias = Annotated[int, BOUNDS.row_count.field(), _POINT_TAKEN]
AnomalyCount: TypeAlias = Annotated[int, BOUNDS.anomaly_count.field(), _POINT_TAKEN]
Days: TypeAlias = Annotated[int, BOUNDS.days.field(), _POINT_TAKEN]
Integer: TypeAlias = Annotated[int, BOUNDS.integer.field(), _POINT_TAKEN]
Share: TypeAlias = Annotated[float, BOUNDS.share.field()]
Contamination: TypeAlias = Annotated[float, BOUNDS.contamination.field()]
Severity: TypeAlias = Annotated[float, BOUNDS.severity.field()]
Number: TypeAlias = Annotated[float, BOUNDS.number.field()]

PerColumn: TypeAlias = Annotated[list[_T], BOUNDS.columns.field()]
Rows: TypeAlias = Annotated[list[_T], BOUNDS.rows.field()]
Choices: TypeAlias = Annotated[list[_T], BOUNDS.choices.field()]
RuleChannels: TypeAlias = Annotated[list[_T], BOUNDS.rule_channels.field()]
JudgedRows: TypeAlias = Annotated[list[RowIndex], BOUNDS.judged_rows.field()]
Parameters: TypeAlias = Annotated[dict[ParameterName, _T], BOUNDS.parameters.field(), KEYS]
ByColumn: TypeAlias = Annotated[dict[ColumnName, _T], BOUNDS.by_column.field(), KEYS]
EventType: TypeAlias = Annotated[str, BOUNDS.event_type.field()]
Actor: TypeAlias = Annotated[str, BOUNDS.actor.field()]
FieldValue: TypeAlias = FieldText | Integer | bool
Fields: TypeAlias = Annotated[dict[FieldName, _T], BOUNDS.fields.field(), KEYS]
