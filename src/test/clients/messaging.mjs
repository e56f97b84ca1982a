// The messaging API as an application uses it through the published client.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ApiError, ElizaClient } from "@elizaos/api-client";
import { failure, run, step } from "./program.mjs";

const baseUrl = process.env.MESSAGING_URL;
const apiKey = process.env.MESSAGING_KEY;
const agentId = "00000000-0000-4000-8000-0000000000ec";

const { sessions } = ElizaClient.create({ baseUrl, apiKey });

/** The ApiError that the call ends with: what of an answer's error reaches a user of the client. */
async function refused(call, status, code) {
  const error = await failure(call);
  assert.ok(error instanceof ApiError, `not an answer of the server: ${error?.stack ?? error}`);
  assert.deepEqual([error.status, error.code], [status, code], error.message);
  assert.ok(error.message.length > 0);
  return error;
}

function create(more = {}) {
  return sessions.createSession({ agentId, userId: randomUUID(), ...more });
}

async function lives() {
  const userId = randomUUID();
  const made = await sessions.createSession({
    agentId,
    userId,
    metadata: { plan: "pro" },
    timeoutConfig: { timeoutMinutes: 45 },
  });
  assert.deepEqual([made.agentId, made.userId, made.metadata], [agentId, userId, { plan: "pro" }]);
  assert.equal(new Date(made.expiresAt) - new Date(made.createdAt), 45 * 60_000);
  const { sessionId } = made;
  const info = await sessions.getSession(sessionId);
  for (const field of ["sessionId", "channelId", "createdAt", "expiresAt", "timeoutConfig"]) {
    assert.deepEqual(info[field], made[field], field);
  }
  const list = await sessions.listSessions();
  assert.ok(list.sessions.some((session) => session.sessionId === sessionId));
  assert.equal(list.total, list.sessions.length);
  const health = await sessions.checkHealth();
  assert.deepEqual([health.status, health.activeSessions], ["healthy", list.total]);

  const deleted = await sessions.deleteSession(sessionId);
  assert.equal(deleted.success, true);
  assert.ok(deleted.message.includes(sessionId));
  await refused(() => sessions.getSession(sessionId), 404, "SESSION_NOT_FOUND");
  await refused(() => sessions.deleteSession(sessionId), 404, "SESSION_NOT_FOUND");
  step("lived");
}

/** Polls until the session holds so many messages: the default transport tells nobody. */
async function history(sessionId, count) {
  for (;;) {
    const page = await sessions.getMessages(sessionId, { limit: 100 });
    if (page.messages.length >= count) {
      assert.equal(page.messages.length, count);
      return page.messages;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function sends() {
  const { sessionId, userId } = await create();
  const sent = await sessions.sendMessage(sessionId, { content: "by websocket", metadata: { n: 1 } });
  assert.equal(sent.success, true);
  assert.deepEqual([sent.userMessage.content, sent.userMessage.authorId], ["by websocket", userId]);
  assert.equal(sent.userMessage.metadata.n, 1);
  assert.equal(sent.agentResponse, undefined);
  assert.deepEqual([sent.sessionStatus.renewalCount, sent.sessionStatus.wasRenewed], [1, true]);
  const [answer] = await history(sessionId, 2);
  assert.deepEqual([answer.content, answer.isAgent, answer.authorId], ["by websocket", true, agentId]);

  const sync = await sessions.sendMessageSync(sessionId, { content: "at once" });
  assert.equal(sync.agentResponse.text, "at once");
  assert.equal(sync.sessionStatus.renewalCount, 2);
  // All that this client makes of a stream, which it reads to its end.
  assert.deepEqual(await sessions.sendMessage(sessionId, { content: "in pieces", transport: "sse" }), {
    success: true,
  });
  const [last, question] = await history(sessionId, 6);
  assert.deepEqual([last.content, question.content], ["in pieces", "in pieces"]);
  assert.equal(last.metadata.inReplyTo, question.id);
  step("sent");
}

async function repeats() {
  const { sessionId } = await create();
  const params = { content: "once", metadata: { clientMessageId: randomUUID() } };
  const first = await sessions.sendMessageSync(sessionId, params);
  const again = await sessions.sendMessageSync(sessionId, params);
  assert.deepEqual(again, first);
  const plain = await sessions.sendMessage(sessionId, params);
  assert.equal(plain.userMessage.id, first.userMessage.id);
  await history(sessionId, 2);
  assert.equal((await sessions.getSession(sessionId)).renewalCount, 1);
  step("repeated");
}

async function pages() {
  const { sessionId } = await create();
  for (let i = 0; i < 12; i++) {
    await Promise.all(
      Array.from({ length: 5 }, (_, j) => sessions.sendMessage(sessionId, { content: `${i}/${j}` }))
    );
  }
  await sessions.sendMessageSync(sessionId, { content: "the last" });
  const count = 2 * 61;
  // As numbers, the way they come, and as the dates and texts that the client makes numbers of.
  const forms = [(time) => time, (time) => new Date(time), (time) => new Date(time).toISOString()];
  for (const form of forms) {
    const back = [];
    let page = await sessions.getMessages(sessionId, { limit: 7 });
    const newest = page.cursors.after;
    back.push(...page.messages);
    while (page.hasMore) {
      page = await sessions.getMessages(sessionId, { limit: 7, before: form(page.cursors.before) });
      back.push(...page.messages);
    }
    assert.equal(back.length, count);
    assert.equal(new Set(back.map((message) => message.id)).size, count);
    const oldest = page.cursors.before;

    const forth = [];
    page = { hasMore: true, cursors: { after: oldest - 1 } };
    while (page.hasMore) {
      page = await sessions.getMessages(sessionId, { limit: 11, after: form(page.cursors.after) });
      forth.push(...page.messages.reverse());
    }
    assert.deepEqual(forth.reverse(), back);
    const between = await sessions.getMessages(sessionId, { after: form(oldest), before: form(newest), limit: 100 });
    assert.deepEqual(between.messages, back.slice(1, 101));
    assert.equal(between.hasMore, true);
    assert.deepEqual(await sessions.getMessages(sessionId, { after: form(newest) }), {
      messages: [],
      hasMore: false,
    });
  }
  step("paged", { messages: count });
}

async function refusals() {
  const unknown = randomUUID();
  for (const call of [
    () => sessions.getSession(unknown),
    () => sessions.getMessages(unknown),
    () => sessions.sendMessage(unknown, { content: "x" }),
    () => sessions.deleteSession(unknown),
  ]) {
    const error = await refused(call, 404, "SESSION_NOT_FOUND");
    assert.ok(error.message.includes(unknown));
  }
  const missing = await refused(() => sessions.createSession({ agentId }), 400, "VALIDATION_ERROR");
  assert.equal(missing.message, "Missing required fields: agentId, userId");
  await refused(() => create({ agentId: unknown }), 404, "AGENT_NOT_FOUND");
  const { sessionId } = await create();
  const long = { content: "x".repeat(4_001) };
  assert.match((await refused(() => sessions.sendMessage(sessionId, long), 400, "VALIDATION_ERROR")).message, /4000/);
  const way = { content: "x", transport: "pigeon" };
  assert.match(
    (await refused(() => sessions.sendMessage(sessionId, way), 400, "VALIDATION_ERROR")).message,
    /http, sse, websocket, sync, stream/
  );
  step("refused");
}

async function expires() {
  const { sessionId, expiresAt } = await create({ timeoutConfig: { timeoutMinutes: 5, autoRenew: false } });
  const advanced = await fetch(`${baseUrl}/test/clock/advance`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.SECRET_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ ms: 5 * 60_000 }),
  });
  assert.equal(advanced.status, 200);
  for (const call of [
    () => sessions.getSession(sessionId),
    () => sessions.getMessages(sessionId),
    () => sessions.sendMessage(sessionId, { content: "too late" }),
  ]) {
    const error = await refused(call, 410, "SESSION_EXPIRED");
    // The client drops details that are no text.
    assert.ok(error.message.includes(expiresAt), error.message);
  }
  step("expired");
}

async function keys() {
  for (const wrong of [undefined, "", "another", `${apiKey} `.repeat(2)]) {
    const client = ElizaClient.create({ baseUrl, apiKey: wrong });
    const error = await refused(() => client.sessions.checkHealth(), 401, "UNAUTHORIZED");
    assert.match(error.message, /API key required/);
  }
  step("guarded");
}

run(async () => {
  await keys();
  await lives();
  await sends();
  await repeats();
  await pages();
  await refusals();
  await expires();
});
