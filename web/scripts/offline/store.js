// What this browser keeps for the time without a network: the last results somebody looked at, and verdicts to be sent.
// One database for each account; whoever signs in next finds nothing of anybody else.
const PREFIX = "pynomaly ";
const MOST_KEPT = 50;
const CURRENT = "pynomaly-account";

export function currentAccount() {
  return localStorage.getItem(CURRENT);
}

// Make an account the one of this browser; what others left is deleted.
export async function settle(account) {
  localStorage.setItem(CURRENT, account);
  const known = indexedDB.databases ? await indexedDB.databases() : [];
  for (const { name } of known) {
    if (name?.startsWith(PREFIX) && name !== PREFIX + account) indexedDB.deleteDatabase(name);
  }
}

export async function wipe() {
  const account = currentAccount();
  localStorage.removeItem(CURRENT);
  if (account) await done(indexedDB.deleteDatabase(PREFIX + account));
}

export async function keepPage(account, page) {
  const pages = await opened(account, "pages", "readwrite");
  await done(pages.put(page));
  const all = await done(pages.index("at").getAllKeys());
  for (const path of all.slice(0, Math.max(0, all.length - MOST_KEPT))) await done(pages.delete(path));
}

export async function keptPage(account, path) {
  return done((await opened(account, "pages", "readonly")).get(path));
}

export async function keptPages(account) {
  const newestLast = await done((await opened(account, "pages", "readonly")).index("at").getAll());
  return newestLast.reverse();
}

export async function queueVerdict(account, verdict) {
  return done((await opened(account, "verdicts", "readwrite")).put(verdict));
}

export async function queuedVerdicts(account) {
  return done((await opened(account, "verdicts", "readonly")).getAll());
}

export async function dropVerdict(account, key) {
  return done((await opened(account, "verdicts", "readwrite")).delete(key));
}

// Where the browser has no room, forbids storage, or wipes it while somebody signs out, pages work and keep nothing.
export async function whereKept(work, otherwise = () => {}) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    otherwise();
  }
}

async function opened(account, name, mode) {
  const asked = indexedDB.open(PREFIX + account, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("pages", { keyPath: "path" }).createIndex("at", "at");
    asked.result.createObjectStore("verdicts", { keyPath: "order", autoIncrement: true });
  };
  const database = await done(asked);
  database.onversionchange = () => database.close();
  return database.transaction(name, mode).objectStore(name);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => resolve(undefined);
  });
}
