// Two histograms over the same bins, as lines on each other.
//
// data: { edges: k + 1, first: { name, counts }, second: { name, counts }, words: { x, y } }
// Points: one for each bin.
import { axis, decades, GRID, height, plot } from "./plot.js";
import { short } from "./figures.js";

export async function draw(figure) {
  const { edges, first, second, words } = figure.data;
  const most = Math.max(...first.counts, ...second.counts, 1);
  const { chart, redraw } = await plot(figure, (ink) => ({
    grid: GRID,
    legend: {
      right: 16,
      top: 0,
      icon: "path://M0 4h20v2H0z",
      textStyle: { color: ink.ink, fontFamily: ink.font, fontSize: 12 },
      selectedMode: false,
    },
    xAxis: axis(ink, {
      min: edges[0],
      max: edges.at(-1),
      name: words.x,
      nameLocation: "middle",
      nameGap: 28,
      axisLabel: { ...axis(ink).axisLabel, formatter: short },
    }),
    yAxis: decades(ink, most, words.y),
    series: [
      steps(edges, first, { color: ink.ink, width: 2 }),
      steps(edges, second, { color: ink.accent, width: 2, type: [6, 4] }),
    ],
  }));
  const place = (at) => ({ x: chart.convertToPixel({ xAxisIndex: 0 }, (edges[at] + edges[at + 1]) / 2) });
  return { redraw, place };
}

function steps(edges, { name, counts }, lineStyle) {
  const data = counts.map((n, at) => [edges[at], height(n)]);
  data.push([edges.at(-1), height(counts.at(-1))]);
  return { name, type: "line", step: "end", data, symbol: "none", silent: true, lineStyle, itemStyle: { color: lineStyle.color } };
}
