// Which keys may do something now. Single keys rest while somebody types, and where they were turned off.
const typing = "input, textarea, select, [contenteditable], dialog[open] *, .drawing";

export function isSingleKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (document.documentElement.dataset.keys === "off") return false;
  return !event.target.closest(typing);
}

export function listenToKeys() {
  let before = "";
  let forgetting;
  document.addEventListener("keydown", (event) => {
    if (!isSingleKey(event) || event.key.length !== 1) return;
    const typed = before ? `${before} ${event.key}` : event.key;
    const place = document.querySelector(`#shortcuts [data-keys="${CSS.escape(typed).replaceAll("\\ ", " ")}"]`);
    clearTimeout(forgetting);
    before = "";
    if (place) {
      event.preventDefault();
      location.assign(place.href);
    } else if (event.key === "?") {
      event.preventDefault();
      document.getElementById("shortcuts")?.showModal();
    } else if (event.key === "g") {
      before = "g";
      forgetting = setTimeout(() => (before = ""), 1500);
    }
  });
}
