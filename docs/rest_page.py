"""The page of the REST API: every operation, written from the same handbook as the server's own page."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.api.handbook.operations import (
    Answer,
    Content,
    Handbook,
    Model,
    Operation,
    Problem,
    Value,
    handbook_of,
)
from pynomaly.presentation.api.handbook.routes import PAGE
from pynomaly.presentation.api.handbook.wording import Named, Words

NO_PROGRAM: Any = SimpleNamespace()  # nothing is asked of it


def handbook() -> Handbook:
    """Return what the program's own document says."""
    return handbook_of(create_app(NO_PROGRAM, version="0").openapi())


def rest_page() -> Iterator[str]:
    """Yield the lines of the page."""
    book = handbook()
    yield from ("# REST API", "")
    yield from _opening(book)
    for resource in book.resources:
        yield from ("", f"## {resource.name.replace('-', ' ').capitalize()}")
        for operation in resource.operations:
            yield from _operation(operation)
    yield from ("", "## Objects", "", "What bodies and answers hold. Fields marked with an asterisk are always there.")
    for model in book.models:
        yield from _model(model)


def _opening(book: Handbook) -> Iterator[str]:
    yield (
        "`GET /api/openapi.json` is the OpenAPI 3.1 document, from which clients are made; a server tells the same in "
        f"words at `{PAGE}`. Requests carry `Authorization: Bearer …`: the `access_token` of a "
        "[session](#post-apiv1sessions), or an API key. Errors are [problem documents](problems.md)."
    )
    yield ""
    yield (
        "Lists come in pages: `items`, and a `next_cursor` for the next page, `null` on the last. Parameters with an "
        "asterisk are required."
    )
    yield ""
    yield (
        f"Every operation may answer {_listed(book.common_problems)}; those that need a permission also "
        f"{_listed(book.guarded_problems)}. These are not repeated below."
    )
    yield from ("", "## Who may", "", "| permission | " + " | ".join(Role) + " |", "|---|" + "---|" * len(Role))
    for permission in Permission:
        marks = (" yes " if permission in ROLE_PERMISSIONS[role] else " " for role in Role)
        yield f"| `{permission}` |" + "|".join(marks) + "|"


def _operation(one: Operation) -> Iterator[str]:
    yield from ("", f"### {one.method} {one.path}", "")
    for text in (one.summary, *one.details, _who(one)):
        yield from (text, "")
    if one.parameters:
        yield from ("| parameter | in | value | |", "|---|---|---|---|")
        for value in one.parameters:
            yield f"| {_name(value)} | {value.place} | {_cell(_words(value.words))} | {_cell(value.description)} |"
        yield ""
    if one.bodies:
        yield from (f"*Body*: {_contents(one.bodies)} {one.body}".rstrip(), "")
    yield from ("*Answers*:", "", *map(_answer, one.answers))
    if one.problems:
        yield f"- {_listed(one.problems)}"
    yield from ("", "```bash", one.example.as_curl(), "```")


def _who(one: Operation) -> str:
    return f"Needs `{one.permission}`, which every {one.role} has." if one.permission else "For everybody."


def _answer(one: Answer) -> str:
    headers = f"With {', '.join(f'`{name}`' for name in one.headers)}." if one.headers else ""
    said = " ".join(filter(None, (_contents(one.contents), one.description, headers)))
    return f"- **{one.status}** {said or 'Without a body.'}"


def _model(one: Model) -> Iterator[str]:
    yield from ("", f"### {one.name}", "", f"{one.description} {_words(one.words)}".strip())
    if one.fields:
        yield from ("", "| field | value | |", "|---|---|---|")
        for value in one.fields:
            yield f"| {_name(value)} | {_cell(_words(value.words))} | {_cell(value.description)} |"


def _name(value: Value) -> str:
    return f"`{value.name}`" + r"\*" * value.is_required


def _contents(contents: Iterable[Content]) -> str:
    told = ", or ".join(f"{_words(one.words)} as `{one.media_type}`" for one in contents)
    return told + "." * bool(told)


def _listed(problems: Iterable[Problem]) -> str:
    return "; ".join(
        f"{status} " + ", ".join(f"[{one.slug}](problems.md#{one.slug})" for one in same)
        for status, same in groupby(problems, lambda one: one.status)
    )


def _words(words: Words) -> str:
    return "".join(f"[{part.name}](#{part.name.lower()})" if isinstance(part, Named) else part for part in words)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
