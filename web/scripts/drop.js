// Drop & detect: a chosen or dropped file is previewed here while it is sent, and stays chosen if that fails.
import { firstRows } from "./first_rows.js";
import { send } from "./sending.js";

const form = document.getElementById("drop");
const words = JSON.parse(document.getElementById("drop-words").textContent);
const zone = form.querySelector("[data-zone]");
const input = form.querySelector("input[type=file]");
const sending = document.getElementById("sending");
const preview = document.getElementById("preview");
const part = (name) => sending.querySelector(`[data-${name}]`);
const mostBytes = Number(form.dataset.mostBytes);
let chosen = null;
let onItsWay = null;

input.addEventListener("change", () => input.files.length && take(input.files));
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => event.relatedTarget === null && zone.classList.remove("is-over"));
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  zone.classList.remove("is-over");
  if (!onItsWay) take(event.dataTransfer.files);
});
part("cancel").addEventListener("click", () => onItsWay?.cancel());
part("again").addEventListener("click", () => begin(chosen));
part("other").addEventListener("click", () => {
  show(false);
  input.value = "";
  input.click();
});

function take(files) {
  chosen = files[0];
  part("file-name").textContent = chosen.name;
  refuse("");
  if (chosen.size > mostBytes) {
    const told = words.tooLarge.replace("{size}", bytes(chosen.size)).replace("{most}", bytes(mostBytes));
    refuse(told);
    return;
  }
  if (files.length > 1) announce(words.several);
  showFirstRows(chosen);
  begin(chosen);
}

async function begin(file) {
  refuse("");
  show(true);
  onItsWay = send(`/drop/file?name=${encodeURIComponent(file.name.slice(0, 300))}`, file, form.elements.form_token.value, tell);
  const answer = await onItsWay.answer;
  onItsWay = null;
  if (answer.goTo) {
    location.assign(answer.goTo);
    return;
  }
  stop(answer);
}

function stop(answer) {
  for (const name of ["again", "other"]) part(name).hidden = false;
  part("cancel").hidden = true;
  sending.querySelector("progress").hidden = true;
  part("said").textContent = "";
  if (answer.isCancelled) announce(words.cancelled, true);
  else if (answer.fragment) document.getElementById("refusal").innerHTML = answer.fragment;
  else refuse(words.broken);
  const next = answer.fragment ? "other" : "again"; // what was refused once is refused again
  part(next).classList.add("btn-primary");
  part(next).focus();
}

// sent, size: bytes; seconds: since the beginning.
function tell({ sent, size, seconds }) {
  const bar = sending.querySelector("progress");
  bar.value = (100 * sent) / size;
  if (sent >= size && size) {
    announce(words.reading, true);
    return;
  }
  const rate = sent / seconds;
  const knows = seconds > 0.5 && sent > 0;
  part("said").textContent = (knows ? words.sent : words.sending)
    .replace("{percent}", `${Math.floor((100 * sent) / size)} %`)
    .replace("{sent}", bytes(sent))
    .replace("{size}", bytes(size))
    .replace("{rate}", bytes(rate))
    .replace("{left}", `${Math.max(1, Math.round((size - sent) / rate))} s`);
}

function show(isSending) {
  form.hidden = isSending;
  document.querySelector("[data-other-ways]").hidden = isSending;
  sending.hidden = !isSending;
  const bar = sending.querySelector("progress");
  bar.hidden = false;
  bar.value = 0;
  part("said").textContent = "";
  part("cancel").hidden = false;
  if (isSending) tell({ sent: 0, size: chosen.size, seconds: 0 });
  for (const name of ["again", "other"]) {
    part(name).hidden = true;
    part(name).classList.remove("btn-primary");
  }
  document.querySelector(".lead").hidden = isSending;
  if (!isSending) preview.hidden = true;
  else part("cancel").focus();
}

function announce(text, isShown = false) {
  part("announced").textContent = text;
  if (isShown) part("said").textContent = text;
}

function refuse(text) {
  const place = document.getElementById("refusal");
  place.replaceChildren();
  if (!text) return;
  const said = document.createElement("p");
  said.className = "refusal";
  said.setAttribute("role", "alert");
  said.textContent = text;
  place.append(said);
}

async function showFirstRows(file) {
  const rows = await firstRows(file);
  const table = preview.querySelector("[data-preview]");
  table.replaceChildren();
  preview.querySelector("[data-preview-said]").textContent = rows ? words.preview : words.noPreview;
  preview.hidden = false;
  if (!rows) return;
  const line = (cells, kind) => {
    const row = document.createElement("tr");
    for (const text of cells) {
      const cell = document.createElement(kind);
      if (kind === "th") cell.scope = "col";
      cell.textContent = text;
      row.append(cell);
    }
    return row;
  };
  table.createTHead().append(line(rows[0], "th"));
  table.createTBody().append(...rows.slice(1).map((cells) => line(cells, "td")));
}

function bytes(n) {
  const [unit, size] = n >= 1048576 ? ["MB", 1048576] : n >= 1024 ? ["kB", 1024] : ["B", 1];
  return `${(n / size).toLocaleString(undefined, { maximumFractionDigits: n / size < 10 && size > 1 ? 1 : 0 })} ${unit}`;
}
