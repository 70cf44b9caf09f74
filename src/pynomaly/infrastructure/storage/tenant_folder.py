"""Where a workspace's files lie."""

import re
from pathlib import Path

from pynomaly.domain.identifiers import LOCAL_TENANT, TenantId

_ID = re.compile(r"[0-9a-f]{8,64}")


def tenant_folder(home: Path, tenant_id: TenantId) -> Path:
    """Return the folder of a workspace; the local one's is `home` itself. Raises ValueError for what is no id."""
    if tenant_id == LOCAL_TENANT:
        return home
    if not _ID.fullmatch(tenant_id):
        raise ValueError(f"{tenant_id!r} is no id of a workspace")
    return home / "tenants" / tenant_id
