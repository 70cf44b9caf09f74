// The page without a network: what was kept of the address that was asked for, else everything that was kept, with its age.
import { catchVerdict, tell } from "./here.js";
import { currentAccount, keptPage, keptPages, whereKept } from "./store.js";

const place = document.querySelector("[data-kept-here]");
const words = place.dataset;
const spans = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

function age(at) {
  const seconds = Math.round((at - Date.now()) / 1000);
  const [unit, size] = spans.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit);
}

function listed(pages) {
  const list = document.createElement("ul");
  for (const page of pages) {
    const link = Object.assign(document.createElement("a"), { href: page.path, textContent: page.title });
    const item = document.createElement("li");
    item.append(link, ` · ${age(page.at)}`);
    list.append(item);
  }
  return list;
}

function sentence(text, kind) {
  return Object.assign(document.createElement("p"), { textContent: text, className: kind });
}

async function show() {
  const account = currentAccount();
  if (!account) return place.append(sentence(words.nothing, "why"));
  document.addEventListener("submit", (event) => catchVerdict(account, event), true);
  await tell(account);
  const page = await keptPage(account, location.pathname);
  if (page) {
    document.title = page.title;
    const kept = document.createElement("div");
    kept.innerHTML = page.html; // a page of this server, as it was shown before
    document.querySelector("[data-instead]").hidden = true;
    place.replaceChildren(sentence(words.asOf.replace("%(age)s", age(page.at)), "notice"), kept);
    return;
  }
  const pages = await keptPages(account);
  place.append(pages.length ? sentence(words.kept, "what") : sentence(words.nothing, "why"), listed(pages));
}

whereKept(show, () => place.append(sentence(words.nothing, "why")));
// A device that is online may still not reach the server.
window.addEventListener("online", () => fetch("/manifest.webmanifest", { cache: "no-store" }).then(() => location.reload()).catch(() => {}));
