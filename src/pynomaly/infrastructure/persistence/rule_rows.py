"""Notification rules as rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import ChannelId, DetectorId, RuleId
from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.infrastructure.persistence.channel_tables import notification_rules as rules
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class NotificationRuleRows:
    """The notification rules of one workspace within one transaction."""

    transaction: Transaction

    def add(self, rule: NotificationRule) -> None:
        """Store a new rule. Raises AlreadyExists if the name is taken."""
        self._require_free_name(rule)
        with taking_name(f"rule '{rule.name}'"):
            self.transaction.write(insert(rules).values(self._to_row(rule)))

    def get(self, name_or_id: str) -> NotificationRule:
        """Return a rule by name or id; a transaction that may write holds it. Raises NotFound, InvalidRequest."""
        found = id_of(self.transaction, rules, name_or_id, noun="rule")
        return one_of(self.transaction.read_held(self._own().where(rules.c.id == found), _from_row), "rule")

    def all(self) -> Sequence[NotificationRule]:
        """Return every rule, newest first, without holding any."""
        return self.transaction.read(self._own().order_by(rules.c.position.desc()), _from_row)

    def page(self, piece: Piece) -> Page[NotificationRule]:
        """Return a piece of the list."""
        return self.transaction.page(rules, piece, _from_row)

    def save(self, rule: NotificationRule) -> None:
        """Store a changed rule under the next revision. Raises StaleWrite, AlreadyExists."""
        self._require_free_name(rule)
        unchanged = (rules.c.id == rule.id) & (rules.c.revision == rule.revision)
        changed = self._to_row(rule) | {"revision": rule.revision + 1}
        statement = update(rules).where(self.transaction.own(rules), unchanged).values(changed)
        with taking_name(f"rule '{rule.name}'"):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"rule '{rule.name}' was changed or deleted meanwhile; read it again and retry")

    def remove(self, rule: NotificationRule) -> None:
        """Forget a rule. Raises NotFound if it is gone already."""
        mine = self.transaction.own(rules) & (rules.c.id == rule.id)
        if not self.transaction.write(delete(rules).where(mine)):
            raise NotFound(f"rule '{rule.name}' is gone already")

    def _own(self) -> Select[Any]:
        return select(rules).where(self.transaction.own(rules))

    def _require_free_name(self, rule: NotificationRule) -> None:
        of_others = (rules.c.name == rule.name) & (rules.c.id != rule.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(f"there is a rule '{rule.name}' already; choose another name")

    def _to_row(self, rule: NotificationRule) -> dict[str, Any]:
        plain = {"occasion": rule.occasion.value, "channel_ids": list(rule.channel_ids)}
        return asdict(rule) | plain | {"tenant_id": self.transaction.tenant_id}


def _from_row(row: Row[Any]) -> NotificationRule:
    return NotificationRule(
        id=RuleId(row.id),
        name=row.name,
        occasion=Occasion(row.occasion),
        channel_ids=tuple(ChannelId(channel_id) for channel_id in row.channel_ids),
        created_by=row.created_by,
        created_at=row.created_at,
        since=row.since,
        least_anomalies=row.least_anomalies,
        least_severity=row.least_severity,
        detector_id=None if row.detector_id is None else DetectorId(row.detector_id),
        is_enabled=row.is_enabled,
        revision=row.revision,
    )
