/** Elements, and no markup: whatever comes from the server stays text. */

/**
 * An element with attributes, listeners (names that begin with "on") and children. Attributes that are null, undefined or
 * false are left out, and so are such children.
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value);
    }
  }
  element.append(...shown(children));
  return element;
}

function shown(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Puts these children in the place of what is there. */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
  return element;
}

/** A part of the page with a heading; its name is that heading. */
export function section(title, ...children) {
  const id = `s-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  return h("section", { class: "card", "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** A table; cells are texts or elements. */
export function table(caption, columns, rows) {
  return h(
    "table",
    {},
    h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell))))),
  );
}

/** A time as people read it, with the exact one for programs. */
export function moment(text, iso) {
  return h("time", { datetime: iso, title: iso }, text);
}

/** Where what went wrong is told, at once and aloud. */
export const problemLine = () => h("p", { class: "problem", role: "alert" });
