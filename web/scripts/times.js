// Moments come in UTC; readers see them in their own time zone, the exact one on hover.
const written = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function keepTimesLocal(root) {
  for (const element of root.querySelectorAll("time[datetime]:not([data-local])")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    element.title = element.dateTime;
    element.textContent = written.format(at);
    element.dataset.local = "";
  }
}
