// The colours of now, from the tokens of the style: charts are drawn in them, and anew when the reader changes the look.
const NAMES = ["surface", "line", "line-strong", "ink", "ink-muted", "accent", "band", "broken"];
const listeners = new Set();

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...Object.fromEntries(NAMES.map((name) => [name.replace(/-./g, (part) => part[1].toUpperCase()), token(name)])),
    severity: [1, 2, 3, 4].map((step) => token(`severity-${step}`)),
    font: getComputedStyle(document.body).fontFamily,
  };
}

export function onColoursChanged(listener) {
  listeners.add(listener);
}

function tell() {
  listeners.forEach((listener) => listener());
}

new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ["data-theme"] });
for (const wish of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
  matchMedia(wish).addEventListener("change", tell);
}
