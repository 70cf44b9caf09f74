"""`/admin`: the people of the workspace and what each role allows."""

from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.domain.errors import Conflict, InvalidRequest, PynomalyError, StaleWrite
from pynomaly.domain.user import User
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.role_words import PERMISSIONS, ROLES
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Admin = Annotated[Visitor, Depends(requires(Permission.MANAGE_USERS))]
UserPath = Annotated[ObjectId, Path(alias="id")]
_REFUSALS = (InvalidRequest, Conflict)


@routes.get("/admin")
def list_users(visitor: Admin, cursor: CursorParameter = None) -> Response:
    """Show who may sign in, and what each role allows."""
    return visitor.page(
        "admin/users.html",
        users=listed(visitor, cursor, visitor.workspace.queries.user_page, "users"),
        roles=ROLES,
        permissions=PERMISSIONS,
        allowed=ROLE_PERMISSIONS,
        forms=_code_for_users(visitor),
    )


@routes.get("/admin/users/new")
def new_user(visitor: Admin) -> Response:
    """Ask who is to be let in."""
    return _new_page(visitor)


@routes.post("/admin/users/new")
def create_user(visitor: Admin, form: Form) -> Response:
    """Let somebody sign in, with a role that allows no more than whoever makes it may do."""
    try:
        role = form.word("role", Role)
        visitor.principal.require_all_of(role)
        made = visitor.membership.create_user(
            email=form.needed("email", most=320),
            name=form.needed("name"),
            role=role,
            password=form.raw("password", most=1000),
        )
    except _REFUSALS as error:
        return _new_page(visitor, form, error)
    notice = _("{name} can sign in with {email} and the password you chose.")
    return visitor.go_to("/admin", notice=notice.format(name=made.name, email=made.email))


@routes.get("/admin/users/{id}")
def show_user(visitor: Admin, user: UserPath) -> Response:
    """Show somebody's role, and the form to change it."""
    return _user_page(visitor, visitor.workspace.queries.user(user))


@routes.post("/admin/users/{id}")
def change_user(visitor: Admin, user: UserPath, form: Form) -> Response:
    """Store another name or role, or end or restore somebody's access; a change of rights ends their sessions."""
    try:
        role = form.word("role", Role)
        visitor.principal.require_all_of(role)
        changed = visitor.membership.change_user(
            user=user,
            name=form.needed("name"),
            role=role,
            is_active=form.is_set("is_active"),
            revision=form.whole_number("revision"),
        )
    except _REFUSALS as error:
        return _user_page(visitor, visitor.workspace.queries.user(user), form, error)
    return visitor.go_to("/admin", notice=_("{name} is stored as you entered it.").format(name=changed.name))


def _new_page(visitor: Visitor, form: Fields | None = None, error: PynomalyError | None = None) -> Response:
    entered = {name: "" if form is None else form.entered(name) for name in ("name", "email", "role")}
    code = _code_for_new_user(visitor)
    return visitor.form_page("admin/new_user.html", error, entered=entered, roles=ROLES, forms=code)


def _user_page(
    visitor: Visitor, user: User, form: Fields | None = None, error: PynomalyError | None = None
) -> Response:
    stored = {"name": user.name, "role": user.role.value, "is_active": user.is_active}
    entered: dict[str, Any] = stored
    if form is not None:
        entered = {"name": form.entered("name"), "role": form.entered("role"), "is_active": form.is_set("is_active")}
    is_stale = isinstance(error, StaleWrite)
    code = _code_for_user(visitor, user)
    return visitor.form_page(
        "admin/user.html", error, user=user, entered=entered, roles=ROLES, is_stale=is_stale, forms=code
    )


def _code_for_users(visitor: Visitor) -> list[CodeForm]:
    return [code_form(visitor.request, _("List the users"), ApiCall("GET", "/users"), ["admin", "users"])]


def _code_for_new_user(visitor: Visitor) -> list[CodeForm]:
    body = {"email": "ada@example.org", "name": "Ada", "role": "analyst", "password": "a sentence of theirs"}
    command = ["admin", "create-user", "ada@example.org", "--name", "Ada", "--role", "analyst"]
    return [code_form(visitor.request, _("Let somebody in"), ApiCall("POST", "/users", {**body}), command)]


def _code_for_user(visitor: Visitor, user: User) -> list[CodeForm]:
    call = ApiCall("PATCH", f"/users/{user.id}", {"role": user.role.value, "is_active": not user.is_active})
    action = _("End their access") if user.is_active else _("Restore their access")
    return [code_form(visitor.request, action, call)]
