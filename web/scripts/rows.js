// Tables are walked with j and k (or the arrows, once a row is chosen), opened with Enter.
import { isSingleKey } from "./keys.js";

export function walkRows() {
  document.addEventListener("keydown", (event) => {
    if (!isSingleKey(event)) return;
    if (event.key === "j" || event.key === "k") {
      choose(event.key === "j" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" && event.target === document.body) {
      document.querySelector("tr.is-chosen a[href]")?.click();
    }
  });
}

function choose(step) {
  const rows = [...document.querySelectorAll("table.rows[data-walk] tbody tr")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-chosen"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove("is-chosen");
  next.classList.add("is-chosen");
  next.scrollIntoView({ block: "nearest" });
  (next.querySelector("a[href]") ?? next).focus({ preventScroll: true });
}
