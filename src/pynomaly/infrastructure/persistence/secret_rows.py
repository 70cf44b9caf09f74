"""Secrets as rows: sealed, bound to their place, and readable all through a change of keys."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from pynomaly.application.ports.clock import NewId
from pynomaly.application.ports.secrets import Sealer, SecretOwner, WrappedKey
from pynomaly.infrastructure.persistence.locks import hold_subject
from pynomaly.infrastructure.persistence.secret_tables import data_keys, secrets
from pynomaly.infrastructure.persistence.transaction import Transaction


class _DataKey(NamedTuple):
    """A key of the workspace."""

    id: str
    wrapped: WrappedKey


@dataclass(frozen=True, slots=True)
class SecretRows:
    """The secrets of one workspace within one transaction."""

    transaction: Transaction
    sealer: Sealer
    new_id: NewId

    def put(self, owner: SecretOwner, field: str, text: str) -> None:
        """Keep a secret in place of an older one."""
        key = self._newest_key()
        content = text.encode("utf-8", "surrogatepass")
        values = {"data_key": key.id, "sealed": self.sealer.seal(key.wrapped, self._place(owner, field), content)}
        if not self.transaction.write(update(secrets).where(self._is(owner, field)).values(values)):
            whose = {"owner_kind": owner.kind, "owner_id": owner.id, "field": field}
            self.transaction.write(insert(secrets).values(whose | values | {"tenant_id": self.transaction.tenant_id}))

    def reveal(self, owner: SecretOwner, field: str) -> str | None:
        """Return a secret for whoever is about to use it, None if there is none. Raises SealBroken."""
        query = select(secrets, *_KEY_COLUMNS).join(data_keys).where(self._is(owner, field))
        found = self.transaction.read(query, lambda row: (self._data_key(row), bytes(row.sealed)))
        if not found:
            return None
        key, sealed = found[0]
        return self.sealer.unseal(key.wrapped, self._place(owner, field), sealed).decode("utf-8", "surrogatepass")

    def fields(self, owner: SecretOwner) -> set[str]:
        """Return which secrets there are."""
        return set(self.transaction.read(select(secrets.c.field).where(self._of(owner)), lambda row: str(row.field)))

    def forget(self, owner: SecretOwner, field: str | None = None) -> None:
        """Delete a secret of an owner, by default all of them."""
        meant = self._of(owner) if field is None else self._is(owner, field)
        self.transaction.write(delete(secrets).where(meant))

    def rewrap_keys(self) -> int:
        """Seal the workspace's keys with the current master key; return how many were sealed with another before."""
        self._hold_keys()
        mine, current = self.transaction.own(data_keys), self.sealer.current
        old = self.transaction.read(
            select(*_KEY_COLUMNS).where(mine, data_keys.c.master_key != current), self._data_key
        )
        for key in old:
            wrapped = self.sealer.rewrap(key.wrapped.place, key.wrapped.master_key, key.wrapped.wrapped)
            changed = update(data_keys).where(mine, data_keys.c.id == key.id)
            self.transaction.write(changed.values(master_key=current, wrapped=wrapped))
        return len(old)

    def renew_key(self) -> bool:
        """Seal what is kept from now on with a new key of the workspace; False where nothing was ever sealed."""
        self._hold_keys()
        if self._newest() is None:
            return False
        self._make_key()
        return True

    def reseal(self, *, limit: int) -> int:
        """Seal some secrets anew with the newest key; return how many that were, 0 when none is left."""
        newest = self._newest_key()
        others = self.transaction.own(secrets) & (secrets.c.data_key != newest.id)
        query = select(secrets).where(others).order_by(secrets.c.position).limit(limit)
        found = self.transaction.read_held(query, lambda row: (SecretOwner(row.owner_kind, row.owner_id), row.field))
        for owner, field in found:
            self.put(owner, field, self.reveal(owner, field) or "")
        if not found:
            idle = self.transaction.own(data_keys) & (data_keys.c.id != newest.id)
            self.transaction.write(delete(data_keys).where(idle))
        return len(found)

    def open_newest(self, *, limit: int) -> int:
        """Open the secrets that were kept last, for nobody to see; return how many. Raises SealBroken."""
        query = select(secrets).where(self.transaction.own(secrets)).order_by(secrets.c.position.desc()).limit(limit)
        found = self.transaction.read(query, lambda row: (SecretOwner(row.owner_kind, row.owner_id), str(row.field)))
        for owner, field in found:
            self.reveal(owner, field)
        return len(found)

    def _newest_key(self) -> _DataKey:
        """Return the key that seals, made when the first secret comes; its makers take turns."""
        self._hold_keys()
        return self._newest() or self._make_key()

    def _newest(self) -> _DataKey | None:
        newest = select(*_KEY_COLUMNS).where(self.transaction.own(data_keys)).order_by(data_keys.c.position.desc())
        found = self.transaction.read(newest.limit(1), self._data_key)
        return found[0] if found else None

    def _make_key(self) -> _DataKey:
        key_id = self.new_id()
        place = self._place_of_key(key_id)
        wrapped = WrappedKey(place, self.sealer.current, self.sealer.new_data_key(place))
        values = {"tenant_id": self.transaction.tenant_id, "id": key_id, "master_key": wrapped.master_key}
        self.transaction.write(insert(data_keys).values(values | {"wrapped": wrapped.wrapped}))
        return _DataKey(key_id, wrapped)

    def _hold_keys(self) -> None:
        hold_subject(self.transaction, f"data keys:{self.transaction.tenant_id}")

    def _data_key(self, row: Row[Any]) -> _DataKey:
        place = self._place_of_key(row.key_id)
        return _DataKey(row.key_id, WrappedKey(place, row.master_key, bytes(row.wrapped)))

    def _place_of_key(self, key_id: str) -> tuple[str, ...]:
        return (self.transaction.tenant_id, "data key", key_id)

    def _place(self, owner: SecretOwner, field: str) -> tuple[str, ...]:
        return (self.transaction.tenant_id, owner.kind, owner.id, field)

    def _of(self, owner: SecretOwner) -> ColumnElement[bool]:
        mine = self.transaction.own(secrets)
        return mine & (secrets.c.owner_kind == owner.kind) & (secrets.c.owner_id == owner.id)

    def _is(self, owner: SecretOwner, field: str) -> ColumnElement[bool]:
        return self._of(owner) & (secrets.c.field == field)


_KEY_COLUMNS = (data_keys.c.id.label("key_id"), data_keys.c.master_key, data_keys.c.wrapped)
