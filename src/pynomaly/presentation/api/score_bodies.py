"""Reads what `/scores` is asked in JSON: rows of numbers by one pass into an array, anything else by a careful look.

The quick way takes the rows out of the text and reads the little that is left as strictly as any body. Whatever it
does not find plain, and every refusal, goes the careful way over the whole body.
"""

from dataclasses import dataclass
from functools import lru_cache

from pydantic import ValidationError

from pynomaly.application.ports.number_rows import FindNumbers, NumberRows
from pynomaly.application.ports.tables import RowReader, Table
from pynomaly.domain.decision import DecisionPolicy
from pynomaly.domain.errors import PynomalyError
from pynomaly.presentation.api.schemas.policies import policy_of
from pynomaly.presentation.api.schemas.scores import ScoreOptions
from pynomaly.presentation.api.score_cells import read_columns
from pynomaly.presentation.api.strict_json import Json, decode_json
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.error_handlers import faults_of
from pynomaly.presentation.http.refusals import Fault, InvalidValues

REMEMBERED_BODIES = 256  # clients that ask again and again send all but the rows alike
REMEMBERED_BYTES = 16 * 1024  # of each, which is room for hundreds of column names: 4 MB together


@dataclass(frozen=True, slots=True)
class Options:
    """What a body says beside its rows."""

    detector: str
    version: int | None
    columns: tuple[str, ...] | None
    policy: DecisionPolicy


@dataclass(frozen=True, slots=True, eq=False)
class ScoreBody:
    """What a body asks: which detector, how to decide, and about which rows."""

    options: Options
    rows: Table | NumberRows


@dataclass(frozen=True, slots=True)
class ScoreBodies:
    """Reads bodies as `ListedRows` and `NamedRows` describe them."""

    find_numbers: FindNumbers
    reader: RowReader

    def read(self, body: bytes) -> ScoreBody:
        """Return what a body asks. Raises MalformedRequest if it is not strict JSON, InvalidValues, InvalidRequest."""
        return self._quickly(body) or self._carefully(body)

    def _quickly(self, body: bytes) -> ScoreBody | None:
        found = self.find_numbers(body)
        if found is None or len(found.values) > BOUNDS.json_rows:
            return None
        rest = body[: found.start] + b"null" + body[found.end :]
        try:
            options = _remembered_options(rest) if len(rest) <= REMEMBERED_BYTES else _read_options(rest)
        except PynomalyError:
            return None  # to be told with its place in the whole body
        if options.columns is None or len(options.columns) != found.values.shape[1]:
            return None
        return self._body(options, NumberRows(options.columns, found.values, found.is_whole))

    def _carefully(self, body: bytes) -> ScoreBody:
        document = _object(decode_json(body))
        options = _options(document)
        sent = read_columns(document["rows"], options.columns)
        rows = sent.as_numbers()
        if rows is not None:
            return self._body(options, rows)
        return ScoreBody(options, self.reader.of_cells(sent.names, sent.cells))

    def _body(self, options: Options, rows: NumberRows) -> ScoreBody:
        # Reading a table takes the blanks around names away; then these are not yet the names they will be.
        are_plain = all(name == name.strip() for name in rows.columns)
        return ScoreBody(options, rows if are_plain else self.reader.of_numbers(rows))


def _read_options(body: bytes) -> Options:
    return _options(_object(decode_json(body)))


_remembered_options = lru_cache(REMEMBERED_BODIES)(_read_options)


def _object(document: Json) -> dict[str, Json]:
    if not isinstance(document, dict):
        raise InvalidValues(faults=[Fault("body", "", "is not an object")])
    if "rows" not in document:
        raise InvalidValues(faults=[Fault("body", "/rows", "is missing")])
    return document


def _options(document: dict[str, Json]) -> Options:
    """Check all but the rows. Raises InvalidValues, InvalidRequest."""
    given = {name: value for name, value in document.items() if name != "rows"}
    try:
        read = ScoreOptions.model_validate(given)
    except ValidationError as error:
        errors = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise InvalidValues(faults=faults_of(errors, given)) from None
    columns = None if read.columns is None else tuple(read.columns)
    _require_different(columns or ())
    return Options(read.detector, read.version, columns, policy_of(read.policy))


def _require_different(columns: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for place, name in enumerate(columns):
        if name in seen:
            raise InvalidValues(faults=[Fault("body", f"/columns/{place}", "is a name that was given before")])
        seen.add(name)
