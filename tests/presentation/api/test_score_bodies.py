import json
import random

import numpy as np
import pytest
from pydantic import TypeAdapter

from pynomaly.application.ports.number_rows import NumberRows, NumbersFound
from pynomaly.domain.decision import AlarmBudget, StandsOut
from pynomaly.domain.errors import InvalidRequest, PynomalyError
from pynomaly.infrastructure.data.json_rows import find_number_rows
from pynomaly.infrastructure.data.row_reader import RowReader
from pynomaly.presentation.api.schemas.scores import ListedRows, NamedRows
from pynomaly.presentation.api.score_bodies import Options, ScoreBodies, ScoreBody
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.refusals import InvalidValues, MalformedRequest

BODIES = ScoreBodies(find_number_rows, RowReader())
CAREFUL = ScoreBodies(lambda _body: None, RowReader())
"""Reads every body the careful way."""
DOCUMENTED: TypeAdapter[ListedRows | NamedRows] = TypeAdapter(ListedRows | NamedRows)


def written(**fields: object) -> bytes:
    return json.dumps({"detector": "Fraud", "columns": ["a", "b"], "rows": [[1.5, None]]} | fields).encode()


def cells_of(body: ScoreBody) -> object:
    """Return rows in a form that can be compared."""
    rows = body.rows
    if isinstance(rows, NumberRows):
        return rows.columns, rows.values.shape, rows.values.tobytes(), rows.is_whole.tolist()
    return rows.data.to_pydict()  # type: ignore[attr-defined]


def refused(body: bytes) -> str:
    """Return the one fault of a body, refused in the same words both ways."""
    with pytest.raises((InvalidValues, MalformedRequest)) as quick:
        BODIES.read(body)
    with pytest.raises((InvalidValues, MalformedRequest)) as careful:
        CAREFUL.read(body)
    assert quick.value.faults == careful.value.faults
    (fault,) = quick.value.faults
    return f"{fault.pointer} {fault.detail}"


def test_everything_a_body_says_is_read() -> None:
    body = BODIES.read(written(version=3, policy={"kind": "alarm_budget", "rows": 5}))
    assert body.options == Options("Fraud", 3, ("a", "b"), AlarmBudget(rows=5))
    assert isinstance(body.rows, NumberRows)
    assert body.rows.columns == ("a", "b")
    np.testing.assert_array_equal(body.rows.values, [[1.5, np.nan]])


def test_numbers_that_were_found_plain_are_not_read_again() -> None:
    body = written(rows=[[1.5, 2.5]])
    start = body.index(b"[[1.5")
    found = NumbersFound(start, len(body) - 1, np.array([[42.0, 43.0]]), np.array([False, False]))
    rows = ScoreBodies(lambda _body: found, RowReader()).read(body).rows
    assert isinstance(rows, NumberRows)
    assert rows.values is found.values


def test_what_may_be_left_out_has_its_default() -> None:
    assert BODIES.read(written()).options == Options("Fraud", None, ("a", "b"), StandsOut())


def test_rows_that_are_objects_are_the_rows_their_cells_would_be() -> None:
    body = written(rows=[{"a": 1, "b": 2.5}, {"b": None, "a": 3}])
    named = BODIES.read(body.replace(b'"columns": ["a", "b"], ', b""))
    listed = BODIES.read(written(rows=[[1, 2.5], [3, None]]))
    assert cells_of(named) == cells_of(listed)
    assert isinstance(named.rows, NumberRows)


def test_other_cells_than_numbers_make_a_table() -> None:
    body = BODIES.read(written(rows=[["x", 1], [None, True]]))
    assert not isinstance(body.rows, NumberRows)
    assert cells_of(body) == {"a": ["x", None], "b": ["1", "true"]}


def test_integers_that_floats_would_round_make_a_table_that_does_not() -> None:
    body = BODIES.read(written(rows=[[2**53 + 1, 0.5]]))
    assert cells_of(body) == {"a": [2**53 + 1], "b": [0.5]}


def test_blanks_around_names_go_as_they_do_in_files() -> None:
    for rows in ([[1.5, 2]], [["x", 2]]):
        assert list(BODIES.read(written(columns=[" a", "b "], rows=rows)).rows.data.to_pydict()) == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", " is missing: the body is empty (byte 0)"),
        (b"[1]", " is not an object"),
        (b'{"detector":"Fraud"}', "/rows is missing"),
        (written(rows=7), "/rows is a list of 1 to 10000 rows; larger tables are uploaded as datasets"),
        (written(rows=[]), "/rows is a list of 1 to 10000 rows; larger tables are uploaded as datasets"),
        (written(rows=[[1, 2]] * 10_001), "/rows is a list of 1 to 10000 rows; larger tables are uploaded as datasets"),
        (written(rows=[[1, 2], [1]]), "/rows/1 is 1 cells where a list of 2 cells belongs"),
        (written(rows=[[1, 2], 3]), "/rows/1 is no list where a list of 2 cells belongs"),
        (written(rows=[[1, 2], {"a": 1}]), "/rows/1 is no list where a list of 2 cells belongs"),
        (written(rows=[[1, 2, 3]]), "/rows/0 is 3 cells where a list of 2 cells belongs"),
        (written(rows=[[]]), "/rows/0 is 0 cells where a list of 2 cells belongs"),
        (written(rows=[[1, [2]]]), "/rows/0/1 is a list or an object where a single value belongs"),
        (written(rows=[[1, "x" * 10_001]]), "/rows/0/1 is text of more than 10000 characters"),
        (written(columns=None), "/columns is missing: it names the cells of rows that are lists"),
        (written(columns=["a", "a"]), "/columns/1 is a name that was given before"),
        (written(columns=["a", ""]), "/columns/1 String should have at least 1 character"),
        (written(rows=[{"a": 1}]), "/columns goes with rows that are lists; objects name their cells themselves"),
        (written(columns=None, rows=[{}]), "/rows/0 has 0 keys where 1 to 10000 belong"),
        (written(columns=None, rows=[{"": 1}]), "/rows/0 has a key that is empty or longer than 1000 characters"),
        (
            written(columns=None, rows=[{"a": 1}, {"b": 1}]),
            "/rows/1 is no object with the keys of the first row; send null for no value",
        ),
        (
            written(columns=None, rows=[{"a": 1}, [1]]),
            "/rows/1 is no object with the keys of the first row; send null for no value",
        ),
        (written(columns=None, rows=[{"a/b": {}}]), "/rows/0/a~1b is a list or an object where a single value belongs"),
        (written(version="1"), "/version Input should be a valid integer"),
        (written(version=0), "/version Input should be greater than or equal to 1"),
        (written(detector=""), "/detector String should have at least 1 character"),
        (written(surplus=1), "/surplus Extra inputs are not permitted"),
        (written(policy={"kind": "alarm_budget", "rows": "5"}), "/policy/rows Input should be a valid integer"),
    ],
)
def test_a_body_that_is_not_as_documented_is_refused_with_the_place(body: bytes, fault: str) -> None:
    assert refused(body) == fault


@pytest.mark.parametrize(
    "body",
    [
        written(),
        written(rows=[["x", True]], version=3, policy={"kind": "stands_out"}),
        written(columns=None, rows=[{"a": 1, "b": None}]),
    ],
)
def test_what_is_read_is_what_is_documented(body: bytes) -> None:
    assert DOCUMENTED.validate_json(body).detector == BODIES.read(body).options.detector


def test_a_policy_without_sense_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="an alarm budget is a number of rows or a share"):
        BODIES.read(written(policy={"kind": "alarm_budget"}))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (written().replace(b"1.5", b"NaN"), "NaN or Infinity"),
        (written().replace(b"1.5", b"-Infinity"), "NaN or Infinity"),
        (written().replace(b"1.5", b"1e999"), "too large for a double"),
        (written().replace(b"1.5", b"9223372036854775808"), "an integer outside -2^63 .. 2^63 - 1"),
        (written().replace(b"1.5", b"1" * 5000), "too large for a double"),
        (written().replace(b"1.5", b"01"), "is malformed"),
        (written().replace(b"Fraud", b"Fr\\ud800"), "half of a surrogate pair"),
        (written().replace(b"Fraud", b"Fr\\u0000"), "has a NUL character"),
        (written().replace(b"Fraud", b"Fr\xff"), "is not UTF-8"),
        (b"\xef\xbb\xbf" + written(), "byte order mark"),
        (written() + b"x", "is malformed"),
        (written() + written(), "is malformed"),
        (written()[:-1] + b',"rows":[[1,2]]}', "has the key 'rows' twice"),
        (written()[:-1] + b',"r\\u006fws":[[1,2]]}', "has the key 'rows' twice"),
        (b'{"version":1,' + written(version=1)[1:], "has the key 'version' twice"),
        (written(columns=None, rows=[{"a": 1}]).replace(b'{"a": 1}', b'{"a":1,"a":2}'), "has the key 'a' twice"),
        (written(policy=json.loads("[" * 40 + "]" * 40)), "nested deeper than 32"),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(body: bytes, fault: str) -> None:
    assert fault in refused(body)


def test_a_body_refused_for_what_is_around_its_rows_is_told_the_place_in_the_whole_of_it() -> None:
    body = written(rows=[[1.5, 2.5]] * 500) + b"x"
    assert refused(body).endswith(f"(byte {len(body) - 1})")


def test_as_many_rows_as_are_allowed_are_read() -> None:
    rows = BODIES.read(written(rows=[[1, 2]] * BOUNDS.json_rows)).rows
    assert rows.n_rows == BOUNDS.json_rows


@pytest.mark.parametrize("n_columns", [1, 3000])
def test_what_is_remembered_of_a_body_is_not_taken_for_another(n_columns: int) -> None:
    names = [f"column {column}" for column in range(n_columns)]
    for detector in ("Fraud", "Theft", "Fraud"):
        for value in (1.5, 2.5):
            body = BODIES.read(written(detector=detector, columns=names, rows=[[value] * n_columns]))
            assert body.options.detector == detector
            assert isinstance(body.rows, NumberRows)
            assert body.rows.values.tolist() == [[value] * n_columns]


def test_many_bodies_right_and_wrong_are_read_alike_both_ways() -> None:
    rng = random.Random(7)  # noqa: S311 - bodies, not secrets
    n_read = 0
    for _ in range(2000):
        body = _mutated(rng)
        outcomes = [_outcome(bodies, body) for bodies in (BODIES, CAREFUL)]
        assert outcomes[0] == outcomes[1], body
        n_read += isinstance(outcomes[0], tuple)
    assert 200 < n_read < 1800


def _outcome(bodies: ScoreBodies, body: bytes) -> object:
    try:
        read = bodies.read(body)
    except PynomalyError as error:
        return f"{type(error).__name__} {error} {getattr(error, 'faults', ())}"
    return read.options, cells_of(read)


def _mutated(rng: random.Random) -> bytes:
    cells = [None, 1, -0.0, 2.5, 2**53, 2**53 + 1, 1e-7, -3, 1e300, 0.1234567890123456789, 123456789.123456789]
    rows = [[rng.choice(cells) for _ in range(2)] for _ in range(rng.randrange(1, 4))]
    extra = rng.choice(
        [{}, {"version": 3}, {"policy": {"kind": "alarm_budget", "rows": 2}}, {"detector": 'say "rows":[[1]]'}]
    )
    body = bytearray(written(rows=rows, **extra))
    for _ in range(rng.choice([0, 1, 1, 2])):
        place = rng.randrange(len(body))
        body[place : place + rng.randrange(2)] = bytes([rng.choice(b'0123456789.eE-+[]{},:" \\\nnulrows\x00\xff')])
    return bytes(body)
