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
        fields = {"type": entry.type, "tenant": entry.tenant_id, "sequence": entry.sequence, "id": entry.id}
        told = fields | dict(entry.payload)
        log.info(" ".join(("event", *(f"{name}=%s" for name in told))), *told.values())
