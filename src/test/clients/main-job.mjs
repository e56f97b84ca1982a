// One conversation from its start to its end, as an application would have it.
import assert from "node:assert/strict";
import { ConflictError, NotFoundError, UnprocessableEntityError, sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { refusal, run, step, take } from "./program.mjs";

const externalId = process.argv[2];
const big = "0123456789abcdef".repeat(57_600); // 900 KB

run(async () => {
  const started = await sessions.start({
    type: "chat.agent",
    externalId,
    taskIdentifier: "support",
    triggerConfig: { basePayload: { chatId: externalId, note: "Grüße 👋" }, machine: "small-1x" },
    tags: ["user:1", "ünï"],
    metadata: { plan: "pro", nested: { list: [1, null, "x"] } },
  });
  assert.equal(started.externalId, externalId);
  assert.equal(started.isCached, false);
  assert.equal(started.currentRunId, started.runId);
  assert.deepEqual(started.tags, ["user:1", "ünï"]);
  assert.deepEqual(started.metadata, { plan: "pro", nested: { list: [1, null, "x"] } });
  assert.ok(started.createdAt instanceof Date && started.closedAt === null);
  step("started", { id: started.id });

  const session = sessions.open(externalId);
  const client = apiClientManager.clientOrThrow();
  const sent = ["hello", { kind: "message", payload: { text: "ß" } }, "👩‍👩‍👧‍👦 𝄞 \u0000 \"\\ \u2028", "123", big];
  for (const value of sent) {
    await session.in.send(value);
  }
  const bodies = sent.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const { records } = await client.readSessionStreamRecords(externalId, "in");
  assert.deepEqual(records.map((record) => record.seqNum), [0, 1, 2, 3, 4]);
  assert.deepEqual(records.map((record) => record.data), bodies);
  assert.equal(new Set(records.map((record) => record.id)).size, 5);
  const later = await client.readSessionStreamRecords(started.id, "in", { afterEventId: "2" });
  assert.deepEqual(later.records.map((record) => record.seqNum), [3, 4]);
  step("sent", { bytes: bodies.map((body) => Buffer.byteLength(body)) });

  const followed = await client.subscribeToSessionStream(externalId, "in", { timeoutInSeconds: 20 });
  assert.deepEqual(await take(followed, 5), bodies);
  step("followed-in");

  // What the agent would say. Its own way of writing needs the S2 data plane.
  for (let i = 0; i < 10; i++) {
    await client.appendToSessionStream(externalId, "out", `answer ${i}`);
  }
  const seen = [];
  const read = await session.out.read({ timeoutInSeconds: 20, onPart: (part) => seen.push(part.id) });
  assert.deepEqual(await take(read, 4), ["answer 0", "answer 1", "answer 2", "answer 3"]);
  const resumed = await session.out.read({ lastEventId: seen[3], timeoutInSeconds: 20 });
  const following = take(resumed, 7);
  await client.appendToSessionStream(started.id, "out", "answer 10");
  assert.deepEqual(await following, [4, 5, 6, 7, 8, 9, 10].map((i) => `answer ${i}`));
  const ended = await session.out.read({ lastEventId: 10, timeoutInSeconds: 1 });
  assert.deepEqual(await take(ended, 1), [], "the silence ends the read");
  step("read-out", { resumedAfter: seen[3] });

  const side = session.channel("tool-calls");
  await side.in.send({ tool: "search" });
  const sideRecords = await client.readSessionStreamRecords(externalId, "in", { channel: "tool-calls" });
  assert.deepEqual(sideRecords.records.map((record) => [record.seqNum, record.data]), [[0, '{"tool":"search"}']]);
  step("side-channel");

  const updated = await sessions.update(externalId, { tags: ["user:2"], metadata: { plan: "free" } });
  assert.deepEqual([updated.tags, updated.metadata], [["user:2"], { plan: "free" }]);
  assert.equal((await sessions.update(externalId, { metadata: null })).metadata, null);
  assert.ok((await refusal(() => sessions.update(externalId, { externalId: "other" }))) instanceof UnprocessableEntityError);
  step("updated");

  const closed = await sessions.close(externalId, { reason: "done 👍" });
  assert.ok(closed.closedAt instanceof Date);
  assert.equal(closed.closedReason, "done 👍");
  const again = await sessions.close(started.id, { reason: "too late" });
  assert.deepEqual([again.closedAt, again.closedReason], [closed.closedAt, "done 👍"]);
  step("closed");

  const begin = Date.now();
  const refusedSend = await refusal(() => session.in.send("anyone there?"));
  const refusedStart = await refusal(() =>
    sessions.start({ type: "chat.agent", externalId, taskIdentifier: "support", triggerConfig: { basePayload: {} } })
  );
  const millis = Date.now() - begin;
  assert.ok(refusedSend instanceof ConflictError && refusedStart instanceof ConflictError);
  assert.equal(refusedSend.code, "session_closed");
  assert.equal(refusedSend.body.closedReason, "done 👍");
  assert.ok((await refusal(() => sessions.retrieve("nobody"))) instanceof NotFoundError);
  step("refused", { millis, code: refusedSend.code });
});
