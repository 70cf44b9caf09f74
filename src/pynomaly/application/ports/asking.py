"""On whose behalf a workspace acts, and which promise its transactions must keep."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pynomaly.domain.identifiers import LOCAL_TENANT, JobId, TenantId


@dataclass(frozen=True, slots=True)
class JobClaim:
    """A job taken from the queue; the attempt number is the fencing token."""

    job_id: JobId
    attempt: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it went over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A request that must have one effect however often it arrives: whose it is, what it calls, the client's key."""

    principal: str
    route: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """A request key reserved for one attempt at answering it.

    token: names the attempt.  reply_to: turns what the work came to into the answer, which is stored with it.
    """

    key: RequestKey
    token: str
    reply_to: Callable[[object], Reply]


Claim: TypeAlias = JobClaim | KeyClaim
"""A lease on some work: every transaction checks it first, and records what the work came to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, in which workspace.

    actor: as the audit log names it.  request_id: of the request, or the job.
    """

    tenant_id: TenantId
    actor: str
    request_id: str = ""
    claim: Claim | None = None


BY_LOCAL_USER = Asked(LOCAL_TENANT, "local")
"""The person at this machine, without a server."""
