"""Answers as bytes: one way to write JSON, the same for a first answer and its repetition."""

from collections.abc import Mapping

from pydantic import BaseModel
from starlette.responses import Response

from pynomaly.application.ports.asking import Reply
from pynomaly.presentation.api.revisions import Editable, entity_tag
from pynomaly.presentation.http.route_names import PREFIX

JSON = "application/json"


def json_reply(content: BaseModel, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Reply:
    """Return content as a JSON answer."""
    named = {"Content-Type": JSON, **(headers or {})}
    return Reply(status, tuple(named.items()), content.model_dump_json().encode())


def created(content: BaseModel, location: str, subject: Editable | None = None) -> Reply:
    """Return the answer to a request that made something, with its place, and its entity tag where it can be edited."""
    return json_reply(content, 201, headers={"Location": PREFIX + location} | _tag(subject))


def edited(content: BaseModel, subject: Editable) -> Reply:
    """Return an object after a change, with its new entity tag."""
    return json_reply(content, headers=_tag(subject))


def gone() -> Reply:
    """Return the answer to a deletion."""
    return Reply(204, (), b"")


def shown(content: BaseModel, subject: Editable | None = None) -> Response:
    """Return the answer to a question, with the entity tag of what can be edited."""
    return Response(content.model_dump_json().encode(), 200, _tag(subject), JSON)


def unchanged(subject: Editable) -> Response:
    """Say that the caller has the object as it is now."""
    return Response(None, 304, _tag(subject))


def _tag(subject: Editable | None) -> dict[str, str]:
    return {} if subject is None else {"ETag": entity_tag(subject)}
