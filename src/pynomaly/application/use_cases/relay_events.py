"""Tell the channels what happened: every routed event at least once, in the order of its workspace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pynomaly.application.event_routing import CHANNELS_OF
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.notifier import EventListener
from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.persistence import BeginReading, UnitOfWork
from pynomaly.domain.identifiers import TenantId

ENTRIES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RelayEvents:
    """Each channel has a cursor per workspace, moved in one transaction after its events were told.

    A relay that dies in between tells the same events again, under the same ids. begin_in: opens a transaction in a
    workspace.
    """

    begin_reading: BeginReading
    begin_in: Callable[[Asked], UnitOfWork]
    notifiers: Sequence[EventListener]

    def __call__(self) -> int:
        """Tell what is new and return how many events that were. Raises Unavailable where a channel does not answer."""
        with self.begin_reading() as work:
            tenants = [tenant.id for tenant in work.tenants.all()]
        return sum(self._relay(tenant, notifier) for tenant in tenants for notifier in self.notifiers)

    def _relay(self, tenant_id: TenantId, notifier: EventListener) -> int:
        with self.begin_in(Asked(tenant_id, "relay")) as work:
            cursor = work.audit_log.cursor(notifier.channel)
            if cursor is None:  # another relay is at it
                return 0
            entries = work.audit_log.page(Piece(ENTRIES_AT_ONCE, cursor, is_oldest_first=True)).items
            routed = [entry for entry in entries if notifier.channel in CHANNELS_OF.get(entry.type, ())]
            for entry in routed:
                notifier.tell(entry)
            if entries:
                work.audit_log.move_cursor(notifier.channel, entries[-1].sequence)
                work.commit()
        return len(routed)
