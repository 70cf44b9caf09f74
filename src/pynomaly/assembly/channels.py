"""The kinds of channels of an installation."""

from collections.abc import Mapping, Sequence

from pynomaly.application.ports.notifier import Notifier, NotifierCatalog
from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.settings import Settings


def notifier_catalog(_settings: Settings) -> NotifierCatalog:
    """Return the kinds of channels there are."""
    return _NoKinds()


class _NoKinds:
    """A catalogue without any kind."""

    def kinds(self) -> Sequence[ConnectionKind]:
        return ()

    def kind(self, name: str) -> ConnectionKind:
        raise InvalidRequest(f"there is no kind of channel '{name[:100]}'")

    def open(self, kind: str, values: Mapping[str, Value]) -> Notifier:  # noqa: ARG002 - there is nothing to open
        raise InvalidRequest(f"there is no kind of channel '{kind[:100]}'")
