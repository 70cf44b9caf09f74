"""What a form says, read within bounds, after seeing that it was sent from a page of ours."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import anyio
from fastapi import Depends, Request

from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.refusals import (
    MalformedRequest,
    PayloadTooLarge,
    RequestTimeout,
    UnsupportedMediaType,
)
from pynomaly.presentation.web.access import signed_in
from pynomaly.presentation.web.form_tokens import FIELD, HEADER, require_own_page

MOST_FIELDS = 2000  # a table may have a thousand columns with a role each
MOST_CHARACTERS = 20_000
FORM = "application/x-www-form-urlencoded"
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of a form, as they were entered."""

    texts: Mapping[str, Sequence[str]]

    def text(self, name: str, *, most: int = 200) -> str:
        """Return a field without spaces around it, empty where it is missing. Raises InvalidRequest where too long."""
        found = self.texts.get(name, [""])[-1].strip()
        if len(found) > most:
            raise InvalidRequest(f"'{name}' has {len(found):,} characters; at most {most:,} are taken")
        return found

    def needed(self, name: str, *, most: int = 200) -> str:
        """Return a field that has to be filled in. Raises InvalidRequest."""
        found = self.text(name, most=most)
        if not found:
            raise InvalidRequest(f"'{name.replace('_', ' ')}' is empty: fill it in")
        return found

    def raw(self, name: str, *, most: int = MOST_CHARACTERS) -> str:
        """Return a field with its spaces, as passwords are. Raises InvalidRequest where too long."""
        found = self.texts.get(name, [""])[-1]
        if len(found) > most:
            raise InvalidRequest(f"'{name}' is too long")
        return found

    def entered(self, name: str) -> str:
        """Return a field as it was entered, to be shown again where the form was refused."""
        return self.texts.get(name, [""])[-1][:MOST_CHARACTERS]

    def all(self, name: str) -> Sequence[str]:
        """Return every value of a field that may be there several times."""
        return self.texts.get(name, [])

    def is_set(self, name: str) -> bool:
        """Whether a box is ticked or a button of that name was pressed."""
        return name in self.texts

    def word(self, name: str, words: type[Word]) -> Word:
        """Return a field as one of a few words. Raises InvalidRequest."""
        given = self.text(name)
        if given not in list(words):
            raise InvalidRequest(f"'{name}' is one of {', '.join(words)}, not '{given[:40]}'")
        return words(given)

    def number(self, name: str) -> float | None:
        """Return a field as a number, None where it is empty. Raises InvalidRequest."""
        given = self.text(name)
        if not given:
            return None
        try:
            return float(given.replace(",", ""))
        except ValueError:
            raise InvalidRequest(f"'{name.replace('_', ' ')}' is a number, not '{given[:40]}'") from None

    def whole_number(self, name: str) -> int | None:
        """Return a field as a whole number, None where it is empty. Raises InvalidRequest."""
        found = self.number(name)
        if found is None:
            return None
        if not found.is_integer():
            raise InvalidRequest(f"'{name.replace('_', ' ')}' is a whole number, not {found:g}")
        return int(found)


async def open_form(request: Request) -> Fields:
    """Return a form that everybody may send. Raises Forbidden unless it comes from a page of ours."""
    require_own_page(request)
    return await _sent(request)


async def checked_form(request: Request) -> Fields:
    """Return a form of somebody who is signed in. Raises NotSignedIn, Forbidden."""
    require_own_page(request)
    visitor = await anyio.to_thread.run_sync(signed_in, request)
    fields = await _sent(request)
    visitor.program.form_tokens.check(visitor.principal, request.headers.get(HEADER) or fields.text(FIELD))
    return fields


async def _sent(request: Request) -> Fields:
    """Return what the body says. Raises UnsupportedMediaType, PayloadTooLarge, RequestTimeout, MalformedRequest."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if media_type not in ("", FORM):
        raise UnsupportedMediaType("this address takes forms; files are dropped on their own page")
    try:
        async with asyncio.timeout(BOUNDS.json_seconds):
            body = await _body(request)
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except TimeoutError:
        raise RequestTimeout from None
    except ValueError:
        raise MalformedRequest("the form is not written as forms are, or has too many fields") from None
    texts: dict[str, list[str]] = {}
    for name, value in pairs:
        texts.setdefault(name, []).append(value)
    return Fields(texts)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BOUNDS.json_bytes:
            raise PayloadTooLarge(f"a form has at most {BOUNDS.json_bytes:,} bytes")
    return bytes(body)


CHECKED = Depends(checked_form)
"""For forms that say nothing but that a button was pressed."""
Form: TypeAlias = Annotated[Fields, Depends(checked_form)]
OpenForm: TypeAlias = Annotated[Fields, Depends(open_form)]
