/** A plot of several lines over time, drawn by uPlot, with what it shows as text and as a table besides. */
import uPlot from "./uplot.js";
import { fill, h, table } from "./elements.js";
import { shortNumber, timeOnPlot } from "./format.js";

const MAX_SERIES = 6;
const dark = matchMedia("(prefers-color-scheme: dark)");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/**
 * @param title what is plotted
 * @param format of a value; total says how values of a line are summed up in the legend, steps what may lie between two marks
 */
export function plot(title, { format = shortNumber, total = sum, steps, signal }) {
  const canvas = h("div", { class: "plot", role: "img", "aria-label": title });
  const legend = h("ul", { class: "legend" });
  const readout = h("p", { class: "readout faint" });
  const values = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${title}, values` });
  const details = h("details", {}, h("summary", { class: "small" }, "Values"), values);
  const figure = h("figure", { class: "card" }, h("figcaption", {}, title), canvas, legend, readout, details);
  let data = null;
  let drawn = null;

  const span = () => data.times.at(-1) - data.times[0];

  function showTable() {
    if (details.open && data) {
      const rows = data.times.map((at, i) => [timeOnPlot(at, span()), ...data.lines.map((line) => format(line.values[i]))]);
      fill(values, table(title, ["Time", ...data.lines.map(({ name }) => name)], rows.reverse()));
    }
  }

  /** What stands under the pointer. */
  function point(u) {
    const i = u.cursor.idx ?? null;
    const values = i === null ? [] : data.lines.map((line) => `${line.name} ${format(line.values[i])}`);
    readout.textContent = i === null ? "" : `${timeOnPlot(data.times[i], span())}: ${values.join(", ")}`;
  }

  function draw() {
    drawn?.destroy();
    drawn = null;
    if (!data || canvas.clientWidth === 0) {
      return;
    }
    const axis = { stroke: colour("faint"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line") } };
    drawn = new uPlot(
      {
        width: canvas.clientWidth,
        height: canvas.clientHeight,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        hooks: { setCursor: [point] },
        scales: { y: { range: (u, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
        axes: [
          { ...axis, values: (u, ticks) => ticks.map((at) => timeOnPlot(at, span())), space: 90 },
          { ...axis, values: (u, ticks) => ticks.map((value) => format(value)), size: 68, ...(steps && { incrs: steps }) },
        ],
        series: [
          {},
          ...data.lines.map((line, i) => ({
            label: line.name,
            stroke: colour(`series-${i + 1}`),
            width: 2,
            spanGaps: true,
            points: { show: data.times.length < 3 },
          })),
        ],
      },
      [data.times, ...data.lines.map((line) => line.values)],
      canvas,
    );
  }

  const resized = new ResizeObserver(() => drawn?.width !== canvas.clientWidth && draw());
  resized.observe(canvas);
  dark.addEventListener("change", draw, { signal });
  details.addEventListener("toggle", showTable);
  signal.addEventListener("abort", () => {
    resized.disconnect();
    drawn?.destroy();
    drawn = null;
  });

  return {
    figure,
    /** Shows the first six lines: times in Unix seconds, values one for each, null for none. */
    show(times, lines) {
      const before = namesOf(data?.lines ?? []);
      data = { times, lines: lines.slice(0, MAX_SERIES) };
      const sums = data.lines.map((line) => `${line.name}: ${format(total(line.values))}`);
      fill(legend, sums.map((text, i) => h("li", { class: `series-${i + 1}` }, text)));
      canvas.setAttribute("aria-label", `${title} from ${timeOnPlot(times[0], span())} on. ${sums.join(", ") || "Nothing"}.`);
      if (drawn && before === namesOf(data.lines)) {
        drawn.setData([times, ...data.lines.map((line) => line.values)]);
      } else {
        draw();
      }
      showTable();
    },
  };
}

const namesOf = (lines) => lines.map(({ name }) => name).join();

export const sum = (values) => values.reduce((all, value) => all + (value ?? 0), 0);

/** Of those that are there the middle one. */
export function median(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor((sorted.length - 1) / 2)];
}
