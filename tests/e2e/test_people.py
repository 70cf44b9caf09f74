"""Journeys: an admin makes a key, somebody changes how pages look and which keys work, everybody jumps anywhere."""

from playwright.sync_api import Page, expect

from pynomaly.domain.access import Role
from tests.e2e.house import PASSWORD

WIPED_MEANWHILE = """
IDBFactory.prototype.deleteDatabase = () => {
  const asked = { error: new DOMException("The connection was closed.", "AbortError") };
  queueMicrotask(() => asked.onerror());
  return asked;
};
"""
"""What Chromium does where the server's answer clears the storage of a page that is about to do the same."""
BETTER = "a better sentence than before"


def options(page: Page):
    return page.locator("#palette-list [role=option]:not([aria-disabled])")


def test_an_admin_makes_a_key_sees_it_once_and_revokes_it(visit) -> None:
    page = visit(Role.ADMIN).go("/admin/keys")
    page.get_by_role("link", name="Make the first key").click()
    page.get_by_label("Name", exact=True).fill("nightly")
    page.get_by_role("button", name="Make key and show it once").click()
    key = page.locator("#new-key").text_content()
    assert key.startswith("pyn_")
    page.get_by_role("link", name="I have it; back to the keys").click()
    assert key not in page.content()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Key nightly opens nothing any more")).to_be_visible()


def test_the_log_is_verified_where_one_is(visit) -> None:
    page = visit(Role.ADMIN).go("/admin/audit")
    page.get_by_role("button", name="Verify the log").click()
    expect(page.get_by_text("The log is whole")).to_be_visible()
    assert page.url.endswith("/admin/audit")


def test_somebody_changes_their_password_and_stays(visit, place) -> None:
    page = visit(Role.ANALYST).go("/account")
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(BETTER)
    page.get_by_label("New password again").fill(BETTER)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("The password is changed.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Maple Analyst")).to_be_visible()


def test_the_chosen_look_is_the_look_of_every_page(visit) -> None:
    page = visit(Role.VIEWER).go("/account")
    page.get_by_label("high contrast").check()
    page.get_by_role("button", name="Show pages so").click()
    page.goto(page.url.replace("/account", "/help"))
    assert page.locator("html").get_attribute("data-theme") == "contrast"


def test_the_search_is_worked_with_the_keyboard_alone(visit, place) -> None:
    place.workspace.create_detector(name="Fraud watch", algorithm="ecod", parameters={})
    page = visit(Role.VIEWER).go("/help")
    page.keyboard.press("Control+k")
    combobox = page.get_by_role("combobox", name="Search or jump")
    expect(combobox).to_be_focused()
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    combobox.fill("fraud")
    expect(options(page)).to_have_count(1)
    expect(options(page).first).to_contain_text("Fraud watch")
    expect(combobox).to_have_attribute("aria-activedescendant", options(page).first.get_attribute("id"))
    expect(page.locator("#palette-said")).to_have_text("1 fits")
    page.keyboard.press("Enter")
    page.wait_for_url("**/detectors/*")


def test_arrows_walk_the_options_around_and_escape_closes(visit) -> None:
    page = visit(Role.VIEWER).go("/help")
    page.get_by_role("link", name="Search or jump").click()
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_keys_jump_but_not_while_somebody_types(visit) -> None:
    page = visit(Role.VIEWER).go("/account")
    page.get_by_label("Password now").press_sequentially("g h?/")
    assert page.url.endswith("/account")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.locator("#content").focus()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/help")


def test_where_single_keys_are_off_they_do_nothing_and_the_search_still_opens(visit) -> None:
    page = visit(Role.VIEWER).go("/account")
    page.get_by_role("button", name="Turn single keys off").click()
    expect(page.get_by_text("Single keys do nothing in this browser any more")).to_be_visible()
    for key in ("?", "/", "g", "h"):
        page.keyboard.press(key)
    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(page.locator("#palette")).to_be_hidden()
    assert page.url.endswith("/account")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_without_script_the_search_is_a_page(visit) -> None:
    page = visit(Role.VIEWER, java_script_enabled=False).go("/help")
    page.get_by_role("link", name="Search or jump").click()
    page.get_by_label("What are you looking for?").fill("account")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", name="Maple Viewer")).to_be_visible()


def test_signing_out_everywhere_leaves_nobody_in(visit) -> None:
    page = visit(Role.VIEWER).go("/account")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url("**/sign-in?left=yes")
    page.goto(page.url.replace("/sign-in?left=yes", "/account"))
    assert "/sign-in" in page.url


def test_signing_out_while_the_browser_wipes_what_it_keeps_fails_nowhere(visit) -> None:
    somebody = visit(Role.VIEWER)
    somebody.context.add_init_script(WIPED_MEANWHILE)
    page = somebody.go("/account")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url("**/sign-in?left=yes")
