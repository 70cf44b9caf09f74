"""Authenticated encryption that is bound to a place: AES-256-GCM (NIST SP 800-38D) with the place as associated data.

A ciphertext that is copied to another workspace, row or field does not open there. Nonces are random: with 96 bits, a
key may seal 2^32 times before two equal ones become likely enough to matter (SP 800-38D, section 8.3); the key of a
workspace seals some thousands.
"""

import secrets
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pynomaly.domain.errors import SealBroken

Place: TypeAlias = tuple[str, ...]
"""Where a secret belongs, from the widest to the narrowest: workspace, kind, row, field."""

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


def new_key() -> bytes:
    """Return a random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, place: Place, content: bytes) -> bytes:
    """Encrypt what belongs to a place: format, nonce, ciphertext with its tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, content, _bound_to(place))


def unseal(key: bytes, place: Place, sealed: bytes) -> bytes:
    """Decrypt. Raises SealBroken if anything was altered, or sealed with another key or for another place."""
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if not sealed.startswith(_FORMAT) or len(nonce) < _NONCE_BYTES:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _bound_to(place))
    except InvalidTag:
        raise SealBroken from None


def _bound_to(place: Place) -> bytes:
    """Return a place as bytes in which no part can run into the next."""
    parts = [part.encode("utf-8", "surrogatepass") for part in place]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
