// Numbers as the pages write them: thousands separated, three significant digits.
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat("en-US", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const atMostThree = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

export function count(n) {
  return whole.format(n);
}

export function score(value) {
  return isPlain(value) ? three.format(value) : power(value);
}

// For the ends of axes, where zeros behind the point say nothing.
export function short(value) {
  return isPlain(value) ? atMostThree.format(value) : power(value);
}

export function share(value) {
  const percent = 100 * value;
  return `${percent >= 99.95 || percent === 0 ? percent.toFixed(0) : Number(percent.toPrecision(percent > 99 ? 3 : 2))} %`;
}

// A sentence with %(name)s in it, as the page has it in the reader's language.
export function filled(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

function isPlain(value) {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-4 && size < 1e15);
}

function power(value) {
  return value.toExponential(2).replace(/e([+-])(\d)$/, "e$10$2");
}
