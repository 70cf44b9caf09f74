// A drawing by ECharts that keeps its size and its colours.
import { colours } from "./colours.js";
import { count } from "./figures.js";
import { library } from "./library.js";

// options: (colours) => what ECharts draws.
export async function plot(figure, options) {
  await library("echarts.js");
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  figure.drawing.append(canvas);
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  const redraw = () => {
    chart.resize();
    chart.setOption({ animation: false, ...options(colours()) }, { notMerge: true });
  };
  redraw();
  return { chart, redraw };
}

// An axis as all charts have it: muted words, a hairline, no grid.
export function axis(ink, more) {
  return {
    type: "value",
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.lineStrong } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { color: ink.inkMuted, fontFamily: ink.font, fontSize: 12, hideOverlap: true },
    nameTextStyle: { color: ink.inkMuted, fontFamily: ink.font, fontSize: 12 },
    ...more,
  };
}

// An axis of powers of ten. ECharts begins its own at 1, where a bin of one row could not be told from an empty one.
export function decades(ink, most, name) {
  return axis(ink, {
    min: FLOOR,
    max: Math.max(1, Math.ceil(Math.log10(most * 1.05))),
    minInterval: 1,
    maxInterval: 1,
    name,
    nameTextStyle: { ...axis(ink).nameTextStyle, align: "left", padding: [0, 0, 0, -48] },
    axisLabel: { ...axis(ink).axisLabel, formatter: (value) => (value < 0 ? "" : count(10 ** value)) },
    splitLine: { show: true, lineStyle: { color: ink.line, opacity: 0.6 } },
  });
}

const FLOOR = -0.3; // where empty bins lie; one with a single row lies at 0

export function height(n) {
  return n > 0 ? Math.log10(n) : FLOOR;
}

export const LEFT = 56;
export const RIGHT = 16;
export const GRID = { left: LEFT, right: RIGHT, top: 28, bottom: 44 };
