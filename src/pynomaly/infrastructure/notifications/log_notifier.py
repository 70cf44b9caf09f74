"""The server's own log as a channel: one line per event, an event name and its ids."""

import logging

from pynomaly.application.event_routing import LOG
from pynomaly.domain.audit import AuditEntry

log = logging.getLogger("pynomaly.events")


class LogNotifier:
    """Writes a line per event; it never fails."""

    channel = LOG

    def tell(self, entry: AuditEntry) -> None:
        """Write the line."""
        fields = " ".join(f"{name}={value}" for name, value in entry.payload.items())
        log.info(
            "event type=%s tenant=%s sequence=%s id=%s %s",
            entry.type,
            entry.tenant_id,
            entry.sequence,
            entry.id,
            fields,
        )
