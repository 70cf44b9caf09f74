"""Built files: found by the name of their build alone, packed where browsers take it so."""

import gzip

import pytest
from starlette.requests import Request

from pynomaly.domain.errors import NotFound, Unavailable
from pynomaly.presentation.web.assets import FOR_GOOD, Assets


@pytest.fixture
def assets(tmp_path):
    text = b"body { color: black }" * 20
    (tmp_path / "style.css").write_bytes(text)
    (tmp_path / "style.css.gz").write_bytes(gzip.compress(text))
    (tmp_path / "secret.txt").write_text("not among the files of the build")
    (tmp_path / "icon.png").write_bytes(b"\x89PNG")
    return Assets(tmp_path, "abc123", frozenset({"style.css", "icon.png"}))


def asking(encoding=""):
    return Request({"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", encoding.encode())]})


def test_a_file_is_kept_for_good_under_the_name_of_its_build(assets):
    answer = assets.answer("abc123", "style.css", asking())
    assert answer.body == (assets.folder / "style.css").read_bytes()
    assert answer.headers["cache-control"] == FOR_GOOD
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert assets.url("style.css") == "/assets/abc123/style.css"


def test_a_browser_that_can_unpack_gets_it_packed(assets):
    answer = assets.answer("abc123", "style.css", asking("br, gzip"))
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == (assets.folder / "style.css").read_bytes()
    assert answer.headers["vary"] == "Accept-Encoding"


def test_what_is_not_packed_comes_as_it_is(assets):
    answer = assets.answer("abc123", "icon.png", asking("gzip"))
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("build", "name"),
    [
        ("older", "style.css"),
        ("abc123", "secret.txt"),
        ("abc123", "style.css.gz"),
        ("abc123", "../style.css"),
        ("abc123", "/etc/passwd"),
        ("abc123", ""),
    ],
)
def test_another_build_or_a_file_that_is_not_of_it_is_not_there(assets, build, name):
    with pytest.raises(NotFound):
        assets.answer(build, name, asking())


def test_a_page_cannot_name_a_file_that_was_not_built(assets):
    with pytest.raises(NotFound):
        assets.url("scripts/missing.js")


def test_where_nothing_was_built_the_reason_says_what_to_run(tmp_path):
    with pytest.raises(Unavailable, match="make assets"):
        Assets(tmp_path, "none", frozenset()).text("style.css")


def test_files_are_for_everybody_and_an_unknown_build_says_to_load_anew(browse):
    answer = browse(None).get("/assets/older/style.css")
    assert answer.status_code == 404
    assert "load the page anew" in answer.text
