"""The keys that seal the workspaces' keys: given by whoever runs the service, or one in a file on the embedded default.

The first is used from now on; the others only open what they sealed before. A key is known by a hash of itself, so that
none needs a name and two processes agree.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pynomaly.application.ports.secrets import WrappedKey
from pynomaly.domain.errors import InvalidRequest, SealBroken
from pynomaly.infrastructure.encryption.sealing import KEY_BYTES, Place, new_key, seal, unseal

_ADVICE = "make one with: pynomaly admin new-master-key"
_FEWEST_DIFFERENT = 10  # 32 random bytes have fewer different ones once in 10^28 times


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Seals as the port `Sealer` says. current: the id of the key that seals."""

    current: str
    _keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls, texts: Sequence[str], *, origin: str) -> "MasterKeys":
        """Read keys in base64, the one to use first. Raises InvalidRequest for none, a short or a plain one."""
        if not texts:
            raise InvalidRequest(f"{origin} holds no key; {_ADVICE}")
        keys = {key_id(key): key for key in (_read(text, origin) for text in texts)}
        return cls(next(iter(keys)), keys)

    @staticmethod
    def new() -> str:
        """Return a new key as it is written in settings."""
        return base64.b64encode(new_key()).decode()

    def new_data_key(self, place: Place) -> bytes:
        """Return a new key of a workspace, sealed with the current master key."""
        return self._wrap(place, new_key())

    def rewrap(self, place: Place, master_key: str, wrapped: bytes) -> bytes:
        """Return a workspace's key sealed with the current master key. Raises SealBroken."""
        return self._wrap(place, self._unwrap(WrappedKey(place, master_key, wrapped)))

    def seal(self, wrapped: WrappedKey, place: Place, content: bytes) -> bytes:
        """Seal content with a workspace's key. Raises SealBroken if that key cannot be opened."""
        return seal(self._unwrap(wrapped), place, content)

    def unseal(self, wrapped: WrappedKey, place: Place, sealed: bytes) -> bytes:
        """Open sealed content. Raises SealBroken."""
        return unseal(self._unwrap(wrapped), place, sealed)

    def _wrap(self, place: Place, key: bytes) -> bytes:
        return seal(self._keys[self.current], (*place, self.current), key)

    def _unwrap(self, wrapped: WrappedKey) -> bytes:
        master_key = self._keys.get(wrapped.master_key)
        if master_key is None:
            raise SealBroken(
                f"the master key {wrapped.master_key} is not among PYNOMALY_MASTER_KEYS any more; add it at the end"
            )
        return unseal(master_key, (*wrapped.place, wrapped.master_key), wrapped.wrapped)


def key_id(key: bytes) -> str:
    """Return what a key is known by; it tells nothing of the key."""
    return hashlib.blake2b(key, digest_size=6, person=b"pynomaly-key").hexdigest()


def _read(text: str, origin: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise InvalidRequest(f"{origin}: a key must be {KEY_BYTES} random bytes in base64; {_ADVICE}")
    if len(set(key)) < _FEWEST_DIFFERENT:
        raise InvalidRequest(f"{origin}: a key can be guessed; {_ADVICE}")
    return key
