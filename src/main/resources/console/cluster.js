/** The nodes, how far lists and figures are, and what the doctor finds. */
import { fill, h, problemLine, section, table } from "./elements.js";
import { millis, number } from "./format.js";
import { ask, repeat } from "./server.js";

const NODES_EVERY = 5_000;
const HEALTH_EVERY = 60_000;

export function showCluster(root, signal) {
  const part = (title, every, path, shown) => {
    const body = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${title}, details` });
    const problem = problemLine();
    repeat(
      signal,
      every,
      async () => fill(body, shown(await ask(path, { signal }))),
      (error) => (problem.textContent = error?.message ?? ""),
    );
    return section(title, problem, body);
  };
  fill(
    root,
    part("Nodes", NODES_EVERY, "/api/v1/cluster", nodes),
    h(
      "div",
      { class: "pair" },
      part("Projections", NODES_EVERY, "/api/admin/projections", projections),
      part("Health", HEALTH_EVERY, "/api/admin/doctor", health),
    ),
  );
}

const state = (good, text) => h("span", { class: good ? "good" : "bad" }, text);

function nodes({ members, leader, self }) {
  return table(
    "Nodes of the cluster, the oldest first",
    ["Node", "Status", "Shards", "Sessions awake", "Version", "Roles"],
    members.map((member) => [
      [member.node, member.node === leader ? " (leader)" : "", member.node === self ? " (this one)" : ""].join(""),
      state(member.reachable && member.status === "up", member.reachable ? member.status : `${member.status}, unreachable`),
      number(member.shards),
      number(member.awakeSessions),
      member.version ?? "development",
      member.roles.join(", ") || "–",
    ]),
  );
}

function projections({ projections }) {
  return table(
    "Projections: what keeps lists and figures",
    ["Name", "Behind", "Events behind", "Parked", "State"],
    projections.map((one) => [
      one.name,
      millis(one.lagSeconds * 1000),
      number(one.eventsBehind),
      number(one.parked),
      state(!one.paused && one.parked === 0, one.paused ? "paused" : one.parked > 0 ? "events parked" : "running"),
    ]),
  );
}

function health({ checks }) {
  return table(
    "Checks of the doctor",
    ["Check", "State", "Seen"],
    checks.map((check) => [
      check.name,
      state(check.status === "ok", check.status),
      [check.value, check.remedy && h("div", { class: "small" }, check.remedy)].filter(Boolean),
    ]),
  );
}
