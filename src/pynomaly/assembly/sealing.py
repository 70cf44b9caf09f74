"""What seals the secrets of an installation."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.ports.secrets import Sealer
from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest
from pynomaly.infrastructure.key_files import kept_key
from pynomaly.infrastructure.settings import Settings

if TYPE_CHECKING:
    from pynomaly.infrastructure.encryption.master_keys import MasterKeys

MASTER_KEY = "master.key"
"""The file in the home that holds the master key where none is set."""


def sealer_of(settings: Settings) -> Sealer:
    """Return what seals and opens stored secrets.

    Raises InvalidRequest where no key is set beside a database server, or a bad one; Conflict where the kept one is
    readable by others; ExtraNotInstalled.
    """
    if not settings.master_keys and settings.database_url is not None:
        raise InvalidRequest(
            "PYNOMALY_MASTER_KEYS is not set: servers that share a database have to share the key that seals secrets; "
            "make one with: pynomaly admin new-master-key"
        )
    return _read(settings.master_keys, settings.home)


def new_master_key() -> str:
    """Return a new master key as it is written in settings. Raises ExtraNotInstalled."""
    return _master_keys().new()


@cache
def _read(texts: tuple[str, ...], home: Path) -> Sealer:
    keys = _master_keys()
    if texts:
        return keys.read(texts, origin="PYNOMALY_MASTER_KEYS")
    path = home / MASTER_KEY
    damaged = "restore it from a backup: without it no stored secret can be opened"
    return keys.read([kept_key(path, keys.new, if_damaged=damaged)], origin=str(path))


def _master_keys() -> "type[MasterKeys]":
    try:
        from pynomaly.infrastructure.encryption.master_keys import MasterKeys
    except ImportError:
        raise ExtraNotInstalled("secrets need: pip install 'pynomaly-platform[server]'") from None
    return MasterKeys
