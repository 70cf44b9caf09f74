"""From a file to its anomalies in a real browser."""

import pyarrow as pa
import pytest

from pynomaly.domain.access import Role
from tests.e2e.screens.rows import PAYMENTS, choose
from tests.e2e.stage import payments_table
from tests.e2e.visits import PHONE
from tests.service.furnished import as_csv

STRANGE = as_csv(payments_table(3000))
"""Five of these payments are strange, number 120 among them."""


def dropped(page, name, content):
    """Drop a file on the page, as with a mouse."""
    page.evaluate(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name, { type: "text/csv" }));
            for (const kind of ["dragenter", "dragover", "drop"])
                document.querySelector("[data-zone]").dispatchEvent(
                    new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
        }""",
        [name, content.decode()],
    )


@pytest.mark.parametrize("bring", [choose, dropped])
def test_a_file_leads_to_its_anomalies_without_a_further_step(visit, bring):
    page = visit(Role.ANALYST).go("/drop")
    bring(page, "card payments.csv", STRANGE)
    page.wait_for_url("**/drop/*?look=*")
    assert "payment names rows." in page.inner_text("main")
    page.wait_for_url("**/detections/*", timeout=90_000)
    assert "P-000120" in page.inner_text("main")
    page.go_back()
    page.wait_for_url("**/drop/*?look=*")
    assert " of 3,000 rows stand out" in page.inner_text("main")
    page.wait_for_timeout(300)
    assert "/drop/" in page.url, "Back has to lead back"


def test_the_first_rows_are_shown_while_the_file_is_on_its_way(visit):
    trip = visit()
    trip.watch.forgive("ERR_FAILED")
    page = trip.go("/drop")
    page.route("**/drop/file*", lambda route: route.abort())
    choose(page, "quoted.csv", b'name;amount\n"Ada; ""the first""";1,5\n<b>Bob</b>;2\n')
    page.wait_for_selector("#preview:not([hidden])")
    cells = page.locator("#preview td").all_inner_texts()
    assert cells == ['Ada; "the first"', "1,5", "<b>Bob</b>", "2"]


def test_a_line_that_breaks_keeps_the_file_and_sends_it_again(visit):
    trip = visit(viewport=PHONE, theme="dark")
    trip.watch.forgive("ERR_FAILED")
    page = trip.go("/drop")
    page.route("**/drop/file*", lambda route: route.abort())
    choose(page, "card payments.csv", PAYMENTS)
    page.wait_for_selector("[data-again]:visible")
    assert "Your file is still chosen" in page.inner_text("#refusal")
    page.unroute("**/drop/file*")
    page.click("[data-again]")
    page.wait_for_url("**/drop/*?look=*")


def test_a_file_is_cancelled_on_its_way(visit):
    page = visit().go("/drop")
    page.route("**/drop/file*", lambda _route: None)
    choose(page, "card payments.csv", PAYMENTS)
    page.click("[data-cancel]")
    page.wait_for_selector("[data-other]:visible")
    assert "Nothing was kept" in page.inner_text("#sending")
    page.unroute_all(behavior="ignoreErrors")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(visit):
    page = visit().go("/drop")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        """() => {
            const file = new File(["a"], "huge.csv");
            Object.defineProperty(file, "size", { value: 200 * 1024 * 1024 });
            const carried = new DataTransfer();
            carried.items.add(new File(["a"], "x.csv"));
            const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried });
            Object.defineProperty(event, "dataTransfer", { value: { files: [file], types: ["Files"] } });
            document.dispatchEvent(event);
        }"""
    )
    page.wait_for_selector("#refusal .refusal")
    assert "This file has 200 MB; at most 100 MB are taken" in page.inner_text("#refusal")
    assert sent == []


def test_a_file_goes_in_without_a_script(visit):
    page = visit(java_script_enabled=False).go("/drop")
    page.set_input_files("[type=file]", {"name": "plain.csv", "mimeType": "text/csv", "buffer": STRANGE})
    page.click("text=Find anomalies >> nth=0")
    page.wait_for_url("**/drop/*?look=*")
    assert "payment names rows." in page.inner_text("main")


def test_a_role_is_corrected_and_the_rows_are_looked_at_again(visit):
    page = visit().go("/drop")
    choose(page, "card payments.csv", STRANGE)
    page.wait_for_url("**/detections/*", timeout=90_000)
    page.go_back()
    page.wait_for_url("**/drop/*?look=*")
    page.select_option("[aria-label='What country is used as']", "ignored")
    page.click("text=Look again with these roles")
    page.wait_for_url("**/detections/*", timeout=90_000)
    page.go_back()
    page.wait_for_url("**/drop/*?look=*")
    assert "country is left out." in page.inner_text("main")


def test_a_job_is_followed_until_it_has_ended(visit, place):
    dataset, _ = place.workspace.register_dataset(source=_table(), name="rows", source_name="rows.csv")
    _, job = place.workspace.look_at_dataset(dataset=dataset.id)
    page = visit().go(f"/jobs/{job.id}")
    page.wait_for_selector("text=Follow the detection", timeout=90_000)
    page.click("text=Follow the detection")
    page.wait_for_selector("text=See what was found", timeout=90_000)


def _table():
    return pa.table({"amount": [float(one % 50) for one in range(3000)] + [9e6], "items": [*range(3000), 3]})
