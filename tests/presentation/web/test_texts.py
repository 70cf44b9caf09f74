"""Words of the pages: all of them in one catalogue, as translators find it."""

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

import pynomaly.presentation.web as web
from tests.presentation.web.catalogue import CATALOGUE, gathered

TEMPLATES = sorted((Path(web.__path__[0]) / "templates").rglob("*.html"))
CODE = re.compile(
    r"\{% block kept %\}.*?\{% endblock %\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|"
    r"<script.*?</script>|<[^>]*>",
    re.S,
)
NAMES = {"Pynomaly", "p", "curl", "Python", "CSV", "Parquet", "Arrow", "v"}
SAID_BY_ATTRIBUTE = re.compile(
    r'\b(?:title|aria-label|placeholder|alt|data-label|data-confirm)="([^"{]*[A-Za-z]{3}[^"{]*)"'
)


def test_the_catalogue_holds_what_the_pages_say() -> None:
    """`make texts` writes it."""
    assert CATALOGUE.read_text("utf-8") == gathered()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_stands_outside_the_catalogue(template) -> None:
    text = template.read_text("utf-8")
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", CODE.sub(" ", text)))
    assert [word for word in words if word not in NAMES] == []
    assert [said for said in SAID_BY_ATTRIBUTE.findall(text) if said not in NAMES] == []


def test_a_translation_takes_the_place_of_english(tmp_path) -> None:
    catalogue = read_po(io.StringIO(gathered()), locale="de")
    message = catalogue.get("Sign in")
    assert message is not None
    message.string = "Anmelden"
    place = tmp_path / "de" / "LC_MESSAGES" / "web.mo"
    place.parent.mkdir(parents=True)
    with place.open("wb") as sink:
        write_mo(sink, catalogue)
    translations = gettext.translation("web", tmp_path, languages=["de"])
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.install_gettext_translations(translations, newstyle=True)
    assert environment.from_string('{{ _("Sign in") }}').render() == "Anmelden"
