"""Routes that read their requests strictly: known parameters, one media type, bounded bodies, one reading of JSON."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from email.message import Message
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from pynomaly.domain.errors import did_you_mean
from pynomaly.presentation.api.access import guard_of
from pynomaly.presentation.api.strict_json import Json, decode_json
from pynomaly.presentation.http.body_cap import declared_length
from pynomaly.presentation.http.bounds import BOUNDS, Bounds
from pynomaly.presentation.http.refusals import (
    Fault,
    PayloadTooLarge,
    RequestTimeout,
    UnknownParameter,
    UnsupportedMediaType,
)


class StrictRequest(Request):
    """A request whose body is read within bounds of size and time, and understood in one way."""

    bounds: Bounds = BOUNDS

    async def body(self) -> bytes:
        """Return the body. Raises PayloadTooLarge, RequestTimeout, or ClientDisconnect."""
        if not hasattr(self, "_body"):
            try:
                async with asyncio.timeout(self.bounds.json_seconds):
                    self._body = await self._capped()
            except TimeoutError:
                raise RequestTimeout from None
        return self._body

    async def json(self) -> Json:
        """Return what the body says. Raises as `body` does, and MalformedRequest for what is not strict JSON."""
        if not hasattr(self, "_json"):
            self._json = decode_json(await self.body())
        document: Json = self._json
        return document

    async def _capped(self) -> bytes:
        limit = self.bounds.json_bytes
        if declared_length(self.scope) > limit:
            raise PayloadTooLarge(f"a JSON body has at most {limit} bytes")
        chunks, n_bytes = [], 0
        async for chunk in self.stream():
            n_bytes += len(chunk)
            if n_bytes > limit:
                raise PayloadTooLarge(f"a JSON body has at most {limit} bytes")
            chunks.append(chunk)
        return b"".join(chunks)


class StrictRoute(APIRoute):
    """A route for `APIRouter(route_class=StrictRoute)`.

    Query parameters that no signature declares, or that are repeated without being lists, are refused; so is a body
    of another media type than the declared one. Routes without a JSON body read their requests themselves. Whoever is
    not let in learns no more than that.
    """

    bounds: ClassVar[Bounds] = BOUNDS

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, which looks at the request before anything else does, and first at who makes it."""
        answer = super().get_route_handler()
        guard = guard_of(self)
        parameters = dict(_query_parameters(self.dependant))
        media_type = _json_media_type(self)

        async def strictly(request: Request) -> Response:
            if guard is not None:
                await guard.admit(request)  # nobody's body is read
            if request.scope["query_string"]:
                require_known_parameters(request.scope["query_string"], parameters)
            if media_type is None:
                return await answer(request)
            strict = StrictRequest(request.scope, request.receive, request._send)
            strict.bounds = self.bounds
            await read_json(strict, media_type)
            return await answer(strict)

        return strictly


async def read_json(request: StrictRequest, media_type: str = "application/json") -> None:
    """Read a body, so that it is there already when the framework asks for it. Raises RequestRefused."""
    given = request.headers.get("content-type")
    if given is not None:
        require_media_type(given, media_type)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("compressed bodies are not taken here; send it as it is")
    if await request.body():
        if given is None:
            raise UnsupportedMediaType(f"say what the body is: Content-Type: {media_type}")
        await request.json()


def require_known_parameters(query_string: bytes, parameters: dict[str, bool]) -> None:
    """Check a query against parameters by name, each with whether it may be repeated. Raises UnknownParameter."""
    seen = set()
    for name, _ in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
        if name not in parameters:
            hint = did_you_mean(name[:100], parameters)
            raise UnknownParameter(faults=[Fault("query", f"/{name}", f"is not a parameter of this address{hint}")])
        if name in seen and not parameters[name]:
            raise UnknownParameter(faults=[Fault("query", f"/{name}", "is given more than once")])
        seen.add(name)


def require_media_type(given: str, wanted: str) -> None:
    """Check the Content-Type of a body of text. Raises UnsupportedMediaType."""
    if given == wanted:
        return
    header = Message()
    header["content-type"] = given
    if header.get_content_type() != wanted or str(header.get_param("charset", "utf-8")).lower() != "utf-8":
        raise UnsupportedMediaType(f"send {wanted} in UTF-8")


def _json_media_type(route: APIRoute) -> str | None:
    field = route.body_field
    if field is None or not isinstance(field.field_info, params.Body) or isinstance(field.field_info, params.Form):
        return None
    return field.field_info.media_type


def _query_parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yield the query parameters of a route and of all it depends on: the name, and whether it is a list."""
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, part in annotation.model_fields.items():
                yield part.alias or name, _is_list(part.annotation)
        else:
            yield field.alias, _is_list(annotation)
    for one in dependant.dependencies:
        yield from _query_parameters(one)


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_list(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return any(_is_list(part) for part in get_args(annotation))
    return (origin or annotation) in (list, set, frozenset, tuple)
