"""Hostile JSON: each document is refused for its own reason, and honest ones come through unchanged."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.presentation.api.strict_json import decode_json
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.refusals import MalformedRequest
from tests.presentation.api.long_bodies import SHAPES

NOT_NUMBERS = "NaN or Infinity"
TOO_LARGE = "too large for a double"
WIDE = "outside -2^63"
HALF = "half of a surrogate pair"
MALFORMED = "malformed"

HOSTILE = [
    (b"NaN", NOT_NUMBERS),
    (b"[NaN]", NOT_NUMBERS),
    (b'{"a": NaN}', NOT_NUMBERS),
    (b"Infinity", NOT_NUMBERS),
    (b"[1, -Infinity]", NOT_NUMBERS),
    (b"1e999", TOO_LARGE),
    (b"[-1E400]", TOO_LARGE),
    (b"9" * 400, TOO_LARGE),
    (b"9223372036854775808", WIDE),
    (b"[-9223372036854775809]", WIDE),
    (b"[18446744073709551616]", WIDE),
    (b'{"a": {"b": [0, 100000000000000000000000000000]}}', WIDE),
    (b"1" * 300, WIDE),
    (b'"\\ud800"', HALF),
    (b'"\\udc00"', HALF),
    (b'{"\\ud83d": 1}', HALF),
    (b'"\\udc00\\ud800"', HALF),
    (b'"\\ud800\\ud800"', HALF),
    (b'"\xed\xa0\x80"', "not UTF-8"),
    (b'"\xed\xa0\xbd\xed\xb8\x80"', "not UTF-8"),
    (b'"\xff"', "not UTF-8"),
    (b'"\xc0\xaf"', "not UTF-8"),
    (b'"\xf5\x80\x80\x80"', "not UTF-8"),
    ('["é"]'.encode("latin-1"), "not UTF-8"),
    ('{"a": 1}'.encode("utf-16"), "byte order mark"),
    (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
    ('{"a": 1}'.encode("utf-16-le"), MALFORMED),
    ('{"a": 1}'.encode("utf-32-be"), MALFORMED),
    (b'"\\u0000"', "NUL"),
    (b'["a\\\\\\u0000b"]', "NUL"),
    (b'{"\\u0000": 1}', "NUL character in a key"),
    (b'"\x00"', "bare control character"),
    (b'"\n"', "bare control character"),
    (b"\x00", MALFORMED),
    (b'{"a": 1, "a": 1}', "'a' twice"),
    (b'{"a": 1, "b": 2, "\\u0061": 3}', "'a' twice"),
    (b'[{"x": {"": 1, "": 2}}]', "'' twice"),
    (b'{"__proto__": 1, "__proto__": 2}', "'__proto__' twice"),
    (b"[" * 33 + b"]" * 33, "deeper than 32"),
    (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper than 32"),
    (b'[{"":' * 17 + b"0" + b"}]" * 17, "deeper than 32"),
    (b"[" * 2000 + b"]" * 2000, "deeper than 32"),
    (b"[" * 20_000, "deeper than 32"),
    (b"[" * 1_000_000, "more than 25000"),
    (b"[" + b"{}," * 30_000 + b"{}]", "more than 25000"),
    (b"{} {}", MALFORMED),
    (b"{}\x00", MALFORMED),
    (b"[1] // comment", MALFORMED),
    (b"/* */ 1", MALFORMED),
    (b"{'a': 1}", MALFORMED),
    (b"{a: 1}", MALFORMED),
    (b'{"a": 1,}', MALFORMED),
    (b"[1,]", MALFORMED),
    (b"[1 2]", MALFORMED),
    (b"01", MALFORMED),
    (b"+1", MALFORMED),
    (b".5", MALFORMED),
    (b"1.", MALFORMED),
    (b"0x10", MALFORMED),
    (b"1_000", MALFORMED),
    (b"- 1", MALFORMED),
    (b"True", MALFORMED),
    (b"nul", MALFORMED),
    (b'"abc', MALFORMED),
    (b'"\\x41"', MALFORMED),
    (b'"\\u12"', MALFORMED),
    (b"]", MALFORMED),
    (b'{"a"}', MALFORMED),
    (b"\xc2\xa01", MALFORMED),
    ("１".encode(), MALFORMED),
    (b"", "empty"),
    (b" \n\t ", "empty"),
]


def refusal_of(body):
    with pytest.raises(MalformedRequest) as caught:
        decode_json(body)
    return caught.value


@pytest.mark.parametrize(("body", "reason"), HOSTILE, ids=lambda part: ascii(part)[:30])
def test_hostile_json_is_refused_for_its_own_reason(body, reason):
    error = refusal_of(body)
    assert reason in str(error)
    assert [fault.place for fault in error.faults] == ["body"]
    assert len(str(error)) < 200


@pytest.mark.parametrize(
    "body",
    [
        b"9223372036854775807",
        b"-9223372036854775808",
        b"[0.1234567890123456789012345678901234567890]",
        b"123456789012345678901234567890.5",
        b"1e-999",
        b"1.7976931348623157e308",
        b'"9223372036854775808: \\" {[,NaN"',
        b'"\\\\u0000 is not NUL"',
        b'"\\ud83d\\ude00"',
        '"\U0001f600 \u2028 \ufeff"'.encode(),
        b'{"a": {"a": {"a": 1}}, "A": [{"a": 1}, {"a": 2}]}',
        b'{":": ":", "\\"": 1, "\\\\": 2}',
        b"[" * 32 + b"]" * 32,
        b" \r\n\t[ ] ",
        b"null",
    ],
    ids=ascii,
)
def test_honest_json_means_what_the_standard_library_says(body):
    assert decode_json(body) == json.loads(body)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"rows": [{"a": 1}, {"b": 9223372036854775808}]}', "/rows/1/b"),
        (b'{"rows": [{"a": 1}, {"b": 1, "b": 2}]}', "/rows/1/b"),
        (b'{"a/b": {"c~d": ["\\u0000"]}}', "/a~1b/c~0d/0"),
    ],
)
def test_a_refused_value_is_pointed_at(body, pointer):
    assert refusal_of(body).faults[0].pointer == pointer


@pytest.mark.parametrize(
    ("body", "byte"), [(b'["a", nul]', 6), ('["é", nul]'.encode(), 7), (b'["\xc3\xa9", "\xff"]', 8), (b"[1] x", 4)]
)
def test_a_refused_text_is_pointed_at_by_byte(body, byte):
    assert f"(byte {byte})" in str(refusal_of(body))


_BOUNDED_INTEGERS = st.integers(BOUNDS.json_integer.least, BOUNDS.json_integer.most)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | _BOUNDED_INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(_DOCUMENTS, st.booleans())
def test_whatever_python_writes_is_read_back(document, is_ascii):
    assert decode_json(json.dumps(document, ensure_ascii=is_ascii).encode()) == document


@given(st.binary(max_size=60) | st.text('[]{}",:\\u0019eE+-.aN \n', max_size=40).map(str.encode))
def test_no_bytes_make_it_fail_in_another_way(body):
    try:
        document = decode_json(body)
    except MalformedRequest:
        return
    assert document == json.loads(body)


def _once(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def _refuse(text):
    raise ValueError(text)


def _all_values(node):
    yield node
    for value in (*node, *node.values()) if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _all_values(value)


def is_strict_json(text):
    """A slow reading by the standard library, rule by rule, to hold ours against."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except ValueError:
        return False
    return not any(
        (type(value) is int and not -(2**63) <= value < 2**63)
        or (type(value) is float and value - value != 0)
        or (isinstance(value, str) and ("\0" in value or _has_surrogate(value)))
        for value in _all_values(document)
    )


def _has_surrogate(text):
    return any("\ud800" <= character <= "\udfff" for character in text)


_STRINGS = ['"a"', '"b"', r'"\u0061"', r'"\\"', r'"\""', r'"\u0000"', r'"\ud800"', '"{:"']
_NUMBERS = ["0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e400", "2.5", "NaN"]
_TOKENS = [*"{}[]:,", *_STRINGS, *_NUMBERS, "null", "true"]
_VALUES = st.recursive(
    st.sampled_from(
        ['"a"', '"\\\\u0000"', '"\\u0000"', "9223372036854775807", "9223372036854775808", "1e400", "1e4", "null"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]")
        | st.lists(st.tuples(st.sampled_from(['"a"', '"\\u0061"', '"b"', '":"', '"\\""']), inner), max_size=3).map(
            lambda pairs: "{" + ",".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=8,
)


@given(_VALUES | st.lists(st.sampled_from(_TOKENS), max_size=12).map(" ".join))
@settings(max_examples=500)
def test_the_verdict_is_that_of_a_slow_reading_rule_by_rule(text):
    try:
        decode_json(text.encode())
    except MalformedRequest:
        assert not is_strict_json(text)
    else:
        assert is_strict_json(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_as_much_takes_ten_times_as_long(shape):
    """Both lengths are read here and now: a busy machine slows both, and looking back would take a hundred times."""

    def seconds(body):
        start = time.process_time()
        with suppress(MalformedRequest):
            decode_json(body)
        return time.process_time() - start

    short, long = SHAPES[shape](300_000), SHAPES[shape](3_000_000)
    times = [(seconds(short), seconds(long)) for _ in range(5)]
    assert min(of_long for _, of_long in times) < 30 * min(of_short for of_short, _ in times)


def test_finding_the_reason_of_a_refusal_is_not_much_dearer():
    body = b"[" + b'{"amount":12.5,"country":"DE"},' * 24_000 + b'{"x":1,"x":2}]'
    start = time.process_time()
    assert refusal_of(body).faults[0].pointer == "/24000/x"
    assert time.process_time() - start < 1.0
