/** The list of sessions: every filter of the server, page by page as far as one scrolls. */
import { h, fill, problemLine } from "./elements.js";
import { nameOf, plural, status, time } from "./format.js";
import { rows } from "./rows.js";
import { ask } from "./server.js";

const PAGE = 100;
const TYPING_PAUSE = 200;

/** The fields that go into the filter of the same name as they are. */
const TEXTS = [
  ["search", "Search ids and tags", "search"],
  ["type", "Type"],
  ["tags", "Tag"],
  ["taskIdentifier", "Task"],
  ["externalId", "External id"],
  ["metadata", "Metadata, as in plan=pro&customer.id=7"],
];
const STATUSES = ["ACTIVE", "EXPIRED", "CLOSED"];
const PERIODS = [
  ["", "At any time"],
  ["1h", "In the last hour"],
  ["24h", "In the last 24 hours"],
  ["7d", "In the last 7 days"],
  ["30d", "In the last 30 days"],
];

/** What the address says of the filters, as parameters of the server's list. */
function filters(wanted) {
  const query = new URLSearchParams();
  const put = (name, value) => value && query.append(`filter[${name}]`, value);
  TEXTS.filter(([name]) => name !== "metadata").forEach(([name]) => put(name, wanted.get(name)?.trim()));
  put("status", wanted.getAll("status").join(","));
  put("createdAt][period", wanted.get("period"));
  for (const end of ["from", "to"]) {
    const at = Date.parse(wanted.get(end) ?? "");
    put(`createdAt][${end}`, Number.isNaN(at) ? "" : String(at));
  }
  for (const pair of (wanted.get("metadata") ?? "").split("&").filter((one) => one.includes("="))) {
    const equals = pair.indexOf("=");
    put(`metadata.${pair.slice(0, equals).trim()}`, pair.slice(equals + 1).trim());
  }
  return query;
}

export function showSessions(root, { parameters, signal }) {
  const problem = problemLine();
  const count = h("p", { role: "status", class: "small" });
  const form = filterForm(parameters);
  let cursor = null;
  let query = filters(parameters);

  async function more() {
    const mine = query;
    const asked = new URLSearchParams(mine);
    asked.set("page[size]", PAGE);
    if (cursor) {
      asked.set("page[after]", cursor);
    }
    if (cursor === "") {
      return [];
    }
    const { data, pagination } = await ask(`/api/v1/sessions?${asked}`, { signal });
    if (mine === query) {
      cursor = pagination.next ?? "";
    }
    return data;
  }

  const tellCount = (n) => (count.textContent = `${plural(n, "session")} found`);

  /** Figures may be a second behind the list, so they are asked only for what the list does not show whole. */
  async function showCount() {
    const mine = query;
    if (list.size() !== null) {
      tellCount(list.size());
      return;
    }
    const asked = new URLSearchParams(mine);
    asked.set("period", "1m");
    const { groups } = await ask(`/api/v1/sessions/stats?${asked}`, { signal });
    if (mine === query) {
      tellCount(groups[0]?.sessions ?? 0);
    }
  }

  const tell = (error) => signal.aborted || (problem.textContent = error?.message ?? "");
  const list = rows({ label: "Sessions", columns: COLUMNS, open, more, onProblem: tell });

  function reload() {
    cursor = null;
    query = filters(wanted());
    count.textContent = "Looking…";
    list.reset().then(showCount).catch(tell);
  }

  const wanted = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  let typing;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      history.replaceState(null, "", `#/sessions?${wanted()}`);
      reload();
    }, TYPING_PAUSE);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener(
    "keydown",
    (event) => {
      if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) {
        event.preventDefault();
        form.elements.search.focus();
      }
    },
    { signal },
  );
  const resized = new ResizeObserver(list.resized);
  resized.observe(list.grid);
  signal.addEventListener("abort", () => {
    clearTimeout(typing);
    resized.disconnect();
  });

  fill(
    root,
    h(
      "div",
      { class: "bar spread" },
      h("h1", { tabindex: -1 }, "Sessions"),
      h("button", { onclick: reload }, "Reload"),
    ),
    h("div", { class: "card" }, form),
    problem,
    count,
    list.grid,
    h("p", { class: "small" }, "/ goes to the search; in the list arrow keys, Page Up, Page Down, Home, End and Enter."),
  );
  reload();
}

const open = (session) => (location.hash = `#/sessions/${encodeURIComponent(session.id)}`);

const COLUMNS = [
  {
    name: "Session",
    cell: (session) =>
      h("a", { href: `#/sessions/${encodeURIComponent(session.id)}`, tabindex: -1, title: session.id }, nameOf(session)),
  },
  { name: "Status", cell: (session) => h("span", { class: status(session) === "active" ? "good" : "faint" }, status(session)) },
  { name: "Type", cell: ({ type }) => type },
  { name: "Task", cell: ({ taskIdentifier }) => taskIdentifier },
  { name: "Tags", cell: ({ tags }) => tags.join(", ") },
  { name: "Created", cell: ({ createdAt }) => h("time", { datetime: createdAt }, time(createdAt)) },
];

function filterForm(parameters) {
  const text = ([name, label, type]) =>
    h(
      "label",
      { class: type === "search" ? "search" : null },
      label,
      h("input", { name, type: type ?? "text", value: parameters.get(name), spellcheck: "false", autocomplete: "off" }),
    );
  const end = (name, label) =>
    h("label", {}, label, h("input", { name, type: "datetime-local", value: parameters.get(name) }));
  return h(
    "form",
    { class: "filters", role: "search", "aria-label": "Sessions" },
    TEXTS.map(text),
    h(
      "label",
      {},
      "Created",
      h(
        "select",
        { name: "period" },
        PERIODS.map(([value, name]) => h("option", { value, selected: value === parameters.get("period") }, name)),
      ),
    ),
    end("from", "Created from"),
    end("to", "Created before"),
    h(
      "fieldset",
      {},
      h("legend", { class: "small" }, "Status"),
      STATUSES.map((value) =>
        h(
          "label",
          {},
          h("input", { type: "checkbox", name: "status", value, checked: parameters.getAll("status").includes(value) }),
          value.toLowerCase(),
        ),
      ),
    ),
  );
}
