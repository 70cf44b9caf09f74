"""What the pages of notification rules do, as code."""

from starlette.requests import Request

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.notification_rule import NotificationRule
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.texts import _

RULES = "/notification-rules"


def code_for_rules(request: Request) -> list[CodeForm]:
    """Return how rules are listed."""
    python = "from pynomaly.application.ports.paging import Piece\n\nworkspace.queries.rule_page(Piece(50))"
    return [code_form(request, _("List the rules"), ApiCall("GET", RULES), ["rule", "list"], python)]


def code_for_new_rule(request: Request, channel: str) -> list[CodeForm]:
    """Return how a rule is made that tells a channel, by its id."""
    body: dict[str, JsonValue] = {
        "name": "severe",
        "occasion": "anomalies_found",
        "channel_ids": [channel],
        "least_severity": 75,
    }
    command = ["rule", "create", "severe", "--when", "anomalies_found", "--channel", channel, "--least-severity", "75"]
    python = (
        "from pynomaly.domain.notification_rule import Occasion\n\n"
        f'workspace.create_rule(name="severe", occasion=Occasion.ANOMALIES_FOUND, channels=["{channel}"], '
        "least_severity=75)"
    )
    return [code_form(request, _("Create a rule"), ApiCall("POST", RULES, body), command, python)]


def code_for_rule(request: Request, rule: NotificationRule) -> list[CodeForm]:
    """Return how a rule is woken or rested, and deleted."""
    here, enabled = f"{RULES}/{rule.id}", not rule.is_enabled
    return [
        code_form(
            request,
            _("Let the rule rest") if rule.is_enabled else _("Wake the rule"),
            ApiCall("PATCH", here, {"is_enabled": enabled}),
            ["rule", "change", rule.id, "--disable" if rule.is_enabled else "--enable"],
            f'workspace.change_rule(rule="{rule.id}", is_enabled={enabled})',
        ),
        code_form(
            request,
            _("Delete the rule"),
            ApiCall("DELETE", here),
            ["rule", "remove", rule.id],
            f'workspace.remove_rule(rule="{rule.id}")',
        ),
    ]
