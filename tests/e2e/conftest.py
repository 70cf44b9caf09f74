"""What journeys begin with: a server, a browser, and pages of somebody who is signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from pynomaly.domain.access import Role
from tests.e2e.chromium import launched, require_chromium
from tests.e2e.house import House, Workplace, running
from tests.e2e.stage import Stage, set_stage
from tests.e2e.visits import Visit, visiting


@pytest.fixture(scope="package")  # its processes end with the journeys, before other tests go on
def house(tmp_path_factory) -> Iterator[House]:
    """A running server that many journeys share, each in a workspace of its own."""
    require_chromium()
    with running(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture(scope="package")  # its processes end with the journeys, before other tests go on
def browser() -> Iterator[Browser]:
    """A browser that many journeys share, each in a context of its own."""
    with launched() as one:
        yield one


@pytest.fixture(scope="package")  # its processes end with the journeys, before other tests go on
def stage(house: House, tmp_path_factory) -> Stage:
    """Two workplaces that many journeys look at: a furnished one and an empty one."""
    return set_stage(house, tmp_path_factory.mktemp("stage"))


@pytest.fixture
def place(house: House, request: pytest.FixtureRequest) -> Workplace:
    """An empty workspace of this journey's own."""
    return house.workplace("maple")


@pytest.fixture
def visit(house: House, browser: Browser, place: Workplace) -> Iterator[Callable[..., Visit]]:
    """Open pages as somebody of a role; what the console says, or a breach of policy, fails the journey."""
    with ExitStack() as leaving:

        def as_somebody(role: Role | None = Role.ADMIN, *, at: Workplace = place, **options: object) -> Visit:
            token = None if role is None else house.session(at, role)
            return leaving.enter_context(visiting(browser, house.url, token, **options))

        yield as_somebody


@pytest.fixture
def page(visit: Callable[..., Visit]) -> Page:
    """A page of an admin."""
    return visit().page
