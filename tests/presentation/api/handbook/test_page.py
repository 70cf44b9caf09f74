"""The page is whole, leads nowhere else, and lets nothing in that the document says."""

import copy
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.api.handbook.operations import handbook_of
from pynomaly.presentation.api.handbook.page import page_of

VOID = {"meta", "link", "wbr"}


class Read(HTMLParser):
    """A page as a browser takes it: its elements, its links, and whether all that was opened was closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.links, self.ids, self.text, self.attributes = [], set(), [], [], "", set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.attributes |= given.keys()
        self.links += [given["href"]] if "href" in given else []
        self.ids += [given["id"]] if "id" in given else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def document():
    return create_app(SimpleNamespace(), version="1.2.3").openapi()


def read(document):
    return Read(page_of(handbook_of(document), document="/api/openapi.json", style="/style.css"))


def test_every_operation_and_object_has_its_place_and_every_link_leads_to_one(document):
    page = read(document)
    names = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    assert names <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert {link for link in page.links if link.removeprefix("#") not in page.ids} == {
        "/api/openapi.json",
        "/style.css",
    }
    assert page.open == []


def test_nothing_in_it_runs_or_carries_a_style(document):
    page = read(document)
    assert page.tags.isdisjoint({"script", "style", "iframe", "img", "form", "object"})
    assert not any(name == "style" or name.startswith("on") for name in page.attributes)


def test_what_the_document_says_is_text_whatever_it_looks_like(document):
    hostile = copy.deepcopy(document)
    attack = '<script>alert("1")</script> `<b>`'
    operation = hostile["paths"]["/api/v1/datasets"]["post"]
    operation["description"] = attack
    operation["parameters"][0]["description"] = attack
    hostile["info"]["title"] = attack
    hostile["components"]["schemas"]["DatasetAnswer"]["description"] = attack
    page = read(hostile)
    assert "script" not in page.tags
    assert page.text.count('<script>alert("1")</script> <b>') == 3
