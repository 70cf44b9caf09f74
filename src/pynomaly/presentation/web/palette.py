"""`/palette`: search or jump: pages, actions, and things by a part of their name; a page, or options for the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.application.ports.names import NOUNS, Name
from pynomaly.domain.access import Permission
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.commands import COMMANDS
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
MOST_OF_EACH = 5
SHORTEST = 2
"""Characters before things are looked for by name: one fits nearly everything."""
WORDS = {
    "dataset": _("dataset"),
    "detector": _("detector"),
    "channel": _("channel"),
    "detection": _("detection"),
    "job": _("job"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One line to choose. note: what it is, or the keys that lead there."""

    title: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Options of one sort under a heading."""

    title: str
    options: Sequence[Option]


@routes.get("/palette")
def show_palette(visitor: Reader, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Show what fits a text."""
    text = q.strip()
    groups = [group for group in (_things(visitor, text), *_commands(visitor, text)) if group.options]
    n_options = sum(len(group.options) for group in groups)
    if visitor.is_for_part:
        return visitor.part("palette.html", "options", groups=groups, n_options=n_options, text=text)
    return visitor.page("palette.html", groups=groups, n_options=n_options, text=text)


def _commands(visitor: Visitor, text: str) -> list[Group]:
    known = [one for one in COMMANDS if one.needs in visitor.principal.permissions and one.fits(text)]
    return [
        Group(title, [Option(one.title, one.address, one.keys) for one in known if one.is_action is is_action])
        for title, is_action in ((_("Go to"), False), (_("Do"), True))
    ]


def _things(visitor: Visitor, text: str) -> Group:
    if len(text) < SHORTEST:
        return Group("", [])
    nouns = [noun for noun in NOUNS if noun != "channel" or visitor.may(Permission.MANAGE_CHANNELS)]
    found = visitor.workspace.queries.names_like(text, nouns, limit=MOST_OF_EACH)
    return Group(_("In this workspace"), [_option(one) for one in found])


def _option(found: Name) -> Option:
    return Option(found.name or found.id[:8], f"/{found.noun}s/{found.id}", WORDS[found.noun])
