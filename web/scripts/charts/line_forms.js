// The forms a line is moved by, [data-line="threshold"] and [data-line="rows"]: a range and a number each. The form
// #decide sends the line that was chosen last.
import { count, score } from "./figures.js";

const STEPS = 1000; // of a range
const DIGITS = 4; // of a threshold that follows from a number of rows

export class LineForms {
  constructor(scale, nRows, { byThreshold, byRows }) {
    Object.assign(this, { scale, nRows });
    this.threshold = parts("threshold");
    this.rows = parts("rows");
    const { range, field } = this.threshold;
    range.addEventListener("input", () => byThreshold(scale.rounded(this.#scoreOf(Number(range.value)))));
    onNumber(field, byThreshold);
    this.rows.range.addEventListener("input", () => byRows(this.#rowsOf(Number(this.rows.range.value))));
    onNumber(this.rows.field, byRows);
  }

  show({ threshold, accepted, asked }) {
    if (threshold !== null) {
      set(this.threshold.range, Math.round(STEPS * this.scale.part(threshold)), score(threshold));
      const isExact = asked.startsWith("threshold=");
      write(this.threshold.field, isExact ? threshold : Number(threshold.toPrecision(DIGITS)));
    }
    const step = Math.round((STEPS * Math.log(accepted + 1)) / Math.log(this.nRows + 1));
    set(this.rows.range, step, count(accepted));
    write(this.rows.field, accepted);
  }

  // Have the page told of a line; the form waits until the line rests.
  ask(name, value) {
    for (const field of document.querySelectorAll("#decide [name=threshold], #decide [name=rows]")) {
      field.value = field.name === name ? value : "";
    }
    write(this[name].field, value);
    this[name].form.dispatchEvent(new CustomEvent("line-moved"));
  }

  #scoreOf(step) {
    return this.scale.scoreAt(this.scale.min + (step / STEPS) * (this.scale.max - this.scale.min));
  }

  // Equal steps are equal factors, so that the first few alarms have as much room as the last thousands.
  #rowsOf(step) {
    return Math.round((this.nRows + 1) ** (step / STEPS)) - 1;
  }
}

function parts(name) {
  const form = document.querySelector(`[data-line="${name}"]`);
  return { form, range: form.querySelector("[type=range]"), field: form.querySelector("[type=number]") };
}

function onNumber(field, move) {
  field.addEventListener("input", () => field.validity.valid && move(field.valueAsNumber));
}

function set(range, step, words) {
  range.value = step;
  range.setAttribute("aria-valuetext", words);
}

// What somebody is typing stays as it is.
function write(field, value) {
  if (document.activeElement !== field) field.value = value;
}
