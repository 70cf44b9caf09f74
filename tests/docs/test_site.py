"""The site holds every page, finds its way among them, and asks nobody else for anything."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from walkthrough import ROOT

LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Parts(HTMLParser):
    """What a page loads, where it leads, and the places in it that can be led to."""

    def __init__(self, page):
        super().__init__()
        self.loaded, self.links, self.places, self.classes = [], [], set(), set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.classes |= set((given.get("class") or "").split())
        self.places |= {given.get("id"), given.get("name")} - {None}
        self.loaded += [value for name, value in attributes if (tag, name) in LOADED]
        self.links += [given["href"]] if tag == "a" and "href" in given else []


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    return folder


@pytest.fixture(scope="module")
def parts(site):
    return {page: Parts(page) for page in site.rglob("*.html") if page.name != "404.html"}


def test_every_page_is_in_the_site_and_in_its_navigation(site, parts):
    written = [page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")]
    pages = {site / page for page in (*written, Path("changelog.html"))}
    assert parts.keys() == pages
    start = site / "index.html"
    linked = {(start.parent / unquote(urlsplit(link).path)).resolve() for link in parts[start].links}
    assert pages <= {*linked, start}


def test_nothing_is_loaded_from_elsewhere(site, parts):
    assert {link for page in parts.values() for link in page.loaded if urlsplit(link).netloc} == set()
    styles = "".join(style.read_text(encoding="utf-8") for style in site.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import)[\s\"']*(?:https?:)?//", styles) == []
    assert [page for page, found in parts.items() if "mermaid" in found.classes] == []  # would be fetched to be drawn


def test_everything_that_is_loaded_is_there(parts):
    lost = [
        (page.name, link)
        for page, found in parts.items()
        for link in found.loaded
        if not link.startswith("data:") and not (page.parent / unquote(urlsplit(link).path)).exists()
    ]
    assert lost == []


def test_every_link_leads_to_a_place_that_exists(parts):
    lost = []
    for page, found in parts.items():
        for link in found.links:
            there = urlsplit(link)
            target = (page.parent / unquote(there.path)).resolve() if there.path else page
            if there.scheme or target.name == "":
                continue
            if target not in parts or (there.fragment and unquote(there.fragment) not in parts[target].places):
                lost.append((page.name, link))
    assert lost == []


def test_no_two_headings_of_a_page_have_one_name(parts):
    assert [
        (page.name, place)
        for page, found in parts.items()
        for place in found.places
        if re.search(r"^[^_].*_\d+$", place)
    ] == []


def test_blocks_that_are_files_show_their_name(site):
    guide = (site / "guides/first-anomalies.html").read_text(encoding="utf-8")
    assert '<span class="filename">orders.csv</span>' in guide
    assert "```" not in guide


def test_the_words_of_the_pages_can_be_searched(site):
    index = (site / "search/search_index.json").read_text(encoding="utf-8")
    assert "isolation_forest" in index
    assert "Decisions" in index
