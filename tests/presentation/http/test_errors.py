"""Every error has its row, and the most specific one decides."""

import re

from pynomaly.domain import errors as domain
from pynomaly.presentation.http import refusals
from pynomaly.presentation.http.errors import TABLE, UNEXPECTED, row_of


def kinds(root, module):
    for kind in root.__subclasses__():
        if kind.__module__ == module.__name__:
            yield kind
            yield from kinds(kind, module)


def test_every_error_of_the_domain_has_a_row_of_its_own():
    assert {row.kind for row in TABLE} >= {domain.PynomalyError, *kinds(domain.PynomalyError, domain)}


def test_every_refusal_has_a_row_of_its_own():
    assert {row.kind for row in TABLE} >= {*kinds(refusals.RequestRefused, refusals)}


def test_a_slug_names_one_row_and_is_fit_for_an_address():
    slugs = [row.slug for row in TABLE]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", slug) for slug in slugs)


def test_statuses_are_errors_in_ascending_order():
    statuses = [row.status for row in TABLE]
    assert statuses == sorted(statuses)
    assert all(400 <= status < 600 for status in statuses)


def test_statuses_are_those_the_conventions_ask_for():
    asked = {
        domain.InvalidData: 422,
        domain.TooFewRows: 422,
        domain.InvalidRequest: 422,
        domain.NotFound: 404,
        domain.StaleWrite: 409,
        domain.LeaseLost: 409,
        domain.NotSignedIn: 401,
        domain.Forbidden: 403,
        domain.TooManyRequests: 429,
        domain.Unavailable: 503,
        domain.StorageFull: 507,
        domain.CorruptModel: 409,
        refusals.MalformedRequest: 400,
        refusals.PreconditionFailed: 412,
        refusals.PreconditionRequired: 428,
        refusals.IdempotencyKeyReused: 422,
    }
    assert {kind: row_of(kind).status for kind in asked} == asked


def test_the_nearest_ancestor_decides_for_an_error_without_a_row():
    class Odd(domain.TooFewRows):
        """Too few, and an odd number of them."""

    assert row_of(Odd).slug == "too-few-rows"
    assert row_of(ZeroDivisionError) is UNEXPECTED
    assert row_of(refusals.RequestRefused) is UNEXPECTED


def test_a_row_says_what_it_means_and_what_to_do():
    assert [row.slug for row in TABLE if not row.meaning or not row.remedy.endswith(".")] == []
    assert row_of(domain.NotFound).title == "Not found"
