"""What counts as a failure beyond what schemathesis knows of: which problems an operation may answer with, and why."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

from pynomaly.presentation.http import refusals
from pynomaly.presentation.http.errors import TABLE, row_of
from pynomaly.presentation.http.problems import MEDIA_TYPE

OF_THE_FORM = {
    row_of(kind).slug
    for kind in (
        refusals.MalformedRequest,
        refusals.UnknownHost,
        refusals.NotAcceptable,
        refusals.UnsupportedMediaType,
        refusals.InvalidValues,
        refusals.UnknownParameter,
        refusals.PreconditionRequired,
        refusals.RequestTimeout,
    )
}
"""Problems with the form of a request: none that the OpenAPI document allows may meet them."""

OF_THE_MEANING = {row.slug for row in TABLE if row.status < 500} - OF_THE_FORM
"""Problems that no schema can foresee: what a cursor was given out for, which columns a dataset has, what a cron
expression means, whether a file is one, whether it fits in the address or the body together with all the rest."""


@schemathesis.check
def problem_is_documented(_context: Any, response: Any, case: Any) -> None:
    """See that every error is a problem document, of a type that the operation says it may answer with."""
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == [MEDIA_TYPE], f"not a problem document: {response.headers}"
    problem = response.json()
    assert problem["status"] == response.status_code, problem
    if response.status_code == 405:
        return  # of the address, not of an operation
    told = case.operation.definition.raw["responses"].get(str(response.status_code), {}).get("description", "")
    slug = problem["type"].removeprefix("/problems/")
    assert f"`{slug}`" in told, f"{response.status_code} {slug} is not among {re.findall('`([a-z-]+)`:', told)}"


def is_a_failure(failure: Failure, case: Any, response: Any, replayed: Collection[str]) -> bool:
    """Whether what a check found is one. replayed: ids in answers that were given a second time.

    A valid request may be refused for its meaning, never for its form: the check that asks for acceptance knows of
    401, 403, 404 and 409 only. It also takes whole blocks of Unicode for classes such as \\p{M}, with code points in
    them that are no characters. And what a repeated answer says was created may have been deleted since.
    """
    if isinstance(failure, RejectedPositiveData) and response.status_code < 500:
        is_of_the_form = response.json().get("type", "").removeprefix("/problems/") not in OF_THE_MEANING
        return is_of_the_form and not _has_unassigned(case)
    if isinstance(failure, EnsureResourceAvailability):
        return case.path_parameters["id"] not in replayed
    return True


def _has_unassigned(case: Any) -> bool:
    texts = _texts([case.path_parameters, case.query, case.body])
    return any(unicodedata.category(character) == "Cn" for text in texts for character in unquote(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
