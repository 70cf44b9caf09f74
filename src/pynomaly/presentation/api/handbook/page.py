"""The handbook as a page of HTML: no scripts, nothing from elsewhere, readable at any width."""

import re
from collections.abc import Collection, Iterable, Iterator
from html import escape
from itertools import groupby

from pynomaly.presentation.api.handbook.operations import (
    Answer,
    Content,
    Handbook,
    Model,
    Operation,
    Problem,
    Resource,
    Value,
)
from pynomaly.presentation.api.handbook.wording import Named, Words
from pynomaly.presentation.http.errors import TABLE
from pynomaly.presentation.http.problems import MEDIA_TYPE
from pynomaly.presentation.http.route_names import PREFIX

_CODE = re.compile("`([^`]+)`")


def page_of(book: Handbook, *, document: str, style: str) -> str:
    """Return the page. document, style: the addresses of the OpenAPI document and of the style sheet."""
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f"<title>{escape(book.title)} API</title>",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f'<link rel="stylesheet" href="{style}"></head><body>',
            '<a class="skip" href="#content">Skip to the content</a>',
            *_rail(book),
            '<main id="content">',
            *_opening(book, document),
            *(line for resource in book.resources for line in _resource(resource)),
            '<section><h2 id="objects">Objects</h2>',
            "<p>What bodies and answers hold. Fields marked with an asterisk are always there.</p>",
            *(line for model in book.models for line in _model(model)),
            '</section><section><h2 id="problems">Problems</h2>',
            *_problems(),
            "</section></main></body></html>",
        )
    )


def _rail(book: Handbook) -> Iterator[str]:
    yield f'<nav aria-label="Contents"><p><a href="#content">{escape(book.title)} API</a></p><ul>'
    for resource in book.resources:
        yield f'<li><a href="#about-{resource.name}">{escape(_title(resource))}</a><ul>'
        for one in resource.operations:
            yield f'<li><a href="#{one.name}"><b>{one.method}</b> {escape(_short(one))}</a></li>'
        yield "</ul></li>"
    yield '<li><a href="#objects">Objects</a></li><li><a href="#problems">Problems</a></li></ul></nav>'


def _opening(book: Handbook, document: str) -> Iterator[str]:
    yield f"<h1>{escape(book.title)} API</h1><p>{_marked(book.summary)} Version {escape(book.version)}.</p>"
    yield (
        f'<p>Clients are made from the <a href="{document}">OpenAPI document</a>, which this page tells in words. '
        "Requests carry <code>Authorization: Bearer …</code>: the <code>access_token</code> of "
        '<a href="#sign_in">a session</a>, or an API key. Errors are <a href="#problems">problem documents</a> '
        f"(<code>{MEDIA_TYPE}</code>).</p>"
        "<p>Lists come in pages: <code>items</code>, and a <code>next_cursor</code> for the next page, "
        "<code>null</code> on the last. Parameters with an asterisk are required.</p>"
    )
    yield f"<p>Every operation may answer {_listed(book.common_problems)}; "
    yield f"those that need a permission also {_listed(book.guarded_problems)}. These are not repeated below.</p>"


def _resource(resource: Resource) -> Iterator[str]:
    yield f'<section><h2 id="about-{resource.name}">{escape(_title(resource))}</h2>'
    for operation in resource.operations:
        yield from _operation(operation)
    yield "</section>"


def _operation(one: Operation) -> Iterator[str]:
    heading = f"<b>{one.method}</b> <code>{_path(one.path)}</code>"
    yield f'<article id="{one.name}"><h3><a href="#{one.name}">{heading}</a></h3>'
    yield from (f"<p>{_marked(text)}</p>" for text in (one.summary, *one.details))
    yield f"<p class=who>{_who(one)}</p>"
    if one.parameters:
        rows = [(_name(each), each.place, _words(each.words), _marked(each.description)) for each in one.parameters]
        yield from _table(("parameter", "in", "value", ""), rows)
    if one.bodies:
        yield f"<h4>Body</h4><p>{_contents(one.bodies)} {_marked(one.body)}</p>"
    yield "<h4>Answers</h4><dl>"
    yield from map(_answer, one.answers)
    if one.problems:
        yield f"<dt>else</dt><dd>{_listed(one.problems)}</dd>"
    yield f"</dl><pre tabindex=0 aria-label='Example'>{escape(one.example.as_curl())}</pre></article>"


def _answer(one: Answer) -> str:
    parts = [_contents(one.contents), _marked(one.description)]
    parts += [f"With {', '.join(f'<code>{name}</code>' for name in one.headers)}."] if one.headers else []
    return f"<dt>{one.status}</dt><dd>{' '.join(filter(None, parts)) or 'Without a body.'}</dd>"


def _model(one: Model) -> Iterator[str]:
    yield f'<article id="object-{one.name}"><h3><a href="#object-{one.name}">{escape(one.name)}</a></h3>'
    yield f"<p>{_marked(one.description)} {_words(one.words)}</p>"
    if one.fields:
        yield from _table(
            ("field", "value", ""),
            [(_name(each), _words(each.words), _marked(each.description)) for each in one.fields],
        )
    yield "</article>"


def _problems() -> Iterator[str]:
    yield "<p>A problem's <code>type</code> is <code>/problems/</code> and one of these names, which never change.</p>"
    rows = [
        (f'<code id="problem-{row.slug}">{row.slug}</code>', str(row.status), _marked(row.meaning), _marked(row.remedy))
        for row in TABLE
    ]
    yield from _table(("name", "status", "meaning", "what to do"), rows)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"<div class=wide tabindex=0><table><thead><tr>{_each('th', heads)}</tr></thead><tbody>"
    yield from (f"<tr>{_each('td', cells)}</tr>" for cells in rows)
    yield "</tbody></table></div>"


def _each(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def _who(one: Operation) -> str:
    if one.permission is None:
        return "For everybody."
    return f"Needs <code>{one.permission}</code>, which every {one.role} has."


def _listed(problems: Iterable[Problem]) -> str:
    return "; ".join(
        f"{status} " + ", ".join(f'<a href="#problem-{one.slug}">{one.slug}</a>' for one in same)
        for status, same in groupby(problems, lambda one: one.status)
    )


def _contents(contents: Collection[Content]) -> str:
    return ", or ".join(f"{_words(one.words)} as <code>{one.media_type}</code>" for one in contents) + "." * bool(
        contents
    )


def _name(value: Value) -> str:
    return f"<code>{escape(value.name)}</code>{'*' * value.is_required}"


def _words(words: Words) -> str:
    return "".join(map(_part, words))


def _part(part: str | Named) -> str:
    return f'<a href="#object-{part.name}">{escape(part.name)}</a>' if isinstance(part, Named) else _marked(part)


def _marked(text: str) -> str:
    """Return a text with backticks in HTML."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))


def _path(path: str) -> str:
    return escape(path).replace("/", "/<wbr>")


def _title(resource: Resource) -> str:
    return resource.name.replace("-", " ").capitalize()


def _short(one: Operation) -> str:
    return one.path.removeprefix(PREFIX) or "/"
