"""A page that forgets its guard is found before it is served."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends

from pynomaly.domain.access import Permission
from pynomaly.presentation.web.access import PUBLIC, UnguardedPage, require_guards, requires
from pynomaly.presentation.web.app import PAGES
from pynomaly.presentation.web.forms import CHECKED, checked_form, open_form
from pynomaly.presentation.web.uploads import checked_upload

CHECKS = (checked_form, checked_upload, open_form)


def one_page(method="GET", dependencies=()):
    pages = APIRouter()
    pages.add_api_route("/one", lambda: None, methods=[method], dependencies=list(dependencies))
    return pages.routes


def test_a_page_without_a_guard_is_found():
    with pytest.raises(UnguardedPage, match="/one has no guard"):
        require_guards(one_page(), CHECKS)


@pytest.mark.parametrize("guard", [PUBLIC, Depends(requires(Permission.READ))])
def test_a_page_says_what_it_needs_or_that_it_is_for_everybody(guard):
    require_guards(one_page(dependencies=[guard]), CHECKS)


def test_a_form_that_does_not_look_where_it_comes_from_is_found():
    with pytest.raises(UnguardedPage, match="without checking where they come from"):
        require_guards(one_page("POST", [Depends(requires(Permission.READ))]), CHECKS)


def test_a_form_that_looks_is_taken():
    require_guards(one_page("POST", [Depends(requires(Permission.READ)), CHECKED]), CHECKS)


def test_a_guard_of_something_that_a_page_depends_on_counts():
    def beneath(_visitor: Annotated[object, Depends(requires(Permission.READ))]) -> None: ...

    require_guards(one_page(dependencies=[Depends(beneath)]), CHECKS)


def test_every_page_has_a_guard():
    for pages in PAGES:
        require_guards(pages.routes, CHECKS)
