"""The page about sources: what each kind needs and what is selected, from the catalog; the rest in words."""

import json
from collections.abc import Iterator

from pynomaly.assembly.sources import DATABASE_PORTS, STORE_PORTS
from pynomaly.domain.connection import Field, FieldType
from pynomaly.infrastructure.data.blocks.whole_blocks import MAX_WHOLE_BYTES
from pynomaly.infrastructure.sources.catalog import ROWS, SourceRow
from pynomaly.infrastructure.sources.postgresql_columns import TYPES

_INTRODUCTION = (
    "A source is a place that rows come from: a database or a bucket, with what it takes to reach it. Its rows "
    'come as a stream, so that how many there are does not matter for memory. Text that means "missing" is '
    "missing, as in files ([columns](columns.md)), and names that repeat get numbers.",
    "Secret fields are sealed when they are stored and shown to nobody again. When a field marked as a place changes "
    "they are given anew, since a secret goes nowhere but where it was given for. What another system says is repeated "
    "in its own words, without secrets. A refusal (wrong password, no such table, column or object) stays one "
    "until something is changed; what is away (no connection, cut in the middle, locked, changed while it was "
    "read, out of time) may be there later.",
    "**Where sources may lead.** To the outside world only encrypted, and only to ports where such servers listen: "
    f"{', '.join(str(port) for port in sorted(DATABASE_PORTS))} for databases, "
    f"{', '.join(str(port) for port in sorted(STORE_PORTS))} for stores. To networks inside only where "
    "`PYNOMALY_OUTBOUND_ALLOW` ([settings](settings.md)) names them, then to any port, and unencrypted if need be. "
    "Cloud metadata and the program's own database are never reached. A name is resolved once, and the address "
    "that was checked is connected to. No redirect is followed.",
)
_OF_A_KIND = {
    "postgresql": (
        "The rows are those of one moment, read by one statement in a transaction that cannot write and is never "
        "committed. While a table is read it keeps its form: whoever changes it waits. A query is checked to be "
        "one statement before it runs. It ends when the time for reading does; a lock is waited for five seconds "
        "at most. Functions that a query calls have the rights of the user: let it be one who may only read.",
        "`verify-full` trusts whom this machine trusts (`SSL_CERT_FILE`). With `require` and `prefer` the other "
        "side might be anybody; then a password is never sent in clear text, and servers that ask for it so are "
        "refused.",
    ),
    "s3": (
        "An object is fetched in pieces that are all of one version of it, and then read as a [file](files.md) of "
        "its name is: the first bytes decide what it is, and the table is the one that uploading it would give. "
        "Parquet, Arrow and CSV may be large, packed or not; JSON lines and Excel have to be read whole, and at "
        f"most {MAX_WHOLE_BYTES // 1024**2} MiB of them are.",
        "Testing lists the first object, which the key must be allowed to do; reading takes the object alone. "
        "Certificates are verified against the endpoint's name.",
    ),
    "sqlite": (
        "Links are followed before it is checked where a file lies. Without the setting no file is read, and none "
        "of the program's own ever is. It is opened read-only, and a query can do nothing but read: no ATTACH, no "
        "PRAGMA, no extensions. The rows are those of one moment.",
        "A cell may be of any type there, so a column is what all its cells are: whole numbers, numbers or text; "
        "mixed ones become text and bytes are left out, both with a note.",
    ),
}
_ARROW_WORDS = {
    "bool": "true, false",
    "int16": "whole number of 16 bits",
    "int32": "whole number of 32 bits",
    "int64": "whole number of 64 bits",
    "float": "number of 32 bits",
    "double": "number of 64 bits",
    "string": "text",
    "date32[day]": "date",
    "time64[us]": "time of day",
    "timestamp[us]": "time without a zone",
    "timestamp[us, tz=UTC]": "time in UTC",
    "null": "nothing",
}
_MORE_TYPES = (
    "| numeric of whole numbers, up to 18 digits | whole number of 64 bits | `NaN` is missing |",
    "| numeric of whole numbers, more digits | text | no digit of a key is lost |",
    "| any other numeric | number of 64 bits | the nearest one |",
    "| enumerations | text | |",
    "| domains | what the type below them becomes | |",
    "| arrays, JSON, ranges, networks and any other | text as PostgreSQL writes it | a note says so |",
)
_DATES = "Infinite dates and times are missing; one before the year 1 or after 9999 is refused, and named."


def sources_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from ("# Sources", "")
    yield from _paragraphs(_INTRODUCTION)
    for row in ROWS:
        yield from _source(row)


def _source(row: SourceRow) -> Iterator[str]:
    connection = row.kind.connection
    needs = (f"Needs `pynomaly-platform[{row.extra}]`.",) if row.extra else ()
    yield from (f"## {row.name}", "")
    yield from _paragraphs((" ".join((connection.summary, *needs)),))
    yield from (*_fields(connection.fields), "", "What is selected:", "", *_fields(row.kind.selection), "")
    yield from _paragraphs(_OF_A_KIND[row.name])
    if row.name == "postgresql":
        yield from (*_types(), "", _DATES, "")


def _paragraphs(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield from (text, "")


def _fields(fields: tuple[Field, ...]) -> Iterator[str]:
    yield from ("| field | type | default | |", "|---|---|---|---|")
    for field in fields:
        marks = ["secret"] * field.is_secret + ["place"] * field.is_place
        yield f"| `{field.name}` | {', '.join([_kind(field), *marks])} | {_default(field)} | {field.summary} |"


def _kind(field: Field) -> str:
    return {
        FieldType.TEXT: "text of several lines" if field.has_lines else "text",
        FieldType.NUMBER: f"{field.least} to {field.most}",
        FieldType.FLAG: "true, false",
        FieldType.CHOICE: ", ".join(f"`{choice}`" for choice in field.choices),
    }[field.type]


def _default(field: Field) -> str:
    if field.default is None:
        return "has to be given" if field.is_required else "none"
    return f"`{field.default if isinstance(field.default, str) else json.dumps(field.default)}`"


def _types() -> Iterator[str]:
    yield from ("| type | becomes | |", "|---|---|---|")
    for row in TYPES:
        note = row.how.note.replace(" and was ", "; ")
        yield f"| {row.name} | {_ARROW_WORDS[str(row.how.type)]} | {note} |"
    yield from _MORE_TYPES
