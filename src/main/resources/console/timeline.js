/** What has happened to a session, the newest first. */
import { fill, h, moment, problemLine } from "./elements.js";
import { bytes, millis, plural, time } from "./format.js";
import { ask, pathOf, repeat } from "./server.js";

const EVERY = 3_000;
const PAGE = 100;

/** Each says in words what an event of its type means. */
const WORDS = {
  created: ({ taskIdentifier, agentId, expiresAt }) =>
    `Created for ${taskIdentifier}` +
    (agentId ? `, answered by agent ${agentId}` : "") +
    (expiresAt ? `, ends ${time(expiresAt)}` : ""),
  updated: ({ tags }) => `Changed; tags ${tags.join(", ") || "none"}`,
  closed: ({ reason }) => `Closed${reason ? `: ${reason}` : ""}`,
  run: ({ runId }) => `Run ${runId} took over`,
  renewed: ({ cause, expiresAt, renewalCount }) =>
    `Activity (${cause}): ends ${time(expiresAt)}, ${plural(renewalCount, "renewal")}`,
  timeout: ({ expiresAt }) => `Timeout changed: ends ${time(expiresAt)}`,
  warned: () => "Warned that the end is near",
  expired: ({ expiresAt }) => `Expired at ${time(expiresAt)}`,
  purged: () => "Purged",
  "restore-begun": () => "A copy of the session began to come in",
  restored: () => "The session has come from a copy",
  "turn-started": ({ seq, attempt }) => `Agent at work on record ${seq} of .in${attempt > 1 ? `, attempt ${attempt}` : ""}`,
  "turn-ended": ({ seq, outcome, tookMs }) => `Agent done with record ${seq} of .in: ${outcome} after ${millis(tookMs)}`,
  waitpoint: ({ id, stream, timeoutAt }) =>
    `Waitpoint ${id} waits ${stream ? `for ${nameOf(stream)} behind ${stream.afterSeq}` : "to be completed"}` +
    (timeoutAt ? `, until ${time(timeoutAt)}` : ""),
  "waitpoint-completed": ({ id }) => `Waitpoint ${id} was completed`,
  "waitpoints-timed-out": ({ ids }) => `Timed out: ${plural(ids.length, "waitpoint")} ${ids.join(", ")}`,
  callbacks: ({ ids, tries, nextTry }) =>
    `Callback of ${ids.join(", ")} ` +
    (nextTry ? `owed, ${plural(tries, "try", "tries")} so far, next ${time(nextTry)}` : "settled"),
  records: ({ streams, commits }) =>
    `${streams.map(stretch).join("; ") || "Records"} in ${plural(commits, "commit")}`,
};

const nameOf = ({ channel, direction }) => (channel ? `${channel}.${direction}` : `.${direction}`);

function stretch(stream) {
  const messages = stream.messages > 0 ? `, ${plural(stream.messages, "message")}` : "";
  const place = `${stream.firstSeq}–${stream.endSeq - 1}`;
  return `${plural(stream.records, "record")} on ${nameOf(stream)} (${place}${messages}, ${bytes(stream.bytes)})`;
}

const entry = (event) =>
  h(
    "li",
    { "data-type": event.type },
    moment(time(event.at), event.at),
    h("span", {}, WORDS[event.type]?.(event) ?? event.type),
  );

/**
 * Shows it and looks again every few seconds, unless older parts have been asked for.
 *
 * @param onLook called with each answer, which also tells where the channels are
 */
export function showTimeline(root, id, signal, onLook) {
  const problem = problemLine();
  const list = h("ol", { class: "moments", tabindex: 0, "aria-label": "What has happened, newest first" });
  const older = h("button", { hidden: true, onclick: () => showOlder().catch(tell) }, "Older");
  const newest = h("button", { hidden: true, onclick: () => look(true).catch(tell) }, "Newest");
  const tell = (error) => signal.aborted || (problem.textContent = error?.message ?? "");
  let next = null;
  let goneBack = false;

  const part = (before) => ask(`${pathOf(id)}/timeline?limit=${PAGE}${before ? `&before=${before}` : ""}`, { signal });

  function placed(answer) {
    next = answer.next;
    older.hidden = next === null;
    newest.hidden = !goneBack;
  }

  async function look(back = false) {
    const answer = await part(null);
    goneBack &&= !back;
    if (!goneBack) {
      fill(list, answer.events.map(entry));
      placed(answer);
    }
    onLook(answer);
  }

  async function showOlder() {
    const answer = await part(next);
    goneBack = true;
    list.append(...answer.events.map(entry));
    placed(answer);
  }

  fill(root, problem, list, h("div", { class: "bar" }, older, newest));
  repeat(signal, EVERY, () => look(), tell);
  return { look: () => look().then(() => tell(null), tell) };
}
