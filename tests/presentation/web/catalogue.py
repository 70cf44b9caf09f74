"""Gathers every text of the pages into the catalogue that translators begin with: `make texts`."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import pynomaly.presentation.web as web

FOLDER = Path(web.__path__[0])
CATALOGUE = FOLDER / "locale" / "web.pot"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


def gathered() -> str:
    """Return the catalogue's text; the same for the same pages, whenever and wherever it is gathered."""
    catalogue = Catalog(project="Pynomaly", charset="utf-8")
    found = sorted(extract_from_dir(FOLDER, METHODS, OPTIONS), key=lambda one: (one[0], one[1]))
    for place, _line, message, _comments, context in found:
        catalogue.add(message, locations=[(place, None)], context=context)
    sink = io.BytesIO()
    write_po(sink, catalogue, width=118, omit_header=True, sort_output=False, include_lineno=False)
    return sink.getvalue().decode("utf-8")


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_text(gathered(), "utf-8")
