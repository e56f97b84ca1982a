/** Numbers and times as people read them. */

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export const number = (n) => (n === null || n === undefined ? "–" : whole.format(n));
export const shortNumber = (n) => (n === null || n === undefined ? "–" : short.format(n));
export const time = (iso) => (iso ? clock.format(new Date(iso)) : "–");
export const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** The time on a plot that shows so many seconds. */
export const timeOnPlot = (seconds, span) => (span > 86_400 ? days : hours).format(new Date(seconds * 1000));

export function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; n >= 1024 && unit < units.length - 1; unit++) {
    n /= 1024;
  }
  return `${unit === 0 ? n : n.toFixed(1)} ${units[unit]}`;
}

export function millis(n) {
  if (n === null || n === undefined) {
    return "–";
  }
  return n < 1000 ? `${Math.round(n)} ms` : n < 120_000 ? `${(n / 1000).toFixed(1)} s` : `${Math.round(n / 60_000)} min`;
}

/** What a session is at the moment, from what the server shows of it. */
export function status(session) {
  if (session.closedAt) {
    return "closed";
  }
  return session.expiresAt && Date.parse(session.expiresAt) <= Date.now() ? "expired" : "active";
}

/** How a session is called: by its external id, if it has one. */
export const nameOf = (session) => session.externalId ?? session.id;

/** The object that a record's data is, as such or as JSON; null when it is none. */
function objectOf(data) {
  if (typeof data !== "string") {
    return data;
  }
  try {
    const parsed = JSON.parse(data);
    return typeof parsed === "object" ? parsed : null;
  } catch {
    return null;
  }
}

/** JSON or text, with JSON laid out for reading. */
export function readable(data) {
  const object = objectOf(data);
  return object ? JSON.stringify(object, null, 2) : String(data);
}

/** What somebody says in a record; null where nobody speaks. */
export function words(data) {
  const object = objectOf(data);
  const said = [object?.content, object?.text, object?.delta].find((text) => typeof text === "string" && text !== "");
  const by = [object?.type, object?.role].filter((name) => typeof name === "string").join(" ");
  return said === undefined ? null : { said, by };
}
