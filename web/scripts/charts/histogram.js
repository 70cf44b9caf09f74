// How many rows score about so much, with the line past which they are flagged.
//
// data: { edges: k + 1 scores, counts: k numbers of rows, n_below, n_beyond: rows further out on either side,
//         highest: the highest score, threshold: a score or null, words: { x, y, rule, beyond } }
// Points: one for each bin, and one more on either side for rows further out where there are some.
import { axis, decades, GRID, height, plot } from "./plot.js";
import { short } from "./figures.js";
import { Rule } from "./rule.js";
import { ScoreScale } from "./score_scale.js";

export async function draw(figure) {
  const bars = await drawBars(figure, () => figure.data.threshold);
  const rule = new Rule(figure);
  const redraw = () => {
    bars.redraw();
    if (figure.data.threshold !== null) rule.place(bars.scale.part(figure.data.threshold), figure.data.words.rule);
  };
  redraw();
  return { redraw, place: bars.place };
}

// threshold: () => the line of now, null where there is none.
export async function drawBars(figure, threshold) {
  const { edges, counts, n_beyond, highest, words } = figure.data;
  const scale = new ScoreScale(edges, figure.data.far ?? (n_beyond ? [highest] : []));
  const most = Math.max(...counts, n_beyond, 1);
  const bin = (at) => at - (figure.data.n_below ? 1 : 0); // of a point
  const { chart, redraw } = await plot(figure, (ink) => ({
    grid: GRID,
    xAxis: axis(ink, {
      min: scale.min,
      max: scale.max,
      name: words.x,
      nameLocation: "middle",
      nameGap: 28,
      axisLabel: { ...axis(ink).axisLabel, formatter: (value) => (value > scale.top ? "" : short(value)) },
    }),
    yAxis: decades(ink, most, words.y),
    series: [...areas(ink, scale, figure.data, threshold()), further(ink, scale, figure.data)],
  }));
  return {
    chart,
    redraw,
    scale,
    place: (at) => ({ x: chart.convertToPixel({ xAxisIndex: 0 }, scale.middle(edges, bin(at))) }),
    bin,
    scoreAt: (x) => scale.scoreAt(chart.convertFromPixel({ xAxisIndex: 0 }, x)),
  };
}

function areas(ink, scale, data, threshold) {
  const line = threshold === null ? Infinity : scale.placed(threshold);
  const before = [];
  const past = [];
  for (const [from, to, n] of spans(scale, data)) {
    const cut = Math.min(Math.max(line, from), to);
    if (cut > from) before.push([from, height(n)], [cut, height(n)]);
    if (cut < to) past.push([cut, height(n)], [to, height(n)]);
  }
  return [area(before, ink.inkMuted, 0.45), area(past, ink.accent, 0.75)];
}

function area(points, colour, opacity) {
  return {
    type: "line",
    data: points,
    symbol: "none",
    silent: true,
    lineStyle: { color: colour, width: 1 },
    areaStyle: { color: colour, opacity, origin: "start" },
  };
}

function* spans(scale, { edges, counts, n_beyond }) {
  const last = counts.length - 1;
  for (let bin = 0; bin <= last; bin += 1) {
    yield [bin ? edges[bin] : scale.min, bin < last ? edges[bin + 1] : scale.top, counts[bin]];
  }
  if (!n_beyond) return;
  const gap = (scale.max - scale.top) * 0.2;
  yield [scale.top, scale.top + gap, 0];
  yield [scale.top + gap, scale.max, n_beyond];
}

// The rows further out are told of where they stand.
function further(ink, scale, { n_beyond, words }) {
  return {
    type: "line",
    data: n_beyond ? [[scale.max, height(n_beyond)]] : [],
    symbol: "none",
    silent: true,
    label: {
      show: true,
      formatter: () => words.beyond,
      position: "top",
      align: "right",
      color: ink.inkMuted,
      fontFamily: ink.font,
      fontSize: 12,
    },
  };
}
