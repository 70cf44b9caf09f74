"""Create, change and forget channels."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pynomaly.application.channel_values import checked_values, edited_values, owner_of
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.application.revisions import require_revision
from pynomaly.domain.channel import Channel
from pynomaly.domain.errors import Conflict
from pynomaly.domain.events import ChannelChanged, ChannelCreated, ChannelRemoved
from pynomaly.domain.identifiers import ChannelId


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """Keep a way to tell somebody outside."""

    begin: Begin
    asked: Asked
    notifiers: NotifierCatalog
    clock: Clock
    new_id: NewId

    def __call__(self, *, name: str, kind: str, values: Mapping[str, object]) -> Channel:
        """Return the new channel; nothing is sent to it yet.

        values: what the fields of its kind hold, secrets included.
        Raises InvalidRequest, DestinationRefused, AlreadyExists.
        """
        checked = checked_values(self.notifiers, kind, values)
        channel = Channel(
            id=ChannelId(self.new_id()),
            name=name,
            kind=kind,
            settings=checked.settings,
            secret_names=tuple(checked.secrets),
            created_by=self.asked.actor,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.channels.add(channel)
            checked.keep_secrets(work, channel)
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
        values: Mapping[str, object] | None = None,
        is_enabled: bool | None = None,
        revision: int | None = None,
    ) -> Channel:
        """Return the channel as it is now.

        values: those that change; a secret left out stays, a value of None is taken away.
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
            if values:
                edited = edited_values(self.notifiers, work, found, values)
                edited.keep_secrets(work, found)
                changed = replace(changed, settings=edited.settings, secret_names=tuple(edited.secrets))
            work.channels.save(changed)
            stored = work.channels.get(found.id)
            work.record(ChannelChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored


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
            if found.secret_names:
                work.secrets.forget(owner_of(found))
            work.channels.remove(found)
            work.record(ChannelRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found


def _require_unused(work: UnitOfWork, channel: Channel) -> None:
    for rule in work.notification_rules.all():
        if channel.id in rule.channel_ids:
            raise Conflict(f"rule '{rule.name}' tells channel '{channel.name}'; change or remove that rule first")
