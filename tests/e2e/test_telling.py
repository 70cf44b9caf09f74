"""A journey: a channel is made and tried, a rule is looked at and kept, and what does not arrive is seen."""

from playwright.sync_api import expect

from pynomaly.domain.access import Role
from tests.e2e.telling import MAIL
from tests.e2e.visits import PHONE

REFUSED = "424"


def test_an_engineer_makes_a_channel_and_a_rule_for_it(visit) -> None:
    somebody = visit(Role.ENGINEER)
    somebody.watch.forgive(REFUSED)
    page = somebody.go("/channels")
    page.get_by_role("link", name="Make the first channel").click()
    page.get_by_role("link", name="Email").click()
    page.get_by_label("Name", exact=True).fill("duty")
    for name, text in MAIL.items():
        page.fill(f"[name='field.{name}']", text)
    page.get_by_role("button", name="Create channel").click()
    expect(page.get_by_role("status").filter(has_text="Nothing was sent yet")).to_be_visible()

    page.get_by_role("button", name="Send a test message").click()
    expect(page.get_by_text("The test message did not arrive")).to_be_visible()
    expect(page.get_by_role("button", name="Send a test message")).to_be_enabled()

    page.get_by_role("link", name="Make a rule for it").click()
    page.get_by_label("Name", exact=True).fill("severe")
    page.get_by_label("Least severity").fill("75")
    page.get_by_label("Least severity").blur()
    said = page.get_by_text("finds an anomaly of severity 75 (high) or more, tell duty.")
    expect(said).to_be_visible()
    page.get_by_role("button", name="Create rule").click()
    expect(page.get_by_role("row").filter(has_text="severe")).to_contain_text("tell duty.")


def test_nothing_is_deleted_where_the_question_is_answered_with_no(visit, place) -> None:
    channel = place.workspace.create_channel(name="duty", kind="email", settings=MAIL, secrets={})
    page = visit(Role.ENGINEER).go(f"/channels/{channel.id}")
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete channel").click()
    page.wait_for_load_state("networkidle")
    assert place.workspace.queries.channel("duty").id == channel.id


def test_without_script_a_rule_is_looked_at_and_kept_all_the_same(visit, place) -> None:
    place.workspace.create_channel(name="duty", kind="email", settings=MAIL, secrets={})
    page = visit(Role.ENGINEER, java_script_enabled=False, viewport=PHONE).go("/rules/new")
    page.get_by_label("Name", exact=True).fill("any")
    page.get_by_label("duty").check()
    page.get_by_role("button", name="See when it would have told").click()
    expect(page.get_by_text("When a detection by any detector finds an anomaly, tell duty.")).to_be_visible()
    page.get_by_role("button", name="Create rule").click()
    expect(page.get_by_text("Rule any tells of what happens from now on.")).to_be_visible()


def test_a_viewer_is_told_whom_to_ask(visit) -> None:
    somebody = visit(Role.VIEWER)
    somebody.watch.forgive("403")
    page = somebody.go("/channels")
    expect(page.get_by_text("This needs the role engineer or admin.")).to_be_visible()
    expect(page.get_by_text("Ask an admin of the workspace for it: Maple Admin.")).to_be_visible()
