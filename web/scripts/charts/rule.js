// An upright line over a drawing, with words beside it; one that can be dragged has a grip.
import { LEFT, RIGHT } from "./plot.js";

const ROOM_FOR_WORDS = 0.5; // further right the words stand on the left of the line

export class Rule {
  constructor(figure, onDrag = null) {
    this.figure = figure;
    this.element = document.createElement("div");
    this.element.className = onDrag ? "threshold is-draggable" : "threshold";
    this.words = document.createElement("span");
    this.element.append(this.words);
    figure.drawing.append(this.element);
    if (onDrag) this.#drag(onDrag);
  }

  // part: of the axis, from 0 to 1; null where there is no line.
  place(part, words) {
    this.element.hidden = part === null;
    this.element.style.left = `calc(${LEFT}px + (100% - ${LEFT + RIGHT}px) * ${part ?? 0} - 1px)`;
    this.element.classList.toggle("is-far", part > ROOM_FOR_WORDS);
    this.words.textContent = words;
  }

  #drag(onDrag) {
    const left = () => this.figure.drawing.getBoundingClientRect().left;
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) onDrag(event.clientX - left());
    });
  }
}
