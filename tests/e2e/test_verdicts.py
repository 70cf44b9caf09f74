"""Answering "is it an anomaly?": by keys, and without a network."""

from playwright.sync_api import expect

from pynomaly.domain.access import Role
from pynomaly.domain.verdict import VerdictAnswer
from tests.e2e.test_offline import LOST, be_ready

NO_ROOM = """
IDBFactory.prototype.open = () => { throw new DOMException("no room", "QuotaExceededError"); };
"""


def test_a_key_answers_and_the_answer_can_be_taken_back(visit, stage) -> None:
    page = visit(Role.ANALYST, at=stage.furnished).go(f"/detections/{stage.ids['detection']}/rows/{stage.ids['row']}")
    page.keyboard.press("3")
    expect(page.locator("#verdict p[role=status]")).to_contain_text("False alarm")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#verdict p[role=status]")).to_have_count(0)


def test_an_answer_without_a_network_waits_and_is_sent_once(visit, stage) -> None:
    somebody = visit(Role.ANALYST, at=stage.furnished, service_workers="allow")
    for part in LOST:
        somebody.watch.forgive(part)
    path = f"/detections/{stage.ids['detection']}/rows/{stage.ids['row']}"
    page = somebody.go(path)
    be_ready(page)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    somebody.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.locator("#offline-bar")).to_contain_text("Verdicts waiting to be sent: 1")
    assert sent == []
    somebody.context.set_offline(False)
    expect(page.locator("#offline-bar")).to_contain_text("Verdicts sent: 1")
    verdicts = stage.furnished.workspace.queries.verdicts(stage.ids["detection"]).by_row
    assert verdicts[int(stage.ids["row"])].answer is VerdictAnswer.CONFIRMED
    page.reload()
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    stage.furnished.workspace.take_back_verdict(detection=stage.ids["detection"], row=int(stage.ids["row"]))


def test_an_answer_that_a_browser_without_room_cannot_keep_is_not_taken_silently(visit, stage) -> None:
    somebody = visit(Role.ANALYST, at=stage.furnished)
    somebody.context.add_init_script(NO_ROOM)
    page = somebody.go(f"/detections/{stage.ids['detection']}/rows/{stage.ids['row']}")
    somebody.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.locator("#offline-bar")).to_contain_text("your verdict is not saved")
