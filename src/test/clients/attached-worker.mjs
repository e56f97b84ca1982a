// A worker of an attached agent: asks for turns, answers them with the SDK, and is asked by a user
// over the messaging API and over the durable one.
import assert from "node:assert/strict";
import { sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { raw, run, step } from "./program.mjs";

const agent = "5b0e8400-e29b-41d4-a716-446655440000";
const worker = `/api/admin/agents/${agent}/workers/sdk`;

async function json(path, init, status = 200) {
  const response = await raw(path, init);
  const text = await response.text();
  assert.equal(response.status, status, text);
  return text === "" ? null : JSON.parse(text);
}

const post = (path, body, status) => json(path, { method: "POST", body: JSON.stringify(body) }, status);

async function* spoken(words, rest) {
  for (const [index, delta] of words.entries()) {
    yield { ...rest, index, delta };
  }
}

/** Answers one turn as an agent does: piece by piece, then the whole, then the end of the turn. */
async function work() {
  const turn = await json(`${worker}/turn?wait=30`);
  const client = apiClientManager.clientOrThrow();
  const key = turn.externalId;
  const { records } = await client.readSessionStreamRecords(key, "in", {
    afterEventId: turn.inSeq > 0 ? String(turn.inSeq - 1) : undefined,
  });
  const asked = records.find((record) => record.seqNum === turn.inSeq).data;
  const question = asked.content ?? asked;
  const words = ["You ", "said: ", question];
  const { out } = sessions.open(key);
  const messageId = `answer-${turn.inSeq}`;
  const inReplyTo = asked.id;
  await out
    .pipe(spoken(words, { type: "text-delta", messageId, inReplyTo }))
    .waitUntilComplete();
  await out.append({ type: "message", id: messageId, role: "agent", content: words.join(""), inReplyTo });
  await out.writeControl("turn-complete", [["session-in-event-id", String(turn.inSeq)]]);
  step("answered", { question });
}

run(async () => {
  await json(`/api/admin/agents/${agent}`, {
    method: "PUT",
    body: JSON.stringify({ name: "SDK", kind: "attached", taskIdentifiers: ["by-worker"] }),
  }, 201);
  const { sessionId } = await post("/api/messaging/sessions", { agentId: agent, userId: agent }, 201);
  const messages = `/api/messaging/sessions/${sessionId}/messages`;
  await post(messages, { content: "anybody?" }, 503);
  await json(worker, { method: "PUT", body: "{}" });

  const [answer] = await Promise.all([post(messages, { content: "hello", transport: "http" }, 201), work()]);
  assert.equal(answer.agentResponse.text, "You said: hello");
  const history = await json(messages);
  assert.deepEqual(history.messages.map((message) => message.content), ["You said: hello", "hello"]);
  step("messaging");

  const externalId = process.argv[2];
  await sessions.start({ type: "chat", externalId, taskIdentifier: "by-worker", triggerConfig: { basePayload: {} } });
  await sessions.open(externalId).in.send("hi there");
  await work();
  const { records } = await apiClientManager.clientOrThrow().readSessionStreamRecords(externalId, "out", {});
  assert.equal(records.at(-2).data.content, "You said: hi there");
  const idle = await json(worker, { method: "PUT", body: "{}" });
  assert.deepEqual(idle.turns, []);
  step("durable");
});
