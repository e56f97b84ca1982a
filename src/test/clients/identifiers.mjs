// Sessions under ids that hold what URLs use for themselves, by every call that puts one in a path.
import assert from "node:assert/strict";
import { sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { run, step, take } from "./program.mjs";

const ids = [
  "a/b", "/", "a//b/", "100%", "a%2Fb", "a%252Fb", "what?", "a?b=c&d#e", "a+b", "a b", "a:b:c",
  "a\\b", "a;b=c,d", "[x]{y}|^`\"<>'", "😀", "👩‍👩‍👧‍👦", "日本語", "Ünïcödé", "e\u0301", "\u00e9", "x".repeat(256),
];

run(async () => {
  const client = apiClientManager.clientOrThrow();
  const friendly = new Map();
  for (const externalId of ids) {
    const started = await sessions.start({
      type: "ids", externalId, taskIdentifier: "t", triggerConfig: { basePayload: {} },
    });
    assert.equal(started.externalId, externalId);
    assert.ok(!started.isCached, `${externalId} was taken for another id`);
    friendly.set(externalId, started.id);
  }
  assert.equal(new Set(friendly.values()).size, ids.length);
  step("started", { count: ids.length });

  for (const [externalId, id] of friendly) {
    assert.equal((await sessions.retrieve(externalId)).id, id, externalId);
    assert.equal((await sessions.retrieve(id)).externalId, externalId);
    await sessions.open(externalId).in.send(`to ${externalId}`);
    await sessions.open(id).in.send(`to ${id}`);
    const both = [`to ${externalId}`, `to ${id}`];
    for (const key of [externalId, id]) {
      const { records } = await client.readSessionStreamRecords(key, "in");
      assert.deepEqual(records.map((record) => record.data), both, key);
    }
    assert.deepEqual(await take(await client.subscribeToSessionStream(externalId, "in"), 2), both);
    assert.deepEqual((await sessions.update(externalId, { tags: [externalId.slice(0, 128)] })).tags, [externalId.slice(0, 128)]);
    const listed = await take(sessions.list({ externalId }), 2);
    assert.deepEqual(listed.map((session) => session.id), [id], externalId);
    assert.equal((await sessions.close(externalId)).id, id);
  }
  step("used", { count: friendly.size });
});
