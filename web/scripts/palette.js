// The search over everything: a combobox whose list the server fills (WAI-ARIA Authoring Practices, combobox).
import { isSingleKey } from "./keys.js";

const waitMilliseconds = 150;

export function openPalette() {
  const sheet = document.getElementById("palette");
  if (!sheet) return;
  const input = sheet.querySelector("[role=combobox]");
  const list = sheet.querySelector("[role=listbox]");
  const said = document.getElementById("palette-said");
  let asking = new AbortController();
  let waiting;

  const show = () => {
    if (!sheet.open) sheet.showModal();
    input.value = "";
    input.focus();
    fill();
  };

  async function fill() {
    asking.abort();
    asking = new AbortController();
    const address = `/palette?q=${encodeURIComponent(input.value)}`;
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text(); // from our own server, escaped there
      said.textContent = list.querySelector("[data-said]").dataset.said;
      choose(0);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }

  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];

  function choose(at) {
    const all = options();
    for (const one of all) one.setAttribute("aria-selected", "false");
    const chosen = all.length ? all[(at + all.length) % all.length] : null;
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
    else input.removeAttribute("aria-activedescendant");
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(fill, waitMilliseconds);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
      event.preventDefault();
    } else if (event.key === "Enter" && all[at]) {
      all[at].click();
      event.preventDefault();
    }
  });
  list.addEventListener("pointermove", (event) => {
    const at = options().indexOf(event.target.closest("[role=option]"));
    if (at >= 0) choose(at);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show();
  });
  document.addEventListener("keydown", (event) => {
    const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (isChord || (event.key === "/" && isSingleKey(event))) {
      event.preventDefault();
      show();
    }
  });
}
