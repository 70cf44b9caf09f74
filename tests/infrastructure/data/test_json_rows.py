import json
import math
import random
import struct
import subprocess
import sys
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.application.ports.number_rows import FindNumbers, NumbersFound
from pynomaly.infrastructure.data.compiled import native_steps
from pynomaly.infrastructure.data.json_rows import MOST_COLUMNS, ReadingPath, find_number_rows

PATHS: tuple[ReadingPath, ...] = ("compiled", "python") if native_steps is not None else ("python",)


def found(body: str | bytes) -> NumbersFound | None:
    """Read by both readers, which must agree to the bit."""
    raw = body.encode() if isinstance(body, str) else body
    results = [find_number_rows(raw, path=path) for path in PATHS]
    assert len({_as_key(result) for result in results}) == 1, (raw, results)
    return results[0]


def _as_key(result: NumbersFound | None) -> object:
    if result is None:
        return None
    return result.start, result.end, result.values.shape, result.values.tobytes(), result.is_whole.tobytes()


def cell(number: str) -> float | None:
    """Return what a number is read as, None where it is not plain."""
    read = found(f'{{"rows":[[{number}]]}}')
    return None if read is None else float(read.values[0, 0])


def test_the_port_is_implemented() -> None:
    port: FindNumbers = find_number_rows
    assert port(b'{"rows": [[1, 2.5], [null, -3]]}') is not None


def test_rows_are_found_with_their_place_and_their_kinds() -> None:
    body = ' {"columns": ["a", "b"], "rows" : [ [1, 2.5, null, -0],\n\t[null,3 ,null, 7.0 ] ] , "version": 3}\r\n'
    read = found(body)
    assert read is not None
    assert json.loads(body[read.start : read.end]) == [[1, 2.5, None, 0], [None, 3, None, 7.0]]
    np.testing.assert_array_equal(read.values, [[1, 2.5, np.nan, 0], [np.nan, 3, np.nan, 7]])
    assert read.is_whole.tolist() == [True, False, False, False]
    assert math.copysign(1, read.values[0, 3]) == 1  # as an integer has no sign of zero


@pytest.mark.parametrize(
    "body",
    [
        *('{"rows":[]}', '{"rows":[[]]}', '{"rows":[[1],[]]}', '{"rows":[[1,2],[3]]}', '{"rows":[[1],[2,3]]}'),
        *('{"rows":[[true]]}', '{"rows":[["1"]]}', '{"rows":[{"a":1}]}', '{"rows":[[[1]]]}', '{"rows":[1]}'),
        *('{"rows":7}', '{"rows":null}', '{"row":[[1]]}', "{}", "[[1]]", "", "{", '{"rows":[[1]]', '{"rows":[[1]}'),
        *(
            '{"rows":[[1]],}',
            '{"rows":[[1,]]}',
            '{"rows":[[1],]}',
            '{"rows":[,[1]]}',
            '{"rows":[[nul]]}',
            '{"rows":[[n',
        ),
        *('{"rows":[[1]]}x', '{"rows":[[1]]}{}', '\ufeff{"rows":[[1]]}', '{"rows":[[1]]}\0', '{"rows":[[1\0]]}'),
        *('{"rows":[[1]],"rows":[[1]]}', '{"rows":[[1]],"rows":2}', '{"rows":2,"rows":[[1]]}'),
        *(r'{"r\u006fws":[[1]]}', r'{"rows":[[1]],"\u0072ows":2}', '{"a":{"rows":[[1]]}}', '{"a":"\\"rows\\":[[1]]"}'),
        *('{"a":]"rows":[[1]]}', '{"a":"x,"rows":[[1]]}', '{"a":"\\"}', "{'rows':[[1]]}", '{"rows" [[1]]}'),
    ],
)
def test_what_is_not_plainly_rows_of_numbers_is_left_to_a_careful_reader(body: str) -> None:
    assert found(body) is None


@pytest.mark.parametrize(
    "around",
    [
        '{"policy":{"kind":"alarm_budget","rows":5},%s}',
        '{"name":"say \\"rows\\": [[9]], or \\\\",%s}',
        '{"deep":[{"rows":[[9]]},"}]",{"a":[]}],%s,"more":{"rows":1}}',
        '{"größe":"ü",%s}',
        '{"twice":1,"twice":2,%s}',  # not its business
    ],
)
def test_only_the_rows_of_the_outermost_object_count(around: str) -> None:
    body = (around % '"rows":[[4]]').encode()
    read = found(body)
    assert read is not None
    assert body[read.start : read.end] == b"[[4]]"
    assert read.values.tolist() == [[4.0]]


@pytest.mark.parametrize(
    "number",
    [
        *("01", "-01", "00", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x10", "1_000", "1e5.0", "--1", "1-", "1 2"),
        *("NaN", "Infinity", "-Infinity", "inf", "nan", "1e309", "-1e309", "1e999", "1e9999999999999999999999"),
        *("9007199254740993", "-9007199254740993", "18446744073709551616", "18446744073709551617", "1" * 5000),
        *("0." + "1" * 200, "1e-1000001", "1e00000000000000000001"),
    ],
)
def test_numbers_that_are_malformed_or_that_no_double_holds_are_not_plain(number: str) -> None:
    assert cell(number) is None


@pytest.mark.parametrize(
    "number",
    [
        *("0", "0.0", "-0.0", "0e5", "1e5", "1E+5", "1e-5", "1e05", "9007199254740992", "-9007199254740992"),
        *(
            "9007199254740993.0",
            "9007199254740991.5",
            "1e22",
            "1e23",
            "1e27",
            "1e28",
            "1e-22",
            "1e-23",
            "1e-27",
            "1e-28",
        ),
        *("5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308", "1e-400", "1e308"),
        *(
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "179769313486231570000e288",
            "0.000000000000000000000000",
        ),
        *("0.00000000000000000000000000012345678901234567", "123456789012345678.9", "12345678901234567890.5"),
        *("1234567890123456789e-27", "18446744073709551615e0", "18446744073709551615.5", "9999999999999999999e27"),
    ],
)
def test_the_nearest_double_is_read_at_the_ends_of_every_path(number: str) -> None:
    for text in (number, "-" + number.removeprefix("-")):
        value = cell(text)
        assert value is not None
        assert struct.pack("d", value) == struct.pack("d", float(json.loads(text)))


@settings(max_examples=300)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_is_read_as_it_was_written(number: float) -> None:
    for text in (repr(number), f"{number:.17e}", f"{number:.12g}"):
        value = cell(text)
        if value is None:
            assert "." not in text
            assert abs(float(text)) > 2**53
        else:
            assert struct.pack("d", value) == struct.pack("d", float(json.loads(text)))


@settings(max_examples=300)
@given(st.floats(1e-25, 1e25), st.integers(17, 60), st.sampled_from([-1, 0, 1]))
def test_a_number_between_two_doubles_goes_to_the_nearer_and_in_the_middle_to_the_even(
    number: float, digits: int, step: int
) -> None:
    with localcontext() as context:
        context.prec = 120
        middle = (Decimal(number) + Decimal(math.nextafter(number, math.inf))) / 2
        context.prec = digits
        text = format(+middle + step * Decimal(10) ** (middle.adjusted() - digits + 1), "e")
    value = cell(text)
    assert value == float(text)


def test_many_bodies_right_and_wrong_are_read_alike_by_both_readers() -> None:
    rng = random.Random(20)  # noqa: S311 - bodies, not secrets
    n_read = sum(found(_body(rng)) is not None for _ in range(3000))
    assert 500 < n_read < 2500


def test_more_columns_than_any_table_has_are_not_plain() -> None:
    assert found(json.dumps({"rows": [[1] * MOST_COLUMNS]})) is not None
    assert found(json.dumps({"rows": [[1] * (MOST_COLUMNS + 1)]})) is None


def test_the_kernel_refuses_arrays_of_another_type_and_stays_within_those_it_gets() -> None:
    if native_steps is None:
        return

    body, values, columns = b'{"rows":[[1,2],[3,4]]}', np.zeros(9), np.zeros(9, np.uint8)
    with pytest.raises(TypeError, match="values has elements of format 'f'"):
        native_steps.read_rows(body, np.zeros(9, np.float32), columns)
    with pytest.raises(TypeError):
        native_steps.read_rows("text", values, columns)
    assert native_steps.read_rows(body, values[:3], columns) is None
    assert native_steps.read_rows(body, values, columns[:1]) is None
    assert values[3:].tolist() == [0.0] * 6
    assert native_steps.read_rows(body, values[:4], columns[:2]) == (8, 21, 2, 2)


def test_without_the_extension_the_twin_reads() -> None:
    program = """
import sys
sys.modules["pynomaly.infrastructure.data._native"] = None
from pynomaly.infrastructure.data.json_rows import find_number_rows
print(find_number_rows(b'{"rows":[[1,null],[0.5,2]]}').values.tolist())
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[[1.0, nan], [0.5, 2.0]]"


def _body(rng: random.Random) -> bytes:
    before = rng.choice(["", '"columns":["a"],', '"x":{"rows":[[1]],"y":"]}"},', ' "q" : "rows" , ', '"z":"\\\\",'])
    after = rng.choice(["", ',"version":3', ',"rows":1', ',"p":[{}]', "\n"])
    n_columns = rng.randrange(1, 5)
    rows = ", ".join(f"[{','.join(_number(rng) for _ in range(n_columns))}]" for _ in range(rng.randrange(1, 4)))
    body = bytearray(f'{{{before}"rows":[{rows}]{after}}}'.encode())
    for _ in range(rng.choice([0, 0, 1, 2])):
        place = rng.randrange(len(body))
        body[place : place + rng.randrange(2)] = bytes([rng.choice(b'0123456789.eE-+[]{},:" \\\nnul\x00\xff')])
    return bytes(body)


def _number(rng: random.Random) -> str:
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 24)))
    bits = struct.unpack("d", rng.randbytes(8))[0]
    return rng.choice(
        [
            "null",
            repr(rng.gauss(0, 1)),
            str(rng.randrange(100)),
            f"{rng.randrange(10)}.{digits}",
            f"-{rng.randrange(1, 10)}{digits}e{rng.randrange(-40, 40)}",
            repr(bits) if math.isfinite(bits) else "0.0",
        ]
    )
