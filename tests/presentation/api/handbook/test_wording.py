import pytest

from pynomaly.presentation.api.handbook.wording import Named, in_words, is_page, names_in

PLACE = "#/components/schemas/"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 1, "maxLength": 2000}, "text, 1 to 2 000 characters"),
        ({"type": "string", "format": "binary"}, "bytes"),
        ({"type": "string", "format": "date-time"}, "time, as `2026-03-29T01:30:00Z`"),
        ({"type": "integer", "minimum": 0, "maximum": 9}, "whole number, 0 to 9"),
        ({"type": "integer", "minimum": -(2**53 - 1), "maximum": 2**53 - 1}, "whole number"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 0.5}, "number, above 0 up to 0.5"),
        ({"type": "boolean"}, "`true` or `false`"),
        ({"const": "detect"}, "`detect`"),
        ({"enum": ["a", "b"]}, "`a` or `b`"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "whole number or `null`"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 50}, "list of at most 50: text"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number"),
        ({"type": "object", "additionalProperties": {}, "maxProperties": 9}, "object"),
        ({"type": "object"}, "object"),
        ({}, "any JSON"),
    ],
)
def test_a_schema_in_words(schema, words):
    assert "".join(in_words(schema)) == words


def test_a_reference_names_a_schema_and_a_page_what_is_on_it():
    assert in_words({"$ref": PLACE + "JobAnswer"}) == (Named("JobAnswer"),)
    assert in_words({"$ref": PLACE + "PageAnswer_JobAnswer_"}) == ("page of ", Named("JobAnswer"))
    assert is_page("PageAnswer_JobAnswer_")
    assert not is_page("JobAnswer")


def test_every_name_in_a_part_of_the_document_is_found():
    schema = {"anyOf": [{"$ref": PLACE + "A"}, {"items": {"$ref": PLACE + "B"}}], "other": "text"}
    assert set(names_in(schema)) == {"A", "B"}
