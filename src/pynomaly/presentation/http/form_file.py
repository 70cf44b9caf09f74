"""The one file of a form that a browser sent without a script: read piece by piece, never held in memory."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.http.refusals import MalformedRequest

MULTIPART = "multipart/form-data"
MOST_FIELD_BYTES = 4096
MOST_PARTS = 16


@dataclass(slots=True)
class FormFile:
    """A file on its way in. name: what its owner calls it, known once the first piece came.

    before_file: called with the fields that stood before the file, when it begins; what it raises ends the reading.
    """

    before_file: Callable[[dict[str, str]], None]
    name: str = ""
    _fields: dict[str, str] = field(default_factory=dict)
    _found: bytearray = field(default_factory=bytearray)
    _header: tuple[bytes, bytes] = (b"", b"")
    _disposition: bytes = b""
    _field: str | None = None  # the field at hand, None while it is the file
    _value: bytearray = field(default_factory=bytearray)
    _n_parts: int = 0
    _n_files: int = 0
    _is_complete: bool = False

    async def pieces(self, request: Request) -> AsyncIterator[bytes]:
        """Yield the file's bytes. Raises MalformedRequest, InvalidRequest where there is no file or a second one."""
        parser = MultipartParser(_boundary(request), self._callbacks())  # type: ignore[arg-type]
        try:
            async for chunk in request.stream():
                parser.write(chunk)
                if self._found:
                    yield bytes(self._found)
                    self._found.clear()
        except FormParserError:
            raise MalformedRequest("the form is not written as forms with files are") from None
        if not self._is_complete:
            raise MalformedRequest("the form ended before it was complete")
        if not self._n_files:
            raise InvalidRequest("no file was chosen: choose one, then send the form")

    def _callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._add_header_name,
            "on_header_value": self._add_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_content,
            "on_part_data": self._add_content,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._n_parts += 1
        self._disposition, self._field = b"", None
        self._value.clear()
        if self._n_parts > MOST_PARTS:
            raise MalformedRequest("the form has too many fields")

    def _add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _end_header(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = (b"", b"")

    def _begin_content(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"filename" not in options:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")
            return
        self.before_file(self._fields)
        if not options[b"filename"]:  # browsers send an empty part where nothing was chosen
            raise InvalidRequest("no file was chosen: choose one, then send the form")
        self._n_files += 1
        if self._n_files > 1:
            raise InvalidRequest("one file at a time: choose one, then the next")
        self.name = options[b"filename"].decode("utf-8", "replace")

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._found += data[start:end]
            return
        self._value += data[start:end]
        if len(self._value) > MOST_FIELD_BYTES:
            raise MalformedRequest("a field of the form is too long")

    def _end_part(self) -> None:
        if self._field is not None:
            self._fields[self._field] = self._value.decode("utf-8", "replace")

    def _end(self) -> None:
        self._is_complete = True


def _boundary(request: Request) -> bytes:
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise MalformedRequest("the form does not say how its parts are told apart")
    return boundary
