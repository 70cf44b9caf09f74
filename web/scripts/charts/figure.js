// One figure on a page: its numbers, its points, and how they are walked by keys, by pointer and as a table.
//
// A kind of chart exports `draw(figure)`, which returns its picture:
//   redraw()      draws anew, in the colours and the size of now
//   place(index)  where a point is: { x, y } in pixels of the drawing, null where it is not drawn
//   open(index)   what Enter does on a point that has no link (left out: nothing)
import { onColoursChanged } from "./colours.js";

export class Figure {
  constructor(element) {
    this.element = element;
    this.drawing = element.querySelector(".drawing");
    this.said = element.querySelector(".said");
    this.data = JSON.parse(element.querySelector("script[type='application/json']").textContent);
    this.at = -1;
    element.querySelector("[data-twin]").addEventListener("click", () => this.showTable(!this.isTable));
  }

  get points() {
    return [...this.element.querySelectorAll(".twin tbody tr")];
  }

  get isTable() {
    return this.element.classList.contains("is-table");
  }

  live(picture) {
    this.picture = picture;
    this.cursor = document.createElement("div");
    this.cursor.className = "cursor";
    this.cursor.hidden = true;
    this.drawing.append(this.cursor);
    this.drawing.addEventListener("keydown", (event) => this.walk(event));
    this.drawing.addEventListener("blur", () => this.leave());
    this.drawing.addEventListener("pointermove", (event) => this.hover(event));
    this.drawing.addEventListener("pointerleave", () => this.leave());
    const redraw = () => this.isTable || !this.drawing.isConnected || (picture.redraw(), this.mark());
    new ResizeObserver(redraw).observe(this.drawing);
    onColoursChanged(redraw);
  }

  showTable(isTable = true) {
    const button = this.element.querySelector("[data-twin]");
    this.element.classList.toggle("is-table", isTable);
    button.textContent = isTable ? button.dataset.chartWord : button.dataset.tableWord;
    if (!isTable) this.picture?.redraw();
  }

  walk(event) {
    const points = this.points;
    const last = points.length - 1;
    const steps = {
      ArrowRight: () => this.next(1, event.shiftKey),
      ArrowLeft: () => this.next(-1, event.shiftKey),
      ArrowDown: () => this.next(1, event.shiftKey),
      ArrowUp: () => this.next(-1, event.shiftKey),
      Home: () => 0,
      End: () => last,
    };
    if (event.ctrlKey || event.metaKey || event.altKey || last < 0) return;
    if (event.key in steps) this.say(steps[event.key]());
    else if (event.key === "Enter" && this.at >= 0) this.open();
    else if (event.key === "Escape") this.leave(), this.drawing.blur();
    else return;
    event.preventDefault();
  }

  // The point after or before the one at hand; with Shift the next one that stands out.
  next(step, isToNotable) {
    const points = this.points;
    const start = this.at < 0 && step < 0 ? points.length : this.at;
    for (let at = start + step; at >= 0 && at < points.length; at += step) {
      if (!isToNotable || "notable" in points[at].dataset) return at;
    }
    return Math.min(Math.max(this.at, 0), points.length - 1);
  }

  hover(event) {
    if (event.pointerType === "touch" && event.buttons === 0) return;
    const box = this.drawing.getBoundingClientRect();
    const near = nearest(this.points, this.picture, event.clientX - box.left, event.clientY - box.top);
    if (near >= 0 && near !== this.at) this.say(near);
  }

  say(at) {
    this.at = at;
    this.said.textContent = told(this.points[at]);
    this.mark();
  }

  leave() {
    this.at = -1;
    this.said.textContent = "";
    this.mark();
  }

  mark() {
    const place = this.at < 0 ? null : this.picture.place(this.at);
    this.cursor.hidden = !place;
    if (!place) return;
    this.cursor.classList.toggle("is-line", place.y === undefined);
    this.cursor.style.transform = `translate(${place.x}px, ${place.y ?? 0}px)`;
  }

  open() {
    const link = this.points[this.at].querySelector("a[href]");
    if (link) link.click();
    else this.picture.open?.(this.at);
  }
}

// A point in words: what the table says of it, each figure after its heading.
function told(row) {
  const headings = [...row.closest("table").tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  return [...row.cells]
    .map((cell, at) => [headings[at], cell.textContent.trim().replace(/\s+/g, " ")])
    .filter(([, text]) => text)
    .map(([heading, text]) => (heading ? `${heading}: ${text}` : text))
    .join(" · ");
}

function nearest(points, picture, x, y) {
  let best = -1;
  let least = Infinity;
  for (let at = 0; at < points.length; at += 1) {
    const place = picture.place(at);
    if (!place) continue;
    const away = Math.hypot(place.x - x, place.y === undefined ? 0 : place.y - y);
    if (away < least) [best, least] = [at, away];
  }
  return best;
}
