// On pages of somebody who is signed in: keep what is looked at, queue verdicts without a network, send them with one.
import { keepPage, queuedVerdicts, settle, whereKept, wipe } from "./store.js";
import { queue, sendQueued } from "./queue.js";

const bar = document.getElementById("offline-bar");
const words = bar?.dataset ?? {};

export function goOffline() {
  const account = document.body.dataset.account;
  if (!account || !("indexedDB" in window)) return;
  window.addEventListener("online", () => whereKept(() => send(account)));
  window.addEventListener("offline", () => whereKept(() => tell(account)));
  document.addEventListener("submit", (event) => catchVerdict(account, event), true);
  document.addEventListener("submit", (event) => !event.defaultPrevented && event.target.matches("[data-wipe-offline]") && whereKept(wipe));
  whereKept(() => begin(account));
}

async function begin(account) {
  await settle(account);
  await keep(account);
  await send(account);
}

async function keep(account) {
  const kept = document.querySelector("[data-keep]");
  if (!kept) return;
  const copy = kept.cloneNode(true);
  for (const element of copy.querySelectorAll("script, [data-not-kept], input[name=form_token]")) element.remove();
  await keepPage(account, { path: location.pathname, title: document.title, html: copy.outerHTML, at: Date.now() });
}

// A verdict without a network is queued instead of failing; the page says so, also where it cannot be kept.
export async function catchVerdict(account, event) {
  const form = event.target;
  if (!form.matches("form[data-verdict]") || navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const queued = () => queue(account, form, event.submitter).then(() => tell(account));
  await whereKept(queued, () => say(words.unkept));
}

export async function tell(account) {
  const n = (await queuedVerdicts(account)).length;
  say(navigator.onLine ? "" : n ? words.queued.replace("%(n)s", n) : words.offline);
}

async function send(account) {
  const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-Form-Token"];
  const { sent, refused } = await sendQueued(account, token);
  if (refused.length) say(words.refused.replace("%(n)s", refused.length));
  else if (sent) say(words.sent.replace("%(n)s", sent));
  else await tell(account);
}

function say(sentence) {
  if (!bar) return;
  bar.textContent = sentence;
  bar.hidden = !sentence;
}
