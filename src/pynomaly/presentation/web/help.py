"""`/help`: what the words mean, which keys do what, and where more is written."""

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.glossary import WORDS
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]


@routes.get("/help")
def show_help(visitor: Reader) -> Response:
    """Show the glossary and the keys."""
    return visitor.page("help.html", words=WORDS)
