// Reads with the published S2 client itself: every start, every bound, alone and in sessions. Arguments:
// its version, a session, and how its read sessions travel: "s2s" or "fetch".
import assert from "node:assert/strict";
import { failure, run, step } from "./program.mjs";
import { openStream } from "./s2-stream.mjs";

const [version, session, forceTransport] = process.argv.slice(2);
const { stream, AppendInput, AppendRecord, RangeNotSatisfiableError } = await openStream(version, session, { forceTransport });

const base = Date.now() - 100_000;
const count = 20;
const metered = 8 + 2 + 2 + 3; // One header ["k", "v"], and a body of three characters.
const body = (i) => `r${String(i).padStart(2, "0")}`;
const record = (i) => AppendRecord.string({ body: body(i), headers: [["k", "v"]], timestamp: base + i * 1_000 });
const append = (i) => stream.append(AppendInput.create([record(i)]));
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
const input = (from, stop, clamp) => ({ start: { from, clamp }, stop });

/** What both kinds of read must answer: where to begin, where to stop, and the numbers in between. */
const cases = [
  ["a number and a count", { seqNum: 5 }, { limits: { count: 3 } }, range(5, 8)],
  ["more than there is", { seqNum: 18 }, { limits: { count: 100 } }, range(18, count)],
  ["a time between two records", { timestamp: base + 5_500 }, { limits: { count: 2 } }, [6, 7]],
  ["a time as a date, to the millisecond", { timestamp: new Date(base + 6_000) }, { limits: { count: 1 } }, [6]],
  ["a time before all", { timestamp: 0 }, { limits: { count: 2 } }, [0, 1]],
  ["an offset from the tail", { tailOffset: 4 }, { limits: { count: 10 } }, range(16, count)],
  ["an offset beyond the start", { tailOffset: 1_000 }, { limits: { count: 2 } }, [0, 1]],
  ["bytes, exactly", { seqNum: 3 }, { limits: { bytes: 2 * metered } }, [3, 4]],
  ["bytes, one too few", { seqNum: 3 }, { limits: { bytes: 2 * metered - 1 } }, [3]],
  ["bytes for nothing", { seqNum: 3 }, { limits: { bytes: metered - 1 } }, []],
  ["no records at all", { seqNum: 3 }, { limits: { count: 0 } }, []],
  ["count before bytes", { seqNum: 3 }, { limits: { count: 1, bytes: 2 * metered } }, [3]],
  ["until a time, which is outside", { seqNum: 0 }, { untilTimestamp: base + 3_000 }, range(0, 3)],
  ["until a time as a date", { seqNum: 1 }, { untilTimestamp: new Date(base + 3_001) }, range(1, 4)],
  ["a short wait at the tail", { seqNum: count }, { waitSecs: 1 }, []],
];

/** What neither may answer, and with which error instead. */
const refused = [
  ["beyond the tail", { seqNum: count + 1 }, { limits: { count: 1 } }, undefined, 416],
  ["far beyond the tail, to wait there", { seqNum: 1_000_000 }, { waitSecs: 5 }, undefined, 416],
  ["beyond the tail, and said not to clamp", { seqNum: count + 1 }, { untilTimestamp: base }, false, 416],
  ["at the tail, not to follow", { seqNum: count }, { limits: { count: 1 } }, undefined, 416],
  ["an end before the start", { timestamp: base + 2_000 }, { untilTimestamp: base + 2_000 }, undefined, 422],
];

async function collect(input, options) {
  const records = [];
  for await (const record of await stream.readSession(input, options)) {
    records.push(record);
  }
  return records;
}

function assertRefused(error, status, name) {
  assert.equal(error.status, status, `${name}: ${error.stack}`);
  assert.equal(error instanceof RangeNotSatisfiableError, status === 416, name);
  if (status === 416) {
    assert.equal(error.tail.seqNum, count, name);
    assert.equal(Number(error.tail.timestamp), base + (count - 1) * 1_000, name);
  } else {
    assert.equal(error.code, "invalid", name);
  }
}

async function startsAndBounds() {
  const numbers = (records) => records.map((record) => record.seqNum);
  for (const [name, start, stop, expected] of cases) {
    const batch = await stream.read(input(start, stop));
    assert.deepEqual(numbers(batch.records), expected, name);
    assert.deepEqual(batch.records.map((record) => record.body), expected.map(body), name);
    assert.deepEqual(numbers(await collect(input(start, stop))), expected, `${name}, in a session`);
  }
  for (const [name, start, stop, clamp, status] of refused) {
    assertRefused(await failure(() => stream.read(input(start, stop, clamp))), status, name);
    assertRefused(await failure(() => collect(input(start, stop, clamp))), status, `${name}, in a session`);
  }
  assertRefused(await failure(() => stream.read()), 416, "no start is the tail");
  step("starts-and-bounds", { cases: cases.length, refused: refused.length });
}

async function clamps() {
  const far = { seqNum: 1_000_000 };
  assert.deepEqual((await stream.read(input(far, { waitSecs: 1 }, true))).records, []);
  assertRefused(await failure(() => stream.read(input(far, { limits: { count: 1 } }, true))), 416, "clamped, not to follow");
  // Version 0.25 leaves clamp out of s2s reads.
  if (version !== "0.25" || forceTransport === "fetch") {
    assert.deepEqual(await collect(input(far, { waitSecs: 1 }, true)), []);
  }
  step("clamp");
}

async function formats() {
  const start = input({ seqNum: 2 }, { limits: { count: 1 } });
  const [text] = await collect(start);
  assert.deepEqual([text.seqNum, text.body, text.headers, Number(text.timestamp)], [2, "r02", [["k", "v"]], base + 2_000]);
  for (const [bytes] of [await collect(start, { as: "bytes" }), (await stream.read(start, { as: "bytes" })).records]) {
    assert.deepEqual([...bytes.body], [...Buffer.from("r02")]);
    assert.deepEqual(bytes.headers.map((pair) => pair.map((part) => Buffer.from(part).toString())), [["k", "v"]]);
  }
  step("formats");
}

/** One session that catches up and goes on, two reads that wait, and what is written meanwhile. */
async function follows() {
  const following = await stream.readSession(input({ seqNum: 15 }));
  const reader = following.getReader();
  const next = async () => (await reader.read()).value?.seqNum;
  for (const seqNum of range(15, count)) {
    assert.equal(await next(), seqNum);
  }
  const waiting = next();
  assert.equal((await following.caughtUp()).seqNum, count);
  assert.equal(following.lastObservedTail().seqNum, count);

  const begin = Date.now();
  const longPoll = stream.read(input({ tailOffset: 0 }, { waitSecs: 30 }));
  const bounded = collect(input({ seqNum: count }, { limits: { count: 2 }, waitSecs: 30 }));
  await append(count);
  assert.equal(await waiting, count);
  await append(count + 1);
  assert.equal(await next(), count + 1);
  assert.equal(following.nextReadPosition().seqNum, count + 2);
  await reader.cancel();
  const polled = (await longPoll).records.map((record) => record.seqNum);
  assert.ok(polled.length > 0 && polled.every((seqNum, i) => seqNum === polled[0] + i) && polled[0] >= count, `${polled}`);
  assert.deepEqual((await bounded).map((record) => record.seqNum), [count, count + 1]);
  const millis = Date.now() - begin;
  assert.ok(millis < 15_000, `readers were told only after ${millis} ms`);
  step("followed", { millis });
}

/** More than one batch may hold, by records and by bytes. */
async function catchesUp() {
  const start = (await stream.checkTail()).tail.seqNum;
  const small = Array.from({ length: 1_000 }, (_, i) => AppendRecord.string({ body: `${i}` }));
  await stream.append(AppendInput.create(small));
  await stream.append(AppendInput.create(small));
  const large = AppendRecord.string({ body: "x".repeat(AppendRecord.maxBodyBytes()) });
  for (let i = 0; i < 3; i++) {
    await stream.append(AppendInput.create([large]));
  }
  assert.equal((await stream.read(input({ seqNum: start }))).records.length, 1_000, "a unary read is bounded");
  assert.equal((await stream.read(input({ seqNum: start + 2_000 }))).records.length, 1);
  const all = await collect(input({ seqNum: start }, { limits: { count: 2_003 } }));
  assert.deepEqual(all.map((record) => record.seqNum), range(start, start + 2_003));
  assert.ok(all.slice(2_000).every((record) => record.body === large.body));
  assert.deepEqual(all.slice(990, 1_010).map((record) => record.body), small.slice(990).concat(small.slice(0, 10)).map((r) => r.body));
  step("caught-up", { records: all.length });
}

run(async () => {
  assert.equal((await stream.checkTail()).tail.seqNum, 0);
  const empty = await failure(() => stream.read(input({ seqNum: 0 })));
  assert.ok(empty instanceof RangeNotSatisfiableError && empty.tail.seqNum === 0, empty.stack);
  assert.deepEqual(await collect(input({ seqNum: 0 }, { waitSecs: 0 })), [], "a session may be empty");
  await stream.append(AppendInput.create(range(0, count).map(record)));
  await startsAndBounds();
  await clamps();
  await formats();
  await follows();
  await catchesUp();
});
