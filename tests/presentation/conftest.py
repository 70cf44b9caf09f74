"""Whole installations for the tests of API and pages, and in them a workspace for each module of tests."""

import pytest

from tests.databases import KINDS, fresh_url
from tests.service.installed import installed, refurbished


@pytest.fixture(scope="session")
def building(tmp_path_factory):
    """An installation that all tests share."""
    with installed(tmp_path_factory.mktemp("installation")) as one:
        yield one


@pytest.fixture(scope="module")
def installation(building):
    """It, with a workspace that tests of one module add to, and never take away from what it was furnished with."""
    return refurbished(building)


@pytest.fixture(scope="module")
def here(installation):
    """The workspace of the tests in it."""
    return installation.here


@pytest.fixture(scope="session", params=KINDS)
def buildings(request, tmp_path_factory):
    """An installation on each database that all tests share."""
    with fresh_url(request.param) as url, installed(tmp_path_factory.mktemp(request.param), url) as one:
        yield one


@pytest.fixture(scope="module")
def everywhere(buildings):
    """An installation on each database, with a workspace of the tests of one module."""
    return refurbished(buildings)
