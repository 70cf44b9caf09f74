// Where a page says that what it waited for is there (data-go), it goes on by itself: once, so that Back leads back.
// It waits until the page is there: before that, browsers would put the next page in its place in the history.
function goOn() {
  const there = document.querySelector("[data-go]");
  if (!there || history.state?.hasGone) return;
  history.replaceState({ ...history.state, hasGone: true }, "");
  location.assign(there.dataset.go);
}

function watch() {
  const seen = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-go"] };
  new MutationObserver(goOn).observe(document.getElementById("content"), seen);
  goOn();
}

if (document.readyState === "complete") setTimeout(watch);
else addEventListener("load", () => setTimeout(watch));
