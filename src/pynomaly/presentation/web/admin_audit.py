"""`/admin/audit`: what happened, by whom, in a log that shows tampering; and the walk along it that proves so."""

from collections.abc import Iterable
from typing import Annotated, get_args

from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.events import Event
from pynomaly.presentation.http.bounds import Actor, EventType
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.forms import CHECKED
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.figures import count

routes = pages()
Auditor = Annotated[Visitor, Depends(requires(Permission.READ_AUDIT))]
MEANINGS = {one.__name__: (one.__doc__ or "").strip().splitlines()[0] for one in get_args(Event)}
"""What each type of event means, as the documentation says it."""


@routes.get("/admin/audit")
def list_audit(
    visitor: Auditor,
    cursor: CursorParameter = None,
    type: Annotated[EventType | None, Query()] = None,
    actor: Annotated[Actor | None, Query()] = None,
) -> Response:
    """Show what happened, newest first."""
    queries = visitor.workspace.queries
    found = listed(
        visitor,
        cursor,
        lambda piece: queries.audit_page(piece, type=type, actor=actor),
        "audit",
        type=type,
        actor=actor,
    )
    return visitor.page(
        "admin/audit.html",
        entries=found,
        meanings=MEANINGS,
        types=sorted(MEANINGS),
        chosen={"type": type or "", "actor": actor or ""},
        who=_names(visitor, found.items),
        forms=_code(visitor),
    )


@routes.post("/admin/audit/verify", dependencies=[CHECKED])
def verify_audit(visitor: Auditor) -> Response:
    """Walk the whole log and say whether anything was altered, dropped or moved."""
    verdict = visitor.workspace.verify_audit()
    if verdict.is_intact:
        found = _("The log is whole: {n} entries were walked, none was altered, dropped or moved. It ends at {end}.")
        end = f"{verdict.head.sequence}:{verdict.head.hash[:12]}"
        words = found.format(n=count(verdict.head.sequence), end=end)
    else:
        words = _("The log was tampered with: {problem}.").format(problem=verdict.problem)
    if visitor.is_for_part:
        return visitor.part("admin/audit.html", "verdict", verdict=verdict, words=words)
    return visitor.go_to("/admin/audit", notice=words)


def _names(visitor: Visitor, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return what to call the users among those who did something."""
    asked_for = {entry.actor for entry in entries}
    users = {f"user:{user.id}": user.name for user in visitor.workspace.queries.users()}
    return {actor: name for actor, name in users.items() if actor in asked_for}


def _code(visitor: Visitor) -> list[CodeForm]:
    listing = ApiCall("GET", "/audit")
    python = "from pynomaly.application.ports.paging import Piece\n\nworkspace.queries.audit_page(Piece(50))"
    verify = ApiCall("GET", "/audit/verdict")
    return [
        code_form(visitor.request, _("Read the log"), listing, (), python),
        code_form(visitor.request, _("Verify the log"), verify, ["admin", "verify-audit"], "workspace.verify_audit()"),
    ]
