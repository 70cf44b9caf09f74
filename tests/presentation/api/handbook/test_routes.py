import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pynomaly.presentation.api.handbook.routes import PAGE, STYLE


def test_everybody_may_read_the_page_which_may_load_its_style_and_nothing_else(installation):
    answer = installation.client.get(PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers.get_list("content-security-policy") == [
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert re.findall('<link[^>]*href="([^"]+)"', answer.text) == [STYLE]


def test_the_style_asks_for_nothing_more(installation):
    answer = installation.client.get(STYLE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "url(" not in answer.text
    assert "@import" not in answer.text


@pytest.mark.parametrize("address", [PAGE, STYLE])
def test_it_is_for_reading_only(installation, address):
    answer = installation.client.post(address)
    assert answer.status_code == 405
    assert {one.strip() for one in answer.headers["allow"].split(",")} == {"GET", "HEAD"}


def test_the_page_holds_nothing_of_any_workspace(installation):
    assert installation.here.furniture.word not in installation.client.get(PAGE).text


def test_every_file_beside_the_code_is_part_of_the_package():
    root = Path(__file__).parents[4]
    listed = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["pynomaly"]
    package = root / "src/pynomaly"
    beside = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyi", ".pyc", ".so", ".pyd"}
    }
    assert {name for name in beside if not any(fnmatch(name, pattern) for pattern in listed)} == set()
