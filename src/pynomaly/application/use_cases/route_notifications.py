"""Turn what happened into messages for the channels that rules name; nothing is sent here."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pynomaly.application.news import channels_told, delivery_of, news_of
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.persistence import BeginReading, UnitOfWork
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.identifiers import TenantId
from pynomaly.domain.notification_rule import NotificationRule

ENTRIES_AT_ONCE = 200
MOST_AT_ONCE = 10
CURSOR = "notifications"
"""The name of the place in the audit log up to which messages were made."""


@dataclass(frozen=True, slots=True)
class RouteNotifications:
    """Messages and the place in the log move in one transaction, so each event gives each channel one message.

    begin_in: opens a transaction in a workspace.
    """

    begin_reading: BeginReading
    begin_in: Callable[[Asked], UnitOfWork]
    clock: Clock

    def __call__(self) -> int:
        """Make the messages of what is new and return how many those are."""
        with self.begin_reading() as work:
            tenants = [tenant.id for tenant in work.tenants.all()]
        return sum(self._route_all(tenant) for tenant in tenants)

    def _route_all(self, tenant_id: TenantId) -> int:
        n_made = 0
        for _ in range(MOST_AT_ONCE):  # whoever has more to tell leaves time for the other workspaces
            n_more, has_more = self._route(tenant_id)
            n_made += n_more
            if not has_more:
                break
        return n_made

    def _route(self, tenant_id: TenantId) -> tuple[int, bool]:
        """Return how many messages were made, and whether more of the log is to be looked at."""
        with self.begin_in(Asked(tenant_id, "notifications")) as work:
            cursor = work.audit_log.cursor(CURSOR)
            if cursor is None:  # somebody else is at it
                return 0, False
            newest = work.audit_log.newest()  # before the rules: what comes later may be one's that is not seen yet
            rules = [rule for rule in work.notification_rules.all() if rule.is_enabled]
            if not rules and newest > cursor:
                work.audit_log.move_cursor(CURSOR, newest)
                work.commit()
            if not rules or newest == cursor:
                return 0, False
            page = work.audit_log.page(Piece(ENTRIES_AT_ONCE, cursor, is_oldest_first=True))
            enabled = {channel.id for channel in work.channels.all() if channel.is_enabled}
            n_made = sum(self._make(work, rules, enabled, entry) for entry in page.items)
            work.audit_log.move_cursor(CURSOR, page.items[-1].sequence)
            work.commit()
        return n_made, page.next_after is not None

    def _make(
        self, work: UnitOfWork, rules: Sequence[NotificationRule], enabled: AbstractSet[str], entry: AuditEntry
    ) -> int:
        told = [channel_id for channel_id in channels_told(rules, entry) if channel_id in enabled]
        if not told:
            return 0
        news = news_of(entry, work.detectors.name_of)
        made = [work.deliveries.add(delivery_of(entry, news, channel_id, self.clock())) for channel_id in told]
        return made.count(True)
