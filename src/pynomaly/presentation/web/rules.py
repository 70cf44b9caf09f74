"""`/rules`: of what which channels are told, as sentences, and how often each would have told lately."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.application.ports.paging import Piece
from pynomaly.application.rule_firings import Firings
from pynomaly.domain.access import Permission
from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound, PynomalyError, StaleWrite
from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.presentation.http.bounds import BOUNDS, Name
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.forms import Form
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.rule_code import code_for_new_rule, code_for_rule, code_for_rules
from pynomaly.presentation.web.rule_form import Condition, RuleForm
from pynomaly.presentation.web.rule_words import rule_in_words
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Keeper = Annotated[Visitor, Depends(requires(Permission.MANAGE_CHANNELS))]
RulePath = Annotated[Name, Path(alias="id")]
MOST_CHOICES = BOUNDS.page.most
LOOKED_BACK = timedelta(days=7)
_REFUSALS = (InvalidRequest, Conflict, NotFound)


@routes.get("/rules")
def list_rules(visitor: Keeper, cursor: CursorParameter = None) -> Response:
    """Show the rules as sentences, newest first."""
    found = listed(visitor, cursor, visitor.workspace.queries.rule_page, "rules")
    sentences = _sentences(visitor)
    return visitor.page(
        "rules/list.html",
        rules=found,
        sentences={rule.id: rule_in_words(rule, **sentences) for rule in found.items},
        forms=code_for_rules(visitor.request),
    )


@routes.get("/rules/new")
def new_rule(visitor: Keeper, channel: Annotated[Name | None, Query()] = None) -> Response:
    """Ask of what whom to tell."""
    return _new_page(visitor, RuleForm(channels=[] if channel is None else [channel]))


@routes.post("/rules/new")
def create_rule(visitor: Keeper, form: Form) -> Response:
    """Have somebody told from now on."""
    try:
        wanted = Condition.of(form, form.word("occasion", Occasion))
        made = visitor.workspace.create_rule(
            name=form.needed("name"),
            occasion=wanted.occasion,
            channels=wanted.channels,
            least_anomalies=wanted.least_anomalies,
            least_severity=wanted.least_severity,
            detector=wanted.detector,
        )
    except _REFUSALS as error:
        return _new_page(visitor, RuleForm.entered(form), error)
    return visitor.go_to("/rules", notice=_("Rule {name} tells of what happens from now on.").format(name=made.name))


@routes.post("/rules/preview")
def preview_rule(visitor: Keeper, form: Form) -> Response:
    """Say a rule as a sentence, and when it would have fired, before it is stored."""
    entered = RuleForm.entered(form)
    try:
        draft = Condition.of(form, form.word("occasion", Occasion)).draft(visitor.program.clock())
    except InvalidRequest as error:
        if visitor.is_for_part:
            return visitor.part("rules/form.html", "preview", sentence=str(error), firings=None)
        return _new_page(visitor, entered, error)
    previewed = _preview(visitor, draft)
    if visitor.is_for_part:
        return visitor.part("rules/form.html", "preview", **previewed)
    return _new_page(visitor, entered, **previewed)


@routes.get("/rules/{id}")
def show_rule(visitor: Keeper, rule: RulePath) -> Response:
    """Show a rule as a sentence, when it would have fired, and its form."""
    found = visitor.workspace.queries.rule(rule)
    return _rule_page(visitor, found, RuleForm.of(found))


@routes.post("/rules/{id}")
def change_rule(visitor: Keeper, rule: RulePath, form: Form) -> Response:
    """Store what was entered; what the rule told of before stays on its way."""
    found = visitor.workspace.queries.rule(rule)
    try:
        wanted = Condition.of(form, found.occasion)
        visitor.workspace.change_rule(
            rule=found.id,
            name=form.needed("name"),
            channels=wanted.channels,
            least_anomalies=wanted.least_anomalies,
            least_severity=wanted.least_severity,
            detector=wanted.detector,
            of_any_detector=wanted.detector is None,
            revision=form.whole_number("revision"),
        )
    except _REFUSALS as error:
        return _rule_page(visitor, visitor.workspace.queries.rule(rule), RuleForm.entered(form), error)
    return visitor.go_to(f"/rules/{found.id}", notice=_("The rule is stored as you entered it."))


@routes.post("/rules/{id}/enabled")
def enable_rule(visitor: Keeper, rule: RulePath, form: Form) -> Response:
    """Let a rule rest, or wake it; what happens while it rests is not told of later."""
    is_enabled = form.text("enabled") == "yes"
    changed = visitor.workspace.change_rule(rule=rule, is_enabled=is_enabled)
    rests = _("The rule rests. What happens meanwhile is not told of later.")
    notice = _("The rule is awake: it tells of what happens from now on.") if is_enabled else rests
    return visitor.go_to(f"/rules/{changed.id}", notice=notice)


@routes.post("/rules/{id}/delete")
def delete_rule(visitor: Keeper, rule: RulePath, form: Form) -> Response:
    """Forget a rule; messages it has caused go on their way."""
    found = visitor.workspace.queries.rule(rule)
    try:
        gone = visitor.workspace.remove_rule(rule=found.id, revision=form.whole_number("revision"))
    except StaleWrite as error:
        return _rule_page(visitor, visitor.workspace.queries.rule(rule), RuleForm.of(found), error)
    notice = _("Rule {name} is deleted. Messages it has caused go on their way.").format(name=gone.name)
    return visitor.go_to("/rules", notice=notice)


def _new_page(visitor: Visitor, entered: RuleForm, error: PynomalyError | None = None, **previewed: Any) -> Response:
    context: dict[str, Any] = {"sentence": "", "firings": None, **previewed}
    choices = _choices(visitor)
    forms = [form for one in choices["channels"][:1] for form in code_for_new_rule(visitor.request, one.id)]
    return visitor.form_page("rules/new.html", error, entered=entered, forms=forms, **choices, **context)


def _rule_page(
    visitor: Visitor, rule: NotificationRule, entered: RuleForm, error: PynomalyError | None = None
) -> Response:
    return visitor.form_page(
        "rules/rule.html",
        error,
        rule=rule,
        entered=entered,
        forms=code_for_rule(visitor.request, rule),
        **_choices(visitor),
        **_preview(visitor, rule),
    )


def _preview(visitor: Visitor, rule: NotificationRule) -> dict[str, Any]:
    since = visitor.program.clock() - LOOKED_BACK
    firings: Firings = visitor.workspace.queries.rule_firings(rule, since=since)
    is_of_jobs = rule.occasion is Occasion.JOB_FAILED
    return {"sentence": rule_in_words(rule, **_sentences(visitor)), "firings": firings, "is_of_jobs": is_of_jobs}


def _choices(visitor: Visitor) -> dict[str, Any]:
    queries = visitor.workspace.queries
    channels = queries.channel_page(Piece(MOST_CHOICES)).items
    return {"channels": channels, "detectors": queries.detector_page(Piece(MOST_CHOICES)).items}


def _sentences(visitor: Visitor) -> dict[str, dict[str, str]]:
    return {kind: {one.id: one.name for one in found} for kind, found in _choices(visitor).items()}
