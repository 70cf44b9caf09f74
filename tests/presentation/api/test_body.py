"""Bodies take what is documented and nothing else."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest
from pydantic import Field, ValidationError

from pynomaly.presentation.api.body import Body, Chosen, Time
from pynomaly.presentation.http import bounds


class Colour(StrEnum):
    RED = "red"


class Thing(Body):
    number: float = 0.0
    count: int = 0
    is_new: bool = False
    word: str = ""
    colour: Chosen[Colour] = Colour.RED
    at: Time | None = None
    parts: list["Thing"] = Field(default_factory=list)


@pytest.mark.parametrize(
    "fields",
    [
        {"count": "1"},
        {"count": 1.0},
        {"count": True},
        {"number": "1.5"},
        {"number": True},
        {"is_new": 1},
        {"is_new": "true"},
        {"word": 1},
        {"word": None},
        {"colour": "blue"},
        {"colour": 1},
        {"other": 1},
        {"parts": [{"other": 1}]},
        {"parts": {"0": {}}},
        {"at": 1_700_000_000},
        {"at": "1700000000"},
        {"at": "2026-11-30"},
        {"at": "2026-11-30T12:00:00"},
        {"at": "2026-13-30T12:00:00Z"},
        {"at": "2026-11-30T25:00:00Z"},
        {"at": "20261130T120000Z"},
        {"at": "٢٠٢٦-11-30T12:00:00Z"},
    ],
    ids=str,
)
def test_what_is_of_another_type_is_not_made_to_fit(fields):
    with pytest.raises(ValidationError):
        Thing.model_validate(fields)


def test_a_whole_number_may_stand_for_a_float():
    assert Thing.model_validate({"number": 3}).number == 3.0


@pytest.mark.parametrize(("value", "is_taken"), [(3.0, True), (3.5, False), ("3", False), (True, False)])
def test_a_whole_number_of_the_table_may_be_written_with_a_point(value, is_taken):
    class Sown(Body):
        seed: bounds.Seed

    if is_taken:
        assert Sown.model_validate({"seed": value}).seed == value
    else:
        with pytest.raises(ValidationError):
            Sown.model_validate({"seed": value})


def test_an_enumeration_is_given_by_its_value():
    assert Thing.model_validate({"colour": "red"}).colour is Colour.RED


@pytest.mark.parametrize("text", ["2026-11-30T12:00:00Z", "2026-11-30t12:00:00.000z", "2026-11-30 13:00:00+01:00"])
def test_a_time_is_what_rfc_3339_calls_one(text):
    assert Thing.model_validate({"at": text}).at == datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_the_schema_tells_of_the_strictness():
    schema = Thing.model_json_schema()["$defs"]["Thing"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["at"]["anyOf"][0] == {"type": "string", "format": "date-time"}
