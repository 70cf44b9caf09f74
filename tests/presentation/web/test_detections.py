"""Detections: listed, paged through, narrowed, taken along."""

import pytest

from pynomaly.domain.access import Role


@pytest.fixture
def here(installation):
    return f"/detections/{installation.here.things.detection}"


def test_the_strangest_rows_come_first_with_their_reasons(browse, here):
    page = browse(Role.VIEWER).shown(here)
    assert "stand out" in page
    assert "× the usual" in page
    assert page.index("A-00099") > 0


def test_all_rows_are_paged_through_without_repeating_one(browse, here):
    viewer, seen, address = browse(Role.VIEWER), [], f"{here}?all=yes"
    while address:
        page = viewer.shown(address)
        seen += [part.partition('"')[0] for part in page.split(f'href="{here}/rows/')[1:] if ">A-" in part[:40]]
        found = page.partition('rel="next"')[1]
        address = page[: page.index(found)].rpartition('href="')[2].partition('"')[0] if found else ""
        address = address.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 300


def test_a_part_of_the_page_is_its_table_alone(browse, here):
    part = browse(Role.VIEWER).get(f"{here}?severity=90", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'id="ranked"' in part.text


@pytest.mark.parametrize("format", ["csv", "parquet", "jsonl", "arrow"])
def test_a_result_is_taken_along_in_each_format(browse, here, installation, format):
    answer = browse(Role.VIEWER).get(f"{here}/download?format={format}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'.{format}"')
    assert len(answer.content) > 1000
    assert not [*(installation.shared.settings.home / "incoming").glob(f"*.{format}")]


def test_places_of_another_list_are_refused(browse, here):
    assert browse(Role.VIEWER).get(f"{here}?cursor=AAAA").status_code == 422


def test_what_belongs_elsewhere_is_not_found(browse, installation):
    other = installation.elsewhere.things.detection
    for address in (f"/detections/{other}", f"/detections/{other}/download"):
        assert browse(Role.ADMIN).get(address).status_code == 404
