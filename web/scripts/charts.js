// Draws every figure with data-chart. A figure is made by the macro `chart` of templates/charts.html: the answer as its
// caption, an empty drawing, the numbers as JSON, and a table that says the same. Each row of that table is a point.
import { Figure } from "./charts/figure.js";

const KINDS = {
  curve: () => import("./charts/curve.js"),
  histogram: () => import("./charts/histogram.js"),
  lanes: () => import("./charts/lanes.js"),
  overlay: () => import("./charts/overlay.js"),
  studio: () => import("./charts/studio.js"),
};

export function drawAll(root) {
  for (const element of root.querySelectorAll("[data-chart]:not([data-drawn])")) {
    element.dataset.drawn = "";
    draw(new Figure(element));
  }
}

async function draw(figure) {
  try {
    const { draw: drawKind } = await KINDS[figure.element.dataset.chart]();
    figure.live(await drawKind(figure));
  } catch (problem) {
    figure.showTable(); // the same numbers, readable where nothing can be drawn
    throw problem;
  }
}
