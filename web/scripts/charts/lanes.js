// A lane for each detector: when it looked, and what it found.
//
// data: { from, to: seconds since 1970, lanes: [{ name, points: [{ at: seconds, kind, band, n }] }] }
// kind: "found" (alarms; band: the worst severity, "low" to "critical"; n: how many), "quiet" (it looked, nothing),
// "failed". Points: every point of every lane, lane by lane, in the order of time. Rows with data-notable stand out.
import { colours } from "./colours.js";
import { library } from "./library.js";

export const LANE_HEIGHT = 32;
const SHAPES = { low: "▪", medium: "◆", high: "▲", critical: "⬢", quiet: "○", failed: "✕" };
const STEPS = { low: 0, medium: 1, high: 2, critical: 3 };
const AXIS_HEIGHT = 32;

export async function draw(figure) {
  await Promise.all([library("uplot.js"), library("uplot.css")]);
  const { lanes } = figure.data;
  const points = lanes.flatMap(({ points: all }, lane) => all.map((point) => ({ ...point, lane })));
  figure.drawing.classList.add("lanes");
  figure.drawing.style.height = `${lanes.length * LANE_HEIGHT + AXIS_HEIGHT}px`;
  let drawn = null;
  const redraw = () => {
    drawn?.destroy();
    drawn = new window.uPlot(options(figure, points), [[figure.data.from, figure.data.to], [0, 0]], figure.drawing);
  };
  redraw();
  const place = (at) => ({
    x: drawn.valToPos(points[at].at, "x") + drawn.over.offsetLeft,
    y: drawn.valToPos(points[at].lane, "y") + drawn.over.offsetTop,
  });
  return { redraw, place };
}

function options(figure, points) {
  const ink = colours();
  const { from, to, lanes } = figure.data;
  const words = { stroke: ink.inkMuted, font: `12px ${ink.font}`, ticks: { show: false } };
  return {
    width: figure.drawing.clientWidth,
    height: figure.drawing.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true, range: [from, to] }, y: { range: [lanes.length - 0.5, -0.5] } },
    axes: [
      { ...words, size: AXIS_HEIGHT - 4, grid: { show: false }, values: (_, times) => times.map(hour) },
      {
        ...words,
        stroke: ink.ink,
        size: Math.min(176, figure.drawing.clientWidth * 0.34),
        grid: { stroke: ink.line, width: 1 },
        splits: () => lanes.map((_, at) => at),
        values: (plot) => lanes.map(({ name }) => fitting(plot.ctx, name, plot.axes[1].size(plot) - 16)),
      },
    ],
    series: [{}, { show: false }],
    hooks: { draw: [(plot) => points.forEach((point) => mark(plot, point, ink))] },
  };
}

const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function hour(at) {
  return hours.format(new Date(at * 1000));
}

function mark({ ctx, valToPos }, { at, lane, kind, band }, ink) {
  const shape = kind === "found" ? band : kind;
  const size = kind === "quiet" ? 9 : 14;
  ctx.save();
  ctx.font = `${size * window.devicePixelRatio}px ${ink.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = { found: ink.severity[STEPS[band]], quiet: ink.inkMuted, failed: ink.broken }[kind];
  ctx.fillText(SHAPES[shape], valToPos(at, "x", true), valToPos(lane, "y", true));
  ctx.restore();
}

// A name cut to what there is room for; the whole one stands in the table.
function fitting(ctx, name, room) {
  const width = (text) => ctx.measureText(text).width / window.devicePixelRatio;
  if (width(name) <= room) return name;
  let kept = name.length;
  while (kept > 1 && width(`${name.slice(0, kept)}…`) > room) kept -= 1;
  return `${name.slice(0, kept)}…`;
}
