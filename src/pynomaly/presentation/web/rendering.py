"""Pages and parts of them, from templates: everything escaped, nothing undefined, figures as everywhere else."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2_fragments import render_block
from markupsafe import Markup
from starlette.responses import HTMLResponse

from pynomaly.domain.severity import band_of
from pynomaly.presentation.web.commands import COMMANDS, KEYS
from pynomaly.presentation.web.cookies import keys_of
from pynomaly.presentation.web.texts import TRANSLATIONS, _
from pynomaly.presentation.words import figures
from pynomaly.presentation.words.cell_text import shown
from pynomaly.presentation.words.durations import duration_figure

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers hide the origin of our own forms
    "Vary": "HX-Request, Cookie",
}
"""On every page. What belongs to somebody is stored by nobody: `Cache-Control: no-store` comes from the edge."""


@cache
def templates() -> Environment:
    """Return the environment that templates are rendered in."""
    environment = Environment(
        loader=PackageLoader("pynomaly.presentation.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_translations(TRANSLATIONS, newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    return environment


def as_page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """Return a whole page."""
    return HTMLResponse(templates().get_template(template).render(context), status, HEADERS)


def as_part(template: str, block: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """Return one block of a page, to be put in place of what the reader has."""
    return HTMLResponse(part_text(template, block, context), status, HEADERS)


def part_text(template: str, block: str, context: Mapping[str, Any]) -> str:
    """Return the text of one block of a page; it knows what the page imports at its top."""
    page = templates().get_template(template)
    known = page.new_context(dict(context))
    next(page.root_render_func(known), "")  # runs the imports, which stand before the first sign of a page
    return str(render_block(templates(), template, block, known.get_all()))


def moment(value: datetime | None) -> Markup | str:
    """Return a moment in UTC, which a script writes in the reader's time zone."""
    if value is None:
        return _("not available")
    return Markup('<time datetime="{}">{}</time>').format(f"{value:%Y-%m-%dT%H:%M:%SZ}", f"{value:%Y-%m-%d %H:%M} UTC")


def as_data(value: object) -> Markup:
    """Return a value as JSON that may stand inside a data block of a page."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # every sign that could end the block is written as its number


def spaced(name: str) -> str:
    """Return the name of a type as words.

    >>> spaced("ApiKeyRevoked")
    'Api key revoked'
    """
    return re.sub(r"(?<=[a-z])[A-Z]", lambda found: f" {found[0].lower()}", name)


def as_query(values: Mapping[str, str]) -> str:
    """Return values as the query of an address, those left out that are empty.

    >>> as_query({"status": "failed", "channel": ""}), as_query({"status": ""})
    ('?status=failed', '')
    """
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


FILTERS = {
    "cell": shown,
    "count": figures.count,
    "data": as_data,
    "duration": duration_figure,
    "figure": figures.short_figure,
    "moment": moment,
    "query": as_query,
    "score": figures.score_figure,
    "severity": figures.severity_figure,
    "severity_band": band_of,
    "spaced": spaced,
    "share": figures.share_figure,
}

GLOBALS = {"keys_of": keys_of, "key_list": KEYS, "key_commands": [one for one in COMMANDS if one.keys]}
