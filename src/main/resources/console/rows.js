/** A long list of which only the rows that are seen are in the document. By pointer and by keyboard. */
import { fill, h } from "./elements.js";

/** The height of a row in pixels, as in the style. */
const ROW = 44;
const AROUND = 6;
/** So many rows before the end of what is there, more is asked for. */
const AHEAD = 40;

/**
 * @param label the name of the list
 * @param columns [{ name, cell }], where cell makes the content for an item
 * @param more asks for the items behind those that are there: an array, which is empty when there are none
 * @param open called with the item that was chosen
 */
export function rows({ label, columns, open, more, onProblem }) {
  const head = h(
    "div",
    { role: "rowgroup", class: "head" },
    h("div", { role: "row", "aria-rowindex": 1 }, columns.map(({ name }) => h("div", { role: "columnheader" }, name))),
  );
  const body = h("div", { role: "rowgroup", class: "body" });
  const grid = h("div", { role: "grid", class: "grid", tabindex: 0, "aria-label": label, "aria-rowcount": -1 }, head, body);
  let items = [];
  let shown = new Map();
  let active = -1;
  let generation = 0;
  let loading = false;
  let complete = false;

  function row(index) {
    const item = items[index];
    const element = h(
      "div",
      {
        role: "row",
        id: `row-${index}`,
        "aria-rowindex": index + 2,
        "aria-selected": String(index === active),
        onclick: (event) => {
          if (!event.target.closest("a")) {
            open(item);
          }
        },
      },
      columns.map(({ cell }) => h("div", { role: "gridcell" }, cell(item))),
    );
    element.style.top = `${index * ROW}px`;
    return element;
  }

  function render() {
    const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - AROUND);
    const last = Math.min(items.length, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW) + AROUND);
    const next = new Map();
    for (let index = first; index < last; index++) {
      next.set(index, shown.get(index) ?? row(index));
    }
    if (active >= 0 && active < items.length && !next.has(active)) {
      next.set(active, shown.get(active) ?? row(active));
    }
    for (const [index, element] of shown) {
      if (!next.has(index)) {
        element.remove();
      }
    }
    let previous = null;
    for (const index of [...next.keys()].sort((a, b) => a - b)) {
      const element = next.get(index);
      if (!shown.has(index)) {
        previous ? previous.after(element) : body.prepend(element);
      }
      previous = element;
    }
    shown = next;
    if (items.length - last < AHEAD) {
      load();
    }
  }

  async function load() {
    if (loading || complete) {
      return;
    }
    loading = true;
    const mine = generation;
    try {
      const added = await more();
      if (mine !== generation) {
        return;
      }
      complete = added.length === 0;
      items = items.concat(added);
      body.style.height = `${items.length * ROW}px`;
      grid.setAttribute("aria-rowcount", complete ? items.length + 1 : -1);
      onProblem(null);
    } catch (error) {
      if (mine === generation) {
        onProblem(error);
      }
      return;
    } finally {
      if (mine === generation) {
        loading = false;
      }
    }
    render();
  }

  function activate(index) {
    shown.get(active)?.setAttribute("aria-selected", "false");
    active = Math.max(0, Math.min(items.length - 1, index));
    const top = active * ROW;
    // The head covers the first row of what is seen.
    const room = grid.clientHeight - ROW;
    if (top < grid.scrollTop) {
      grid.scrollTop = top;
    } else if (top + ROW > grid.scrollTop + room) {
      grid.scrollTop = top + ROW - room;
    }
    render();
    shown.get(active)?.setAttribute("aria-selected", "true");
    grid.setAttribute("aria-activedescendant", `row-${active}`);
  }

  const page = () => Math.max(1, Math.floor(grid.clientHeight / ROW) - 2);
  const keys = {
    ArrowDown: () => activate(active + 1),
    ArrowUp: () => activate(active - 1),
    PageDown: () => activate(active + page()),
    PageUp: () => activate(active - page()),
    Home: () => activate(0),
    End: () => activate(items.length - 1),
    Enter: () => active >= 0 && open(items[active]),
  };
  grid.addEventListener("keydown", (event) => {
    if (keys[event.key] && items.length > 0 && event.target === grid) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  grid.addEventListener("scroll", render, { passive: true });

  return {
    grid,
    /** Forgets what is there and asks for all anew. */
    reset() {
      generation++;
      items = [];
      shown = new Map();
      active = -1;
      loading = false;
      complete = false;
      fill(body);
      body.style.height = "0";
      grid.scrollTop = 0;
      grid.removeAttribute("aria-activedescendant");
      return load();
    },
    resized: render,
    /** How many items there are; null as long as there may be more. */
    size: () => (complete ? items.length : null),
  };
}
