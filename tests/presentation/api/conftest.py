"""Whole installations for the tests of the API: one that many tests share, and one on each database."""

import pytest

from tests.databases import KINDS, fresh_url
from tests.service.installed import installed


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """An installation that tests add to, and never take away from what it was furnished with."""
    with installed(tmp_path_factory.mktemp("installation")) as one:
        yield one


@pytest.fixture(scope="session")
def here(installation):
    """The workspace of the tests in it."""
    return installation.here


@pytest.fixture(scope="session", params=KINDS)
def everywhere(request, tmp_path_factory):
    """An installation on each database."""
    with fresh_url(request.param) as url, installed(tmp_path_factory.mktemp(request.param), url) as one:
        yield one
