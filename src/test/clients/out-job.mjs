// What an agent does with the out channel of its session, and what a browser reads of it.
import assert from "node:assert/strict";
import { sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { run, step, take } from "./program.mjs";

const externalId = process.argv[2];
const appended = [{ hello: 1 }, "text", 42, null, ["Grüße 👋", { nested: "\u0000 \"\\ \u2028" }]];
const tokens = 5_000;

/** Tokens as a model makes them; in the middle it waits for the promise. */
async function* answer(middle) {
  for (let i = 0; i < tokens; i++) {
    if (i === tokens / 2) {
      await middle;
    }
    yield `token ${i}`;
  }
}

run(async () => {
  await sessions.start({ type: "out", externalId, taskIdentifier: "t", triggerConfig: { basePayload: {} } });
  const { out } = sessions.open(externalId);
  const client = apiClientManager.clientOrThrow();
  const records = async (after) => (await client.readSessionStreamRecords(externalId, "out", { afterEventId: after })).records;

  for (const value of appended) {
    await out.append(value);
  }
  assert.deepEqual((await records()).map((record) => record.data), appended);
  assert.deepEqual(await take(await out.read({ timeoutInSeconds: 20 }), appended.length), appended);
  step("appended");

  const expected = Array.from({ length: tokens }, (_, i) => `token ${i}`);
  let goOn;
  const piped = out.pipe(answer(new Promise((resolve) => (goOn = resolve))));
  const seen = [];
  const early = await out.read({ lastEventId: 4, timeoutInSeconds: 20, onPart: (part) => seen.push(part.id) });
  assert.deepEqual(await take(early, 1_500), expected.slice(0, 1_500));
  const cursor = seen[1_499];
  const resumed = await out.read({ lastEventId: cursor, timeoutInSeconds: 20, onPart: goOn });
  assert.deepEqual(await take(resumed, tokens - 1_500), expected.slice(1_500));
  const { lastEventId } = await piped.waitUntilComplete();
  assert.equal(lastEventId, String(appended.length + tokens - 1));
  assert.deepEqual((await records("4")).map((record) => record.data), expected);
  step("piped", { tokens, resumedAfter: cursor, lastEventId });

  const parts = 500;
  const write = (name) => ({ write }) => {
    for (let i = 0; i < parts; i++) {
      write({ name, i });
    }
  };
  const merge = (name) => ({ merge }) =>
    merge(new ReadableStream({
      start(controller) {
        write(name)({ write: (part) => controller.enqueue(part) });
        controller.close();
      },
    }));
  const writers = [out.writer({ execute: write("a") }), out.writer({ execute: merge("b") })];
  await Promise.all(writers.map((writer) => writer.waitUntilComplete()));
  const both = await records(lastEventId);
  assert.equal(both.length, 2 * parts);
  for (const name of ["a", "b"]) {
    const own = both.filter((record) => record.data.name === name).map((record) => record.data.i);
    assert.deepEqual(own, Array.from({ length: parts }, (_, i) => i));
  }
  step("two-writers", { parts });

  const turn = await out.writeControl("turn-complete", [["public-access-token", "é"], ["session-in-event-id", "3"]]);
  await out.append("the next turn");
  await out.trimTo(Number(turn.lastEventId));
  await out.trimTo(0); // Back behind the trim point: changes nothing, and takes a number.
  await out.append("after the trims");
  const controls = [];
  const rest = await out.read({ timeoutInSeconds: 20, onControl: (event) => controls.push(event) });
  assert.deepEqual(await take(rest, 2), ["the next turn", "after the trims"]);
  assert.deepEqual(controls.map(({ subtype, headers, seqNum }) => ({ subtype, headers, seqNum })), [{
    subtype: "turn-complete",
    headers: [["trigger-control", "turn-complete"], ["public-access-token", "é"], ["session-in-event-id", "3"]],
    seqNum: Number(turn.lastEventId),
  }]);
  const first = appended.length + tokens + 2 * parts;
  assert.equal(turn.lastEventId, String(first));
  assert.deepEqual((await records()).map((record) => record.seqNum), [first, first + 1, first + 4]);
  step("turn-complete", { turn: first });
});
