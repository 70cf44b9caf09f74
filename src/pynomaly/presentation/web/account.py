"""`/account`: who am I, what may I do, how do pages look, and how do I leave."""

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission
from pynomaly.domain.errors import InvalidRequest, NotSignedIn, PynomalyError, StaleWrite, TooManyRequests
from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, code_form
from pynomaly.presentation.web.forms import CHECKED, Form
from pynomaly.presentation.web.role_words import PERMISSIONS, ROLES
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
NOW, BETTER = "the sentence you have now", "a better sentence"
"""What stands for passwords in the examples."""
LOOKS = {
    "system": _("as the device has it"),
    "light": _("light"),
    "dark": _("dark"),
    "contrast": _("high contrast"),
}


@routes.get("/account")
def show_account(visitor: Reader) -> Response:
    """Show who one is, and what that allows."""
    return _account_page(visitor)


@routes.post("/account/password")
def change_password(visitor: Reader, form: Form) -> Response:
    """Set another password: sessions on other devices end, this one goes on with a token of its own."""
    who = visitor.principal
    try:
        if form.raw("new_password", most=1000) != form.raw("again", most=1000):
            raise InvalidRequest("the two new passwords differ; type the same one twice")
        visitor.membership.change_password(
            user=who.id,
            old_password=form.raw("old_password", most=1000),
            new_password=form.raw("new_password", most=1000),
        )
    except (InvalidRequest, NotSignedIn, StaleWrite, TooManyRequests) as error:
        return _account_page(visitor, error)
    session = visitor.program.people.open_browser_session(
        tenant_id=who.tenant_id, user_id=who.id, request_id=visitor.asked.request_id
    )
    response = visitor.go_to("/account", notice=_("The password is changed. Sessions on other devices have ended."))
    cookies.keep_session(visitor.request, response, session.token, session.expires_at)
    return response


@routes.post("/account/look")
def choose_look(visitor: Reader, form: Form) -> Response:
    """Have this browser show pages light, dark, in high contrast, or as the device has it."""
    theme = form.text("theme")
    if theme not in cookies.THEMES:
        return _account_page(visitor, InvalidRequest(f"a look is one of {', '.join(cookies.THEMES)}"))
    response = visitor.go_to("/account", notice=_("This browser shows pages so from now on."))
    cookies.keep_theme(visitor.request, response, theme)
    return response


@routes.post("/account/keys")
def choose_keys(visitor: Reader, form: Form) -> Response:
    """Turn single keys on or off in this browser: whoever speaks to it, or types by accident, wants them off."""
    are_on = form.text("keys") == "on"
    off = _("Single keys do nothing in this browser any more; Ctrl K still opens the search.")
    response = visitor.go_to("/account", notice=_("Single keys work in this browser.") if are_on else off)
    cookies.keep_keys(visitor.request, response, are_on=are_on)
    return response


@routes.post("/account/offline", dependencies=[CHECKED])
def wipe_offline(visitor: Reader) -> Response:
    """Have this browser delete what it kept of the pages for times without a network."""
    response = visitor.go_to("/account", notice=_("What this browser had kept for offline use is deleted."))
    response.headers["Clear-Site-Data"] = '"storage"'  # W3C, Clear Site Data, section 3.1; cookies stay
    return response


def _account_page(visitor: Visitor, error: PynomalyError | None = None) -> Response:
    user = visitor.workspace.queries.user(visitor.principal.id)
    return visitor.form_page(
        "account.html",
        error,
        user=user,
        role=ROLES[user.role],
        may=[words for permission, words in PERMISSIONS.items() if permission in ROLE_PERMISSIONS[user.role]],
        may_not=[words for permission, words in PERMISSIONS.items() if permission not in ROLE_PERMISSIONS[user.role]],
        looks=LOOKS,
        forms=[
            code_form(visitor.request, _("Ask who a key or token belongs to"), ApiCall("GET", "/me")),
            code_form(
                visitor.request,
                _("Set another password"),
                ApiCall("POST", "/me/password", {"old_password": NOW, "new_password": BETTER}),
                ["admin", "set-password", user.email],
            ),
        ],
    )
