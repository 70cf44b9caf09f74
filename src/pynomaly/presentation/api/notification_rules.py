"""`/notification-rules`: of what which channels are told."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import AlreadyExists, InvalidRequest, NotFound
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.replies import created, edited, gone, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import CONDITIONAL, KEYED, LISTED, WITH_BODY, answers, leads_to, router
from pynomaly.presentation.api.schemas.notification_rules import NewRule, RuleAnswer, RuleChange
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.http.bounds import Name
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("notification rules")
Keeper = Annotated[Caller, Depends(requires(Permission.MANAGE_CHANNELS))]
RulePath = Annotated[Name, Path(alias="id", description="A rule's id or name.")]
_HERE = "/notification-rules/{id}"


@routes.post(
    "/notification-rules",
    operation_id="create_rule",
    status_code=201,
    response_model=RuleAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, AlreadyExists, InvalidRequest)
    | {201: leads_to("get_rule", edits=("change_rule", "delete_rule"))},
)
def create_rule(caller: Keeper, body: NewRule, key: KeyHeader = None) -> Response:
    """Have somebody told of something from now on."""
    return caller.answer(
        lambda workspace: workspace.create_rule(
            name=body.name,
            occasion=body.occasion,
            channels=body.channel_ids,
            least_anomalies=body.least_anomalies,
            least_severity=body.least_severity,
            detector=body.detector_id,
        ),
        lambda made: created(RuleAnswer.of(made), f"/notification-rules/{made.id}", made),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.get(
    "/notification-rules", operation_id="list_rules", response_model=PageAnswer[RuleAnswer], responses=answers(LISTED)
)
def list_rules(caller: Keeper, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List notification rules, newest first."""
    cursors, scope = caller.service.cursors, ("rules", caller.principal.tenant_id)
    page = caller.workspace.queries.rule_page(cursors.piece(limit, cursor, *scope))
    items = [RuleAnswer.of(rule) for rule in page.items]
    return shown(PageAnswer[RuleAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_rule",
    response_model=RuleAnswer,
    responses=answers(NotFound, InvalidRequest) | {304: {"description": "It is as you have it."}},
)
def get_rule(caller: Keeper, rule_id: RulePath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a notification rule."""
    rule = caller.workspace.queries.rule(rule_id)
    return unchanged(rule) if is_known(rule, if_none_match) else shown(RuleAnswer.of(rule), rule)


@routes.patch(
    _HERE,
    operation_id="change_rule",
    response_model=RuleAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, NotFound, AlreadyExists, InvalidRequest),
)
def change_rule(
    caller: Keeper, rule_id: RulePath, body: RuleChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Have a rule tell of something else or somebody else, let it rest, or wake it."""
    return caller.answer(
        lambda workspace: workspace.change_rule(
            rule=rule_id, revision=require_match(workspace.queries.rule(rule_id), if_match), **body.changes()
        ),
        lambda changed: edited(RuleAnswer.of(changed), changed),
        key=key,
        content=body.model_dump_json(exclude_unset=True).encode(),
    )


@routes.delete(
    _HERE,
    operation_id="delete_rule",
    status_code=204,
    responses=answers(KEYED, CONDITIONAL, NotFound, InvalidRequest),
)
def delete_rule(caller: Keeper, rule_id: RulePath, if_match: IfMatch = None, key: KeyHeader = None) -> Response:
    """Forget a notification rule; messages it has caused go on their way."""
    return caller.answer(
        lambda workspace: workspace.remove_rule(
            rule=rule_id, revision=require_match(workspace.queries.rule(rule_id), if_match)
        ),
        lambda _: gone(),
        key=key,
    )
