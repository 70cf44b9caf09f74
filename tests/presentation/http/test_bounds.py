"""The bounds reach both the validator and OpenAPI."""

import pytest
from pydantic import TypeAdapter, ValidationError

from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.verdict import LONGEST_NOTE, MOST_ROWS
from pynomaly.presentation.http import bounds
from pynomaly.presentation.http.bounds import BOUNDS


def accepts(kind, value):
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def test_the_schema_of_a_type_tells_the_limits_of_the_table():
    assert TypeAdapter(bounds.Name).json_schema()["maxLength"] == BOUNDS.name.most
    assert TypeAdapter(bounds.PageLimit).json_schema()["maximum"] == BOUNDS.page.most == 500
    assert TypeAdapter(bounds.Share).json_schema() == {"type": "number", "minimum": 0.0, "maximum": 1.0}
    assert TypeAdapter(bounds.Contamination).json_schema()["exclusiveMinimum"] == 0.0
    assert TypeAdapter(bounds.Rows[bounds.Number]).json_schema()["maxItems"] == 10_000
    assert TypeAdapter(bounds.Parameters[bounds.Number]).json_schema()["maxProperties"] == 100


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            bounds.ObjectId,
            ["0" * 8, "abcdef0123456789" * 4],
            ["0" * 7, "0" * 65, "ABCDEF01", "../../etc", "0" * 8 + "\n"],
        ),
        (bounds.PageLimit, [1, 500], [0, 501]),
        (bounds.Seed, [0, 2**53 - 1], [-1, 2**53]),
        (bounds.Priority, [0, 9], [-1, 10]),
        (bounds.Share, [0, 1.0], [-0.1, 1.1, float("nan")]),
        (bounds.Contamination, [0.5, 1e-9], [0.0, 0.51]),
        (bounds.Password, ["8" * 8, "p" * 256], ["p" * 7, "p" * 257]),
        (bounds.Email, ["a@b", "ann.o'neil+x@example.org"], ["ann", "a b@c.de", "a@b@c", "@b", "a" * 253 + "@b"]),
        (bounds.Cron, ["0 6 * * 1-5", "*/5 * * * *", "0 0 L * MON"], ["* * * *", "* * * * * *", "a" * 101]),
        (bounds.TimeZone, ["Europe/Berlin", "Etc/GMT+1"], ["", "../../etc/passwd "]),
        (bounds.IdempotencyKey, ["k", "8e03978e-40d5-43dd-bc93-6894a57f9324"], ["", "k" * 256, "two words", "é"]),
        (bounds.Number, [1.7e308, -1.7e308], [float("inf"), float("nan")]),
        (bounds.Integer, [1 - 2**53, 2**53 - 1], [2**53]),
    ],
)
def test_a_type_takes_its_ends_and_nothing_past_them(kind, good, bad):
    assert [value for value in good if not accepts(kind, value)] == []
    assert [value for value in bad if accepts(kind, value)] == []


@pytest.mark.parametrize("name", ["Umsätze 2026", "売上", "a\u0301", "x" * 200, "нет"])
def test_a_name_the_edge_takes_is_one_the_domain_takes(name):
    assert accepts(bounds.Name, name)
    require_name(name)


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "a\0b", "a\u200bb", "a\u202eb", "\u00a0x", "\ue000", "x" * 201])
def test_a_name_the_domain_refuses_is_refused_at_the_edge(name):
    assert not accepts(bounds.Name, name)
    with pytest.raises(InvalidRequest):
        require_name(name)


def test_as_many_rows_are_judged_at_once_and_notes_as_long_as_the_domain_has_it():
    assert (BOUNDS.judged_rows.most, BOUNDS.verdict_note.most) == (MOST_ROWS, LONGEST_NOTE)


def test_a_list_of_wrong_rows_makes_one_error_and_not_ten_thousand():
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(bounds.Rows[bounds.PerColumn[bounds.Number]]).validate_python([["x", "y"]] * 10_000)
    assert caught.value.error_count() == 1
