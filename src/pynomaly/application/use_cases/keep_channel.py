"""Create, change and forget channels."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pynomaly.application.channel_opening import opened
from pynomaly.application.connection_secrets import forget_secrets, keep_secrets, revealed
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.application.revisions import require_revision
from pynomaly.domain.channel import Channel
from pynomaly.domain.connection_events import ChannelChanged, ChannelCreated, ChannelRemoved
from pynomaly.domain.errors import Conflict
from pynomaly.domain.filled_fields import Filled, filled, refilled
from pynomaly.domain.identifiers import ChannelId


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """Keep a way to tell somebody outside."""

    begin: Begin
    asked: Asked
    notifiers: NotifierCatalog
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, name: str, kind: str, settings: Mapping[str, object], secrets: Mapping[str, object]
    ) -> Channel:
        """Return the new channel; nothing is sent to it yet.

        secrets: by field; they are sealed, and shown to nobody again.
        Raises InvalidRequest, DestinationRefused, AlreadyExists.
        """
        held = filled(self.notifiers.kind(kind), settings, secrets)
        opened(self.notifiers, kind, held.settings, held.secrets)
        channel = Channel(
            id=ChannelId(self.new_id()),
            name=name,
            kind=kind,
            settings=held.settings,
            secret_names=held.secret_names,
            created_by=self.asked.actor,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.channels.add(channel)
            keep_secrets(work, channel, held)
            work.record(ChannelCreated(channel.id, kind))
            work.conclude(channel)
            work.commit()
        return channel


@dataclass(frozen=True, slots=True)
class ChangeChannel:
    """Give a channel another name or other settings, let it rest, or wake it."""

    begin: Begin
    notifiers: NotifierCatalog

    def __call__(
        self,
        *,
        channel: str,
        name: str | None = None,
        settings: Mapping[str, object] | None = None,
        secrets: Mapping[str, object] | None = None,
        is_enabled: bool | None = None,
        revision: int | None = None,
    ) -> Channel:
        """Return the channel as it is now.

        settings, secrets: those that are to change; None takes one away. Secrets that are left out stay, unless a field
        changes that says where the channel leads.
        revision: the one the caller last saw.
        Raises NotFound, StaleWrite, AlreadyExists, InvalidRequest, DestinationRefused, SealBroken.
        """
        with self.begin() as work:
            found = work.channels.get(channel)
            require_revision(found, revision)
            changed = replace(
                found,
                name=found.name if name is None else name,
                is_enabled=found.is_enabled if is_enabled is None else is_enabled,
            )
            if settings or secrets:
                held = self._refilled(work, found, settings or {}, secrets or {})
                keep_secrets(work, found, held)
                changed = replace(changed, settings=held.settings, secret_names=held.secret_names)
            work.channels.save(changed)
            stored = work.channels.get(found.id)
            work.record(ChannelChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored

    def _refilled(
        self, work: UnitOfWork, found: Channel, settings: Mapping[str, object], secrets: Mapping[str, object]
    ) -> Filled:
        """Return what a channel holds after an edit, having seen that a channel can work with that."""
        held = refilled(self.notifiers.kind(found.kind), found, settings, secrets)
        kept = revealed(work, found, but=secrets)
        opened(self.notifiers, found.kind, held.settings, kept | held.secrets)
        return held


@dataclass(frozen=True, slots=True)
class RemoveChannel:
    """Forget a channel with its secrets and deliveries."""

    begin: Begin

    def __call__(self, *, channel: str, revision: int | None = None) -> Channel:
        """Return what was removed. Raises NotFound, StaleWrite, Conflict while a notification rule names it."""
        with self.begin() as work:
            found = work.channels.get(channel)
            require_revision(found, revision)
            _require_unused(work, found)
            forget_secrets(work, found)
            work.channels.remove(found)
            work.record(ChannelRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found


def _require_unused(work: UnitOfWork, channel: Channel) -> None:
    for rule in work.notification_rules.all():
        if channel.id in rule.channel_ids:
            raise Conflict(f"rule '{rule.name}' tells channel '{channel.name}'; change or remove that rule first")
