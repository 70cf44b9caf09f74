"""Secrets of a workspace: what they are sealed with, and where they are kept."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SecretOwner:
    """What a secret belongs to. kind: "channel" or "source"."""

    kind: str
    id: str


class Sealer(Protocol):
    """Seals content so that it opens in its place alone: workspace, kind, row and field.

    A workspace's secrets are sealed with a key of its own, which a master key seals.
    """

    @property
    def current(self) -> str:
        """The id of the master key that seals from now on."""
        ...

    def new_data_key(self, place: tuple[str, ...]) -> bytes:
        """Return a new key of a workspace, sealed with the current master key."""
        ...

    def rewrap(self, place: tuple[str, ...], master_key: str, wrapped: bytes) -> bytes:
        """Return a workspace's key sealed with the current master key. Raises SealBroken."""
        ...

    def seal(self, wrapped: "WrappedKey", place: tuple[str, ...], content: bytes) -> bytes:
        """Seal content with a workspace's key. Raises SealBroken if that key cannot be opened."""
        ...

    def unseal(self, wrapped: "WrappedKey", place: tuple[str, ...], sealed: bytes) -> bytes:
        """Open sealed content. Raises SealBroken."""
        ...


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A workspace's key as it is stored. place: what it is bound to.  master_key: the id of the one that sealed it."""

    place: tuple[str, ...]
    master_key: str
    wrapped: bytes


class Secrets(Protocol):
    """The secrets of one workspace within one transaction. Nothing shows them to people again."""

    def put(self, owner: SecretOwner, field: str, text: str) -> None:
        """Keep a secret in place of an older one."""
        ...

    def reveal(self, owner: SecretOwner, field: str) -> str | None:
        """Return a secret for whoever is about to use it, None if there is none. Raises SealBroken."""
        ...

    def fields(self, owner: SecretOwner) -> AbstractSet[str]:
        """Return which secrets there are."""
        ...

    def forget(self, owner: SecretOwner, field: str | None = None) -> None:
        """Delete a secret of an owner, by default all of them."""
        ...

    def rewrap_keys(self) -> int:
        """Seal the workspace's keys with the current master key; return how many were sealed with another before."""
        ...

    def renew_key(self) -> bool:
        """Seal what is kept from now on with a new key of the workspace; False where nothing was ever sealed."""
        ...

    def reseal(self, *, limit: int) -> int:
        """Seal some secrets anew with the newest key; return how many that were, 0 when none is left.

        Keys that seal nothing any more are deleted.
        """
        ...

    def open_newest(self, *, limit: int) -> int:
        """Open the secrets that were kept last, for nobody to see; return how many. Raises SealBroken."""
        ...
