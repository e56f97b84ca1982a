/** What goes on in the whole installation. */
import { showCluster } from "./cluster.js";
import { fill, h, problemLine } from "./elements.js";
import { bytes, millis, number, shortNumber } from "./format.js";
import { median, plot } from "./plot.js";
import { ask, repeat } from "./server.js";

const EVERY = 3_000;
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, i) => 2 ** i);
const RANGES = [
  ["1h", "1 hour"],
  ["6h", "6 hours"],
  ["24h", "24 hours"],
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
];
const GROUPS = [
  ["type", "type"],
  ["taskIdentifier", "task"],
  ["agent", "agent"],
  ["tag", "tag"],
  ["status", "status"],
];

const choice = (label, options, chosen, onchange) =>
  h(
    "label",
    { class: "bar faint" },
    label,
    h("select", { onchange }, options.map(([value, name]) => h("option", { value, selected: value === chosen }, name))),
  );

export function showOverview(root, { signal }) {
  let range = "24h";
  let group = "type";
  const problem = problemLine();
  const counters = h("dl", { class: "counters" });
  const plots = [
    { key: "created", title: "Sessions created" },
    { key: "messages", title: "Messages" },
    { key: "bytes", title: "Bytes written", format: (n) => (n === null ? "–" : bytes(n)), steps: POWERS_OF_TWO },
    { key: "medianTurnMs", title: "Median time of an agent's turn", format: millis, total: median },
  ].map((one) => ({ ...one, ...plot(one.title, { ...one, signal }) }));

  async function refresh() {
    const asked = `${range} ${group}`;
    const stats = (groupBy) =>
      ask(`/api/v1/sessions/stats?period=${range}${groupBy ? `&groupBy=${groupBy}` : ""}`, { signal });
    const [all, statuses, groups] = await Promise.all([stats(), stats("status"), stats(group)]);
    if (asked !== `${range} ${group}`) {
      return;
    }
    fill(counters, figures(all, statuses));
    const times = bucketsOf(groups);
    for (const one of plots) {
      one.show(
        times,
        groups.groups.map((each) => ({ name: each.key ?? "none", values: valuesOf(each, groups, times.length, one.key) })),
      );
    }
  }

  const tell = (error) => (problem.textContent = error?.message ?? "");
  const again = (change) => (event) => {
    change(event.target.value);
    refresh().then(() => tell(null), (error) => signal.aborted || tell(error));
  };
  const cluster = h("div");
  fill(
    root,
    h(
      "div",
      { class: "bar spread" },
      h("h1", { tabindex: -1 }, "Overview"),
      h(
        "div",
        { class: "bar" },
        choice("Range", RANGES, range, again((value) => (range = value))),
        choice("Lines by", GROUPS, group, again((value) => (group = value))),
      ),
    ),
    problem,
    counters,
    h("div", { class: "pair" }, plots.map(({ figure }) => figure)),
    cluster,
  );
  showCluster(cluster, signal);
  repeat(signal, EVERY, refresh, tell);
}

function figures(all, statuses) {
  const now = (status) => statuses.groups.find(({ key }) => key === status)?.sessions ?? 0;
  const total = all.groups[0]?.total ?? {};
  return [
    ["Active now", number(now("ACTIVE"))],
    ["Expired", number(now("EXPIRED"))],
    ["Closed", number(now("CLOSED"))],
    ["Created", number(total.created ?? 0)],
    ["Messages", number(total.messages ?? 0)],
    ["Records", shortNumber(total.records ?? 0)],
    ["Written", bytes(total.bytes ?? 0)],
    ["Median turn", millis(total.medianTurnMs)],
  ].map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { "data-figure": name }, value)));
}

/** The beginnings of all buckets, in Unix seconds; the answer names only those in which anything happened. */
function bucketsOf({ from, to, bucketSeconds }) {
  const first = Date.parse(from) / 1000;
  const count = Math.round((Date.parse(to) / 1000 - first) / bucketSeconds);
  return Array.from({ length: count }, (_, i) => first + i * bucketSeconds);
}

function valuesOf(group, { from, bucketSeconds }, count, key) {
  const values = new Array(count).fill(key === "medianTurnMs" ? null : 0);
  for (const bucket of group.series) {
    values[Math.round((Date.parse(bucket.at) - Date.parse(from)) / 1000 / bucketSeconds)] = bucket[key];
  }
  return values;
}
