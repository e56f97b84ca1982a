// 45 sessions in pages, forward, backward and filtered.
import assert from "node:assert/strict";
import { sessions } from "@trigger.dev/sdk";
import { refusal, run, step } from "./program.mjs";

const type = process.argv[2];
const count = 45;

run(async () => {
  const made = [];
  for (let i = 0; i < count; i++) {
    const session = await sessions.start({
      type, taskIdentifier: i % 2 ? "odd" : "even", triggerConfig: { basePayload: {} }, tags: [`third:${i % 3}`],
    });
    made.unshift(session.id);
  }
  // The list follows the journal with a delay; what is in it comes in order.
  const deadline = Date.now() + 20_000;
  let listed;
  do {
    listed = (await sessions.list({ type, limit: 100 })).data.map((session) => session.id);
  } while (listed.length < count && Date.now() < deadline);
  assert.deepEqual(listed, made);
  step("made", { count });

  const iterated = [];
  for await (const session of sessions.list({ type, limit: 10 })) {
    iterated.push(session.id);
  }
  assert.deepEqual(iterated, made);
  step("iterated", { count: iterated.length });

  const sizes = [];
  let page = await sessions.list({ type, limit: 10 });
  sizes.push(page.data.length);
  assert.ok(!page.hasPreviousPage());
  while (page.hasNextPage()) {
    page = await page.getNextPage();
    sizes.push(page.data.length);
  }
  assert.deepEqual(sizes, [10, 10, 10, 10, 5]);

  const backward = page.data.map((session) => session.id);
  let pages = 1;
  while (page.hasPreviousPage()) {
    page = await sessions.list({ type, limit: 10, before: page.pagination.previous });
    backward.unshift(...page.data.map((session) => session.id));
    pages++;
  }
  assert.deepEqual(backward, made);
  assert.equal(pages, 5);
  step("went-back", { pages });

  const ofFilter = async (filter) => {
    const ids = [];
    for await (const session of sessions.list({ type, limit: 7, ...filter })) {
      ids.push(session.id);
    }
    return ids;
  };
  const even = made.filter((_, i) => (count - 1 - i) % 2 === 0);
  assert.deepEqual(await ofFilter({ taskIdentifier: "even" }), even);
  assert.deepEqual(await ofFilter({ taskIdentifier: ["even", "odd"], period: "1h", status: "ACTIVE" }), made);
  const twoThirds = made.filter((_, i) => (count - 1 - i) % 3 !== 1);
  assert.deepEqual(await ofFilter({ tag: ["third:0", "third:2"], from: new Date(0), to: new Date() }), twoThirds);
  assert.deepEqual(await ofFilter({ status: "CLOSED" }), []);
  assert.equal((await refusal(async () => await sessions.list({ limit: 101 }))).status, 400);
  step("filtered", { even: even.length, twoThirds: twoThirds.length });
});
