"""Without a network: what was looked at can be read, what was answered is sent once, and nobody sees anybody else's."""

from playwright.sync_api import Page, expect

from pynomaly.domain.access import Role

LOST = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
SHELL_IS_KEPT = """
async () => {
  await navigator.serviceWorker.ready;
  const names = await caches.keys();
  return names.length === 1 && Boolean(await caches.match("/offline"));
}
"""
KEPT_PATHS = """
async (account) => {
  const asked = indexedDB.open("pynomaly " + account);
  const database = await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
  const keys = database.transaction("pages").objectStore("pages").getAllKeys();
  const paths = await new Promise((resolve) => (keys.onsuccess = () => resolve(keys.result)));
  database.close();
  return paths;
}
"""
CACHED = """
async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}
"""


def be_ready(page: Page) -> None:
    """Wait until the service worker has the shell, and pages go through it."""
    page.wait_for_function(SHELL_IS_KEPT)
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_a_result_that_was_looked_at_is_read_without_a_network_with_its_age(visit, stage) -> None:
    somebody = visit(at=stage.furnished, service_workers="allow")
    for part in LOST:
        somebody.watch.forgive(part)
    page = somebody.go(f"/detections/{stage.ids['detection']}")
    be_ready(page)
    title = page.locator("h1").inner_text()
    page.wait_for_function("document.body.dataset.account")
    somebody.context.set_offline(True)
    page.reload()
    expect(page.locator("h1").last).to_have_text(title)
    expect(page.get_by_text("this is how it was")).to_be_visible()
    expect(page.get_by_role("link", name="P-002760")).to_be_visible()
    page.goto(somebody.url + "/detectors")
    expect(page.get_by_text("What you looked at lately")).to_be_visible()
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1").last).to_have_text(title)
    somebody.context.set_offline(False)


def test_only_the_shell_is_cached_and_no_page_of_anybody(visit, stage) -> None:
    somebody = visit(at=stage.furnished, service_workers="allow")
    page = somebody.go(f"/detections/{stage.ids['detection']}")
    be_ready(page)
    cached = page.evaluate(CACHED)
    assert "/offline" in cached
    assert all(path.startswith("/assets/") or path == "/offline" for path in cached)


def test_whoever_signs_in_next_finds_nothing_of_whoever_was_there_before(visit, stage, house) -> None:
    first = visit(Role.ADMIN, at=stage.furnished, service_workers="allow")
    page = first.go(f"/detections/{stage.ids['detection']}")
    account = page.evaluate("document.body.dataset.account")
    assert page.evaluate(KEPT_PATHS, account) == [f"/detections/{stage.ids['detection']}"]
    token = house.session(stage.empty, Role.VIEWER)
    first.context.add_cookies([{"name": "pynomaly_session", "value": token, "url": first.url}])
    page = first.go("/")
    page.wait_for_function(
        "async (account) => !(await indexedDB.databases()).some(({ name }) => name === 'pynomaly ' + account)",
        arg=account,
    )
