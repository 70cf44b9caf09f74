"""Secrets stay out of errors, however they are written there."""

import json
from urllib.parse import quote

import pytest

from pynomaly.application.discretion import discreet, without
from pynomaly.domain.errors import RemoteRefused

SECRET = 'pa"ss/wörd \\ 7'


@pytest.mark.parametrize(
    "written",
    [SECRET, repr(SECRET), json.dumps(SECRET), json.dumps(SECRET, ensure_ascii=False), quote(SECRET, safe="")],
)
def test_a_secret_is_hidden_as_it_is_as_python_json_and_addresses_write_it(written) -> None:
    told = without(f"refused: {written}!", [SECRET])
    assert told.startswith("refused: ")
    assert "(hidden)" in told
    assert "rd" not in told
    assert told.endswith("!")


def test_an_error_keeps_its_class_and_loses_what_is_secret() -> None:
    with pytest.raises(RemoteRefused, match=r"^user ada with \(hidden\)$") as refused, discreet(["hush"]):
        raise RemoteRefused("user ada with hush")
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_an_error_that_tells_nothing_passes_as_it_is() -> None:
    error = RemoteRefused("no such table")
    with pytest.raises(RemoteRefused) as passed, discreet(["hush"]):
        raise error
    assert passed.value is error


def test_without_secrets_a_text_stays_as_it_is() -> None:
    assert without("two\nlines", []) == "two\nlines"
