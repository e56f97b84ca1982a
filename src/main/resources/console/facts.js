/** What is known of a session. */
import { fill, h, moment } from "./elements.js";
import { plural, readable, status, time } from "./format.js";

/**
 * @param lifetime what moves its end; null when nothing does
 */
export function showFacts(root, session, lifetime) {
  const at = (iso) => (iso ? moment(time(iso), iso) : "–");
  const state = status(session);
  const facts = [
    ["Status", h("span", { class: state === "active" ? "good" : "bad" }, state)],
    ["Id", session.id],
    ["External id", session.externalId ?? "–"],
    ["Type", session.type],
    ["Task", session.taskIdentifier],
    ["Tags", session.tags.join(", ") || "–"],
    ["Run", session.currentRunId],
    ["Created", at(session.createdAt)],
    ["Changed", at(session.updatedAt)],
    ["Ends", at(session.expiresAt)],
    lifetime && ["Timeout", timeout(lifetime, at)],
    session.closedAt && ["Closed", [at(session.closedAt), ` ${session.closedReason ?? "without a reason"}`]],
    ["Metadata", json(session.metadata)],
    ["Trigger configuration", json(session.triggerConfig)],
  ];
  fill(root, facts.filter(Boolean).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function timeout(lifetime, at) {
  const renewal = lifetime.autoRenew ? "messages renew it" : "renewed by hand alone";
  const so = `${lifetime.timeoutMinutes} min, ${renewal}, ${plural(lifetime.renewalCount, "renewal")} so far, at most until `;
  return [so, at(lifetime.latestEnd)];
}

const json = (value) => (value ? h("details", {}, h("summary", {}, "Show"), h("pre", { tabindex: 0 }, readable(value))) : "–");
