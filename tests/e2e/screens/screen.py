"""A screen: an address in a state, and how to bring it there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from pynomaly.domain.access import Role


def nothing(_page: Page) -> None:
    """Leave a page as it comes."""


@dataclass(frozen=True)
class Screen:
    """What is looked at, in both themes, by axe and by people.

    name: of its picture, such as "today-empty".  path: with {detection}, {dataset}, … of the stage.
    stage: which of the two workplaces.  bring: what is pressed once the page is there.
    forgiven: parts of console lines that it provokes (the browser's line for an answer of 4xx or 5xx).
    """

    name: str
    path: str
    stage: Literal["furnished", "empty"] = "furnished"
    role: Role | None = Role.ADMIN
    bring: Callable[[Page], None] = nothing
    forgiven: tuple[str, ...] = ()
