"""A workplace that tells people: channels, rules, and a message that cannot arrive."""

import time
from collections.abc import Mapping

from pynomaly.application.ports.paging import Piece
from pynomaly.application.workspace import Workspace
from pynomaly.domain.notification_rule import Occasion

PATIENCE_SECONDS = 30.0
MAIL = {"host": "mail.invalid", "sender": "pynomaly@example.org", "recipients": "duty@example.org"}
"""No such server can be (RFC 2606, section 2), so nothing leaves the machine."""


def have_people_told(workspace: Workspace) -> Mapping[str, str]:
    """Make channels and rules; what is detected afterwards is told of. Return their ids."""
    duty = workspace.create_channel(name="duty", kind="email", settings=MAIL, secrets={})
    slack = workspace.create_channel(
        name="on-call", kind="slack", settings={}, secrets={"url": "https://hooks.slack.com/services/T0/B0/none"}
    )
    workspace.change_channel(channel=slack.id, is_enabled=False)
    severe = workspace.create_rule(
        name="severe", occasion=Occasion.ANOMALIES_FOUND, channels=[duty.id, slack.id], least_severity=60.0
    )
    workspace.create_rule(name="broken jobs", occasion=Occasion.JOB_FAILED, channels=[duty.id])
    return {"channel": duty.id, "resting_channel": slack.id, "rule": severe.id}


def first_delivery(workspace: Workspace) -> str:
    """Return the first message that did not arrive, once a worker has tried."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        for delivery in workspace.queries.delivery_page(Piece(10)).items:
            if delivery.last_error:
                return delivery.id
        time.sleep(0.1)
    raise TimeoutError("no worker tried to send a message")
