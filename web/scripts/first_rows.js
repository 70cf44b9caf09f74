// Guesses the header and the first five rows of a file of text; null where it is none.
const MOST_BYTES = 65536;
const MOST_ROWS = 5;
const MOST_COLUMNS = 30;
const DELIMITERS = [",", ";", "\t", "|"];

export async function firstRows(file) {
  const start = new Uint8Array(await file.slice(0, MOST_BYTES).arrayBuffer());
  if (!start.length || start.includes(0)) return null;
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
  } catch {
    text = new TextDecoder("windows-1252").decode(start);
    if (/[\u0001-\u0008\u000e-\u001f]/.test(text)) return null;
  }
  if (text.trimStart().startsWith("{")) return null;
  const isWhole = file.size <= MOST_BYTES;
  const rows = split(text, delimiterOf(text), isWhole);
  return rows.length ? rows.slice(0, MOST_ROWS + 1).map(short) : null;
}

// The one that the first line holds most often.
function delimiterOf(text) {
  const line = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, "");
  const times = DELIMITERS.map((one) => line.split(one).length);
  return DELIMITERS[times.indexOf(Math.max(...times))];
}

// Quoted cells may hold delimiters, line breaks and doubled quotes (RFC 4180).
function split(text, delimiter, isWhole) {
  const rows = [];
  let row = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length && rows.length <= MOST_ROWS; at++) {
    const sign = text[at];
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (sign === '"' && !cell) isQuoted = true;
    else if (sign === delimiter) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at++;
      if (cell || row.length) rows.push([...row, cell]);
      row = [];
      cell = "";
    } else cell += sign;
  }
  if (isWhole && rows.length <= MOST_ROWS && (cell || row.length)) rows.push([...row, cell]);
  return rows;
}

function short(row) {
  const cells = row.slice(0, MOST_COLUMNS).map((cell) => (cell.length > 40 ? `${cell.slice(0, 39)}…` : cell));
  return row.length > MOST_COLUMNS ? [...cells, "…"] : cells;
}
