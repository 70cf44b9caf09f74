"""`/admin/keys`: keys for programs. A new one is shown once, on the page that made it, and nowhere again."""

from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import Forbidden, InvalidRequest, PynomalyError
from pynomaly.presentation.http.bounds import BOUNDS, ObjectId
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.forms import CHECKED, Fields, Form
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.role_words import PERMISSIONS
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
KeyKeeper = Annotated[Visitor, Depends(requires(Permission.MANAGE_KEYS))]
KeyPath = Annotated[ObjectId, Path(alias="id")]
USUAL_DAYS = 90


@routes.get("/admin/keys")
def list_keys(visitor: KeyKeeper, cursor: CursorParameter = None) -> Response:
    """Show the keys, newest first; of none its secret."""
    return visitor.page(
        "admin/keys.html",
        keys=listed(visitor, cursor, visitor.workspace.queries.api_key_page, "api keys"),
        now=visitor.program.clock(),
        permissions=PERMISSIONS,
        forms=[code_form(visitor.request, _("List the keys"), ApiCall("GET", "/api-keys"))],
    )


@routes.get("/admin/keys/new")
def new_key(visitor: KeyKeeper) -> Response:
    """Ask what a key may do, and for how long."""
    return _new_page(visitor)


@routes.post("/admin/keys/new")
def create_key(visitor: KeyKeeper, form: Form) -> Response:
    """Make a key and show it, this once; it can do no more than whoever makes it."""
    try:
        key, text = visitor.membership.create_api_key(
            name=form.needed("name"),
            permissions=_permissions(form),
            days=_days(form),
            of_creator=visitor.principal.permissions,
        )
    except (InvalidRequest, Forbidden) as error:
        return _new_page(visitor, form, error)
    use = code_form(visitor.request, _("Use the key"), ApiCall("GET", "/me"))
    return visitor.page("admin/new_key_shown.html", key=key, text=text, forms=[use])


@routes.post("/admin/keys/{id}/revoke", dependencies=[CHECKED])
def revoke_key(visitor: KeyKeeper, key: KeyPath) -> Response:
    """Make a key open nothing any more; it stays listed as revoked."""
    revoked = visitor.membership.revoke_api_key(key=key)
    notice = _("Key {name} opens nothing any more, within seconds everywhere.").format(name=revoked.name)
    return visitor.go_to("/admin/keys", notice=notice)


def _permissions(form: Fields) -> list[Permission]:
    chosen = form.all("permission")
    known = list(Permission)
    if unknown := [one for one in chosen if one not in known]:
        raise InvalidRequest(f"there is no permission '{unknown[0][:40]}'")
    return [Permission(one) for one in chosen]


def _days(form: Fields) -> int:
    days = form.whole_number("days")
    bound = BOUNDS.days
    if days is None or not bound.least <= days <= bound.most:
        raise InvalidRequest(f"a key is good for {bound.least:,} to {bound.most:,} days")
    return days


def _new_page(visitor: Visitor, form: Fields | None = None, error: PynomalyError | None = None) -> Response:
    entered: dict[str, Any] = {"name": "", "days": USUAL_DAYS, "permissions": [Permission.READ.value]}
    if form is not None:
        entered = {"name": form.entered("name"), "days": form.entered("days"), "permissions": form.all("permission")}
    grantable = [(one, words) for one, words in PERMISSIONS.items() if one in visitor.principal.permissions]
    return visitor.form_page("admin/new_key.html", error, entered=entered, grantable=grantable, forms=_code(visitor))


def _code(visitor: Visitor) -> list[CodeForm]:
    call = ApiCall("POST", "/api-keys", {"name": "nightly", "permissions": ["read", "score"], "expires_in_days": 90})
    return [code_form(visitor.request, _("Make a key"), call)]
