"""ETag and If-Match: changes that build on what their author last saw."""

import re
from typing import Annotated, Protocol, TypeAlias

from fastapi import Header

from pynomaly.presentation.http.bounds import EntityTag
from pynomaly.presentation.http.refusals import PreconditionFailed, PreconditionRequired

IfMatch: TypeAlias = Annotated[
    EntityTag | None,
    Header(alias="If-Match", description="The `ETag` of the object as you last read it. Without it: 428."),
]
IfNoneMatch: TypeAlias = Annotated[
    EntityTag | None,
    Header(alias="If-None-Match", description="An `ETag` you have already; if it still holds, the answer is 304."),
]
_TAG = re.compile(r'"[!#-~]*"')
_STRONG_TAG = re.compile(r'(?<!W/)"[!#-~]*"')  # RFC 9110, section 13.1.1: a weak tag does not guard a change


class Editable(Protocol):
    """Something with an id whose changes are counted."""

    @property
    def id(self) -> str:
        """What it is found by."""
        ...

    @property
    def revision(self) -> int:
        """How many changes there were."""
        ...


def entity_tag(subject: Editable) -> str:
    """Return the strong entity tag of an object as it is now."""
    return f'"{subject.id[:32]}.{subject.revision}"'


def require_match(subject: Editable, if_match: str | None) -> int:
    """Return the revision the caller builds on. Raises PreconditionRequired, PreconditionFailed."""
    if if_match is None:
        raise PreconditionRequired
    if if_match.strip() != "*" and entity_tag(subject) not in _STRONG_TAG.findall(if_match):
        raise PreconditionFailed
    return subject.revision


def is_known(subject: Editable, if_none_match: str | None) -> bool:
    """Whether the caller has the object as it is now."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or entity_tag(subject) in _TAG.findall(if_none_match)
