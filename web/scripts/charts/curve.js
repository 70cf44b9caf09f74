// Lines in a plane of two measures: ROC, precision and recall, reliability.
//
// data: { x: { name, min, max }, y: { name, min, max }, is_square, lines: [{ name, points: [[x, y], …], look, at }],
//         intervals: [[x, low, high], …], marks: [{ x, y, name }] }
// look: "data" (the first such line is walked), "other" (of what it is compared with), "context" (a baseline), "dots".
// at: the place in a line's points that its name stands beside (the last by default).
import { axis, GRID, plot } from "./plot.js";
import { share } from "./figures.js";

export async function draw(figure) {
  const { data } = figure;
  const walked = data.lines.find((line) => line.look === "data" || line.look === "dots");
  const { chart, redraw } = await plot(figure, (ink) => ({
    grid: { ...GRID, right: 24 },
    xAxis: measure(ink, data.x, { nameLocation: "middle", nameGap: 28 }),
    yAxis: measure(ink, data.y, {
      nameTextStyle: { ...axis(ink).nameTextStyle, align: "left", padding: [0, 0, 0, -48] },
      splitLine: { show: true, lineStyle: { color: ink.line, opacity: 0.6 } },
    }),
    series: [
      ...intervals(ink, data.intervals ?? []),
      ...data.lines.map((line) => drawn(ink, line)),
      ...(data.marks ?? []).map((mark) => marked(ink, mark)),
    ],
  }));
  const place = (at) => {
    const [x, y] = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, walked.points[at]);
    return { x, y };
  };
  return { redraw, place };
}

function measure(ink, { name, min, max }, more) {
  return axis(ink, { name, min, max, axisLabel: { ...axis(ink).axisLabel, formatter: share }, ...more });
}

function drawn(ink, { name, points, look, at }) {
  const colour = { data: ink.ink, dots: ink.ink, other: ink.accent, context: ink.lineStrong }[look];
  const named = at ?? points.length - 1;
  return {
    type: "line",
    data: points.map((value, place) => ({ value, label: { show: place === named } })),
    silent: true,
    symbol: "circle",
    showSymbol: true,
    symbolSize: (_, { dataIndex }) => (look === "dots" ? 7 : dataIndex === named ? 0.1 : 0),
    itemStyle: { color: colour },
    lineStyle: {
      color: colour,
      width: look === "context" ? 1 : 2,
      type: { other: [6, 4], context: [2, 4] }[look] ?? "solid",
      opacity: look === "dots" ? 0.35 : 1,
    },
    label: {
      formatter: () => name,
      color: look === "context" ? ink.inkMuted : colour,
      fontFamily: ink.font,
      fontSize: 12,
      position: "top",
    },
  };
}

function intervals(ink, all) {
  const data = all.flatMap(([x, low, high]) => [[x, low], [x, high], [x, "-"]]);
  return data.length ? [{ type: "line", data, symbol: "none", silent: true, lineStyle: { color: ink.inkMuted, width: 1 } }] : [];
}

function marked(ink, { x, y, name }) {
  return {
    type: "scatter",
    data: [[x, y]],
    silent: true,
    symbol: "diamond",
    symbolSize: 11,
    itemStyle: { color: ink.accent },
    label: {
      show: true,
      formatter: () => name,
      position: x > 0.6 ? "left" : "right",
      offset: [0, y > 0.5 ? 14 : -14], // beside the line, not on it
      color: ink.accent,
      fontFamily: ink.font,
      fontSize: 12,
      fontWeight: 600,
    },
  };
}
