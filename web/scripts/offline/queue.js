// Verdicts given without a network wait here, and are sent once: each carries a key, under which the server acts once.
import { dropVerdict, queuedVerdicts, queueVerdict } from "./store.js";

const LOCK = "pynomaly-verdicts";
const HEADERS = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html", "HX-Request": "true" };

export async function queue(account, form, submitter) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  fields.delete("form_token");
  const verdict = { path: new URL(form.action).pathname, fields: fields.toString(), key: crypto.randomUUID(), at: Date.now() };
  await queueVerdict(account, verdict);
}

// Send what waits, oldest first; one page of this browser at a time. What the server refuses is given back, not sent again.
export async function sendQueued(account, token) {
  const refused = [];
  let sent = 0;
  await navigator.locks.request(LOCK, async () => {
    for (const verdict of await queuedVerdicts(account)) {
      const answer = await fetch(verdict.path, {
        method: "POST",
        body: verdict.fields,
        headers: { ...HEADERS, "X-Form-Token": token, "Idempotency-Key": verdict.key },
      }).catch(() => null);
      if (!answer || answer.status >= 500 || answer.status === 429 || answer.status === 401) break; // later
      await dropVerdict(account, verdict.order);
      if (answer.ok) sent += 1;
      else refused.push(verdict);
    }
  });
  return { sent, refused };
}
