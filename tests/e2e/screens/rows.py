"""Screens of bringing rows, of datasets, of sources and of jobs."""

from playwright.sync_api import Page

from pynomaly.domain.access import Role
from tests.e2e.screens.screen import Screen

PAYMENTS = b"payment,amount,items,country\n" + b"".join(
    b"P-%06d,%d.50,%d,%s\n" % (one, 10 + one % 40, one % 5, (b"DE", b"FR", b"AT")[one % 3]) for one in range(4000)
)


def choose(page: Page, name: str, content: bytes) -> None:
    """Choose a file, as somebody does who presses the zone."""
    page.set_input_files("[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content})


def hold_the_file_up(page: Page) -> None:
    """Choose a file that does not arrive: the line is cut, as it is on a train."""
    page.route("**/drop/file*", lambda route: route.abort())
    choose(page, "card payments.csv", PAYMENTS)
    page.wait_for_selector("[data-again]:visible")


def be_refused(page: Page) -> None:
    """Choose a file without rows."""
    choose(page, "header only.csv", b"amount,country\n")
    page.wait_for_selector("#refusal .refusal")


def stay_slow(page: Page) -> None:
    """Choose a file whose bytes are never answered."""
    page.route("**/drop/file*", lambda _route: None)
    choose(page, "card payments.csv", PAYMENTS)
    page.wait_for_selector("#preview:not([hidden])")


def open_deletion(page: Page) -> None:
    """Open what deletes."""
    page.click(".deleting > summary")


def await_columns(page: Page) -> None:
    """Wait for the part that comes after the page."""
    page.wait_for_selector("table[aria-label=Columns]")


def stay(page: Page) -> None:
    """Come back to a look that led on by itself."""
    page.wait_for_url("**/detections/**")
    page.go_back()
    page.wait_for_selector(".standing-of")


SCREENS = (
    Screen("drop", "/drop", stage="empty"),
    Screen("drop-no-permission", "/drop", role=Role.VIEWER),
    Screen("drop-sending", "/drop", stage="empty", bring=stay_slow),
    Screen("drop-line-cut", "/drop", stage="empty", bring=hold_the_file_up, forgiven=("ERR_FAILED",)),
    Screen("drop-refused", "/drop", stage="empty", bring=be_refused, forgiven=("422",)),
    Screen("look-found", "/drop/{dataset}?look={look}", bring=stay),
    Screen("look-nothing-found", "/drop/{quiet_dataset}?look={quiet_look}"),
    Screen("look-failed", "/drop/{stuck_dataset}?look={failed_job}"),
    Screen("look-not-begun", "/drop/{dataset}"),
    Screen("datasets", "/datasets"),
    Screen("datasets-empty", "/datasets", stage="empty"),
    Screen("datasets-empty-viewer", "/datasets", stage="empty", role=Role.VIEWER),
    Screen("dataset", "/datasets/{dataset}", bring=await_columns),
    Screen("dataset-viewer", "/datasets/{tumours}", role=Role.VIEWER, bring=await_columns),
    Screen("dataset-delete", "/datasets/{dataset}", bring=open_deletion),
    Screen("sources-empty", "/sources", stage="empty"),
    Screen("sources-empty-viewer", "/sources", stage="empty", role=Role.VIEWER),
    Screen("source-kinds", "/sources/new"),
    Screen("source-new", "/sources/new?kind=postgresql"),
    Screen("jobs", "/jobs"),
    Screen("jobs-empty", "/jobs", stage="empty"),
    Screen("jobs-none-so", "/jobs?status=cancelled"),
    Screen("job", "/jobs/{job}"),
    Screen("job-failed", "/jobs/{failed_job}"),
)
