/** The agents and whether they are started. */
import { fill, h, problemLine, table } from "./elements.js";
import { ask, repeat } from "./server.js";

const EVERY = 5_000;

export function showAgents(root, { signal }) {
  const problem = problemLine();
  const body = h("div", { class: "card scroll", tabindex: 0, role: "region", "aria-label": "Agents, details" });
  const tell = (error) => (problem.textContent = error?.message ?? "");

  async function refresh() {
    const { agents } = await ask("/api/admin/agents", { signal });
    const focused = document.activeElement?.dataset.agent;
    fill(body, agents.length === 0 ? h("p", {}, "No agent is configured or registered.") : list(agents));
    body.querySelector(`[data-agent="${CSS.escape(focused ?? "")}"]`)?.focus();
  }

  async function switchTo(agent, started) {
    try {
      await ask(`/api/admin/agents/${encodeURIComponent(agent.id)}/${started ? "start" : "stop"}`, { method: "POST", signal });
      await refresh();
      tell(null);
    } catch (error) {
      tell(error);
    }
  }

  const list = (agents) =>
    table(
      "Agents of this environment",
      ["Name", "Kind", "State", "Serves", "Where", "From", "Do"],
      agents.map((agent) => [
        [agent.name, h("div", { class: "small" }, agent.id)],
        agent.kind,
        h("span", { class: agent.started ? "good" : "bad" }, agent.started ? "started" : "stopped"),
        agent.taskIdentifiers.join(", ") || "–",
        agent.url ?? agent.baseUrl ?? "–",
        agent.source,
        h(
          "button",
          { "data-agent": agent.id, onclick: () => switchTo(agent, !agent.started) },
          agent.started ? "Stop" : "Start",
          h("span", { class: "unseen" }, ` ${agent.name}`),
        ),
      ]),
    );

  fill(root, h("h1", { tabindex: -1 }, "Agents"), problem, body);
  repeat(signal, EVERY, refresh, tell);
}
