// The threshold studio: a histogram whose line is dragged, or moved by either of two forms; all follow each other.
//
// data: as for a histogram, and { n_rows, exact_ranks, thresholds: descending, n_past, false_alarms or null }.
// The page has [data-studio] around this figure with [data-past], [data-false] and the forms of LineForms; a button
// [data-flag]; and #changes, which the forms load anew.
import { count, filled, score } from "./figures.js";
import { drawBars } from "./histogram.js";
import { LineForms } from "./line_forms.js";
import { Rule } from "./rule.js";
import { Tail } from "./tail.js";

export async function draw(figure) {
  const { data } = figure;
  const { words } = data;
  const tail = new Tail(data);
  data.far = tail.thresholds.filter((threshold) => threshold > data.edges.at(-1)).reverse();
  const { asked, flagged } = document.getElementById("changes").dataset;
  const line = { threshold: data.threshold, n: Number(flagged), accepted: Number(flagged), isAbout: false, asked };
  const bars = await drawBars(figure, () => line.threshold);
  const rule = new Rule(figure, (x) => byThreshold(bars.scale.rounded(bars.scoreAt(x))));
  const forms = new LineForms(bars.scale, data.n_rows, { byThreshold, byRows });
  const page = figure.element.closest("[data-studio]");

  function byThreshold(threshold) {
    const past = tail.rowsPast(threshold);
    move({ ...past, threshold, accepted: past.n }, "threshold", threshold);
  }

  function byRows(rows) {
    const threshold = tail.thresholdForRows(rows);
    const past = threshold === null ? { n: 0, isAbout: false } : tail.rowsPast(threshold);
    move({ ...past, threshold, accepted: rows }, "rows", rows);
  }

  function move(to, name, value) {
    Object.assign(line, to, { asked: `${name}=${value}` });
    forms.show(line);
    redraw();
    history.replaceState(history.state, "", `?${line.asked}`);
    forms.ask(name, value);
  }

  function redraw() {
    bars.redraw();
    say();
  }

  function say() {
    const { threshold, n } = line;
    const rows = line.isAbout ? filled(words.about, { rows: count(Number(n.toPrecision(3))) }) : count(n);
    const values = { rows, all: count(data.n_rows), threshold: threshold === null ? "" : score(threshold) };
    const told = (kind) => filled(amount(words, kind, n), values);
    page.querySelector("[data-past]").textContent = told("past");
    page.querySelector("[data-false]").textContent = falseAlarms(words, tail, line);
    document.querySelectorAll("[data-flag]").forEach((button) => (button.textContent = told("flag")));
    rule.place(threshold === null ? null : bars.scale.part(threshold), told("rule"));
  }

  // The server counts every row; the outline knows about how many there are far down.
  document.addEventListener("htmx:after:swap", () => {
    const told = document.getElementById("changes")?.dataset;
    if (told?.asked !== line.asked) return;
    Object.assign(line, { n: Number(told.flagged), isAbout: false });
    say();
  });

  forms.show(line);
  redraw();
  const open = (at) => bars.bin(at) in data.counts && byThreshold(data.edges[bars.bin(at)]);
  return { redraw, place: bars.place, open };
}

function amount(words, kind, n) {
  return words[`${kind}_${n === 0 ? "none" : n === 1 ? "one" : "many"}`] ?? words[`${kind}_many`];
}

function falseAlarms(words, tail, { threshold, n }) {
  if (words.no_estimate) return words.no_estimate;
  const bound = threshold === null ? null : tail.falseAlarmsPast(threshold);
  if (!n || bound === null) return words.false_none;
  if (bound >= n) return words.false_all;
  return bound < 1 ? words.false_less : filled(words.false_many, { false: count(Math.ceil(bound)) });
}
