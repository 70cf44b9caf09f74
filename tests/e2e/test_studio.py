"""A line in a real browser: moved by hand, by keys and by numbers; everything follows, and flagging can be undone."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage
from tests.e2e.visits import PHONE


def opened(visit, stage: Stage, query: str = "", **options) -> Page:
    page = visit(at=stage.furnished, **options).go(f"/detections/{stage.ids['fresh_detection']}/studio{query}")
    page.wait_for_selector(".drawing canvas")
    return page


def test_a_range_moves_everything_that_speaks_of_the_line(visit, stage) -> None:
    page = opened(visit, stage)
    rows = page.locator("[data-line=rows] [type=range]")
    rows.focus()
    rows.press("End")
    expect(page.locator("[data-past]")).to_contain_text("5,000 of 5,000 rows lie past")
    expect(page.locator("[data-flag]")).to_have_text("Flag 5,000 rows")
    expect(page.locator("#line-rows")).to_have_value("5000")
    expect(page).to_have_url(re.compile(r"\?rows=5000$"))
    expect(page.locator("#changes")).to_have_attribute("data-asked", "rows=5000")
    rows.press("Home")
    expect(page.locator("[data-past]")).to_have_text("None of 5,000 rows is flagged.")
    expect(page.locator("[data-flag]")).to_have_text("Flag no row")
    expect(page.locator("#changes")).to_contain_text("no longer flagged")


def test_a_number_typed_moves_the_line_and_the_server_agrees(visit, stage) -> None:
    page = opened(visit, stage)
    page.fill("#line-rows", "25")
    expect(page.locator("[data-past]")).to_contain_text("25 of 5,000 rows lie past")
    expect(page.locator("#changes")).to_have_attribute("data-flagged", "25")
    expect(page.locator(".threshold > span")).to_contain_text("25 rows past it")
    page.reload()
    expect(page.locator("[data-past]")).to_contain_text("25 of 5,000 rows lie past")


def test_the_line_is_dragged(visit, stage) -> None:
    page = opened(visit, stage)
    before = page.locator("[data-past]").inner_text()
    box = page.locator(".threshold").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] - 200, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    expect(page.locator("[data-past]")).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"\?threshold=0\.\d+$"))
    now = page.locator(".threshold").bounding_box()
    assert now is not None
    assert abs(now["x"] - (box["x"] - 200)) < 4
    expect(page.locator("#changes strong").first).to_have_text("newly flagged")


def test_points_are_walked_and_read_by_keys(visit, stage) -> None:
    page = opened(visit, stage)
    said = page.locator(".chart .said")
    page.locator(".drawing").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator(".twin tbody tr").first
    low = first.locator("td").first.inner_text() if first.is_visible() else first.locator("td").first.text_content()
    expect(said).to_contain_text(str(low).strip())
    expect(said).to_contain_text("Rows:")
    page.keyboard.press("End")
    last = said.inner_text()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    expect(said).not_to_have_text(last)
    notable = page.locator(".twin tbody tr[data-notable] td").first.text_content()
    expect(said).to_contain_text(str(notable).strip())
    page.keyboard.press("Escape")
    expect(said).to_have_text("")


def test_the_table_says_what_the_chart_shows(visit, stage) -> None:
    page = opened(visit, stage)
    button = page.get_by_role("button", name="Show as table")
    button.click()
    expect(page.locator(".twin table")).to_be_visible()
    expect(page.locator(".drawing")).to_be_hidden()
    page.get_by_role("button", name="Show as chart").click()
    expect(page.locator(".drawing canvas")).to_be_visible()


def test_flagging_leads_to_a_detection_of_its_own_and_back(visit, stage) -> None:
    page = opened(visit, stage)
    page.fill("#line-rows", "12")
    expect(page.locator("[data-flag]")).to_have_text("Flag 12 rows")
    page.click("[data-flag]")
    expect(page.locator("h1")).to_contain_text("12 of 5,000 rows")
    expect(page.locator(".notice")).to_contain_text("12 rows are flagged now.")
    page.get_by_role("link", name="Undo: back to the former decision").click()
    expect(page).to_have_url(re.compile(stage.ids["fresh_detection"]))


def test_without_script_the_same_line_is_asked_for_by_a_form(visit, stage) -> None:
    somebody = visit(at=stage.furnished, java_script_enabled=False)
    page = somebody.go(f"/detections/{stage.ids['fresh_detection']}/studio")
    page.fill("#line-rows", "9")
    page.locator("[data-line=rows] button").click()
    expect(page).to_have_url(re.compile(r"\?rows=9$"))
    expect(page.locator("[data-past]")).to_contain_text("9 of 5,000 rows lie past")
    expect(page.locator(".twin table")).to_be_visible()
    page.click("[data-flag]")
    expect(page.locator("h1")).to_contain_text("9 of 5,000 rows")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds; pages of a strict policy cannot be asked to wait by themselves."""
    give_up_at = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < give_up_at
        page.wait_for_timeout(50)


def test_a_chart_follows_the_theme_and_the_width(visit, stage) -> None:
    somebody = visit(at=stage.furnished)
    somebody.watch.forgive("willReadFrequently")  # the picture is read below, which pages never do
    page = somebody.go(f"/detections/{stage.ids['fresh_detection']}/studio")
    page.wait_for_selector(".drawing canvas")
    picture = "document.querySelector('.drawing canvas').toDataURL()"
    light = page.evaluate(picture)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    until(page, lambda: bool(page.evaluate(picture) != light))
    page.set_viewport_size(PHONE)
    width = "document.querySelector('.drawing canvas').clientWidth - document.querySelector('.drawing').clientWidth"
    until(page, lambda: bool(page.evaluate(width) == 0))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_curves_and_comparisons_are_drawn(visit, stage) -> None:
    somebody = visit(at=stage.furnished)
    page = somebody.go(f"/detections/{stage.ids['other_detection']}/evaluation")
    expect(page.locator(".drawing canvas")).to_have_count(3)
    page.locator(".drawing").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".said").first).to_contain_text("Normal rows flagged:")
    page = somebody.go(f"/detections/{stage.ids['fresh_detection']}/compare")
    page.select_option("[name=other]", stage.ids["rival_detection"])
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("h1")).to_contain_text("They disagree about")
    expect(page.locator(".drawing canvas")).to_be_visible()
