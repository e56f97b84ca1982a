// Appends with the published S2 client itself. Arguments: its version, a session, and how its append
// sessions travel: "s2s" or "fetch".
import assert from "node:assert/strict";
import zlib from "node:zlib";
import { failure, raw, run, step } from "./program.mjs";
import { credentials, openStream, streamOf } from "./s2-stream.mjs";

const [version, session, forceTransport] = process.argv.slice(2);
const s2 = await openStream(version, session, { forceTransport });
const { stream, AppendInput, AppendRecord } = s2;

const text = (body, headers, timestamp) => AppendRecord.string({ body, headers, timestamp });
const texts = (...bodies) => AppendInput.create(bodies.map((body) => text(body)));
const tail = async () => (await stream.checkTail()).tail.seqNum;
const from = async (seqNum, as) => (await stream.read({ start: { from: { seqNum } } }, { as })).records;
const bodies = async (seqNum) => (await from(seqNum)).map((record) => record.body);

/** The acknowledgement covers these numbers, and the tail is behind them. */
function assertCovers(ack, start, count) {
  assert.deepEqual([ack.start.seqNum, ack.end.seqNum, ack.tail.seqNum], [start, start + count, start + count]);
  assert.ok(ack.start.timestamp <= ack.end.timestamp && Number(ack.end.timestamp) === Number(ack.tail.timestamp));
}

async function unary() {
  assert.deepEqual((await stream.checkTail()).tail, { seqNum: 0, timestamp: new Date(0) });
  const plain = [text("one"), text("", [["k", "v"], ["k", "again"], ["ü", ""]]), text("zwei 👋 \u0000 \"\\ \u2028")];
  assertCovers(await stream.append(AppendInput.create(plain)), 0, 3);
  const bytes = AppendRecord.bytes({ body: Uint8Array.of(0, 255, 128, 10), headers: [[Uint8Array.of(254), Uint8Array.of()]] });
  assertCovers(await stream.append(AppendInput.create([bytes, text("beside bytes")])), 3, 2);

  const read = await from(0);
  assert.deepEqual(read.map((record) => record.seqNum), [0, 1, 2, 3, 4]);
  assert.deepEqual(read.map((record) => record.body), ["one", "", "zwei 👋 \u0000 \"\\ \u2028", "\u0000\ufffd\ufffd\n", "beside bytes"]);
  assert.deepEqual(read[1].headers, [["k", "v"], ["k", "again"], ["ü", ""]]);
  const asBytes = await from(0, "bytes");
  assert.deepEqual([...asBytes[3].body], [0, 255, 128, 10]);
  assert.deepEqual(asBytes[3].headers.map(([name, value]) => [[...name], [...value]]), [[[254], []]]);
  assert.equal(Buffer.from(asBytes[2].body).toString(), plain[2].body);
  step("unary");
}

async function timestamps() {
  const start = await tail();
  const now = Date.now();
  await stream.append(AppendInput.create([text("past", [], 1_000), text("future", [], now + 86_400_000), text("past again", [], 2_000)]));
  const [before, past, future, again] = await from(start - 1);
  assert.equal(Number(past.timestamp), Number(before.timestamp), "not before the record before");
  assert.ok(future.timestamp >= past.timestamp && Number(future.timestamp) <= Date.now() + 1_000, "not in the future");
  assert.equal(Number(again.timestamp), Number(future.timestamp));
  step("timestamps");
}

async function limits() {
  const start = await tail();
  const thousand = Array.from({ length: 1_000 }, (_, i) => text(`${i}`));
  assertCovers(await stream.append(AppendInput.create(thousand)), start, 1_000);
  const full = "é".repeat(AppendRecord.maxBodyBytes() / 2);
  assertCovers(await stream.append(texts(full)), start + 1_000, 1);
  const raw = new Uint8Array(AppendRecord.maxBodyBytes()).fill(200);
  assertCovers(await stream.append(AppendInput.create([AppendRecord.bytes({ body: raw })])), start + 1_001, 1);
  const half = "x".repeat(512 * 1_024 - 8);
  assertCovers(await stream.append(texts(half, half)), start + 1_002, 2);
  assert.equal((await from(start + 1_000))[0].body, full);
  assert.ok(Buffer.from(raw).equals((await from(start + 1_001, "bytes"))[0].body));
  step("limits");
}

async function sessionOfBatches() {
  const start = await tail();
  const session = await stream.appendSession();
  const tickets = [];
  for (let i = 0; i < 100; i++) {
    tickets.push(await session.submit(texts(`${i} a`, `${i} b`)));
  }
  for (const [i, ticket] of tickets.entries()) {
    const ack = await ticket.ack();
    assert.deepEqual([ack.start.seqNum, ack.end.seqNum], [start + 2 * i, start + 2 * i + 2]);
    assert.ok(ack.tail.seqNum >= ack.end.seqNum);
  }
  assert.equal(session.lastAckedPosition().end.seqNum, start + 200);
  const large = "x".repeat(AppendRecord.maxBodyBytes());
  for (let i = 0; i < 4; i++) {
    await session.submit(texts(large));
  }
  assertCovers(await (await session.submit(AppendInput.create([AppendRecord.bytes({ body: Uint8Array.of(1) })]))).ack(), start + 204, 1);
  await session.close();
  assert.deepEqual((await bodies(start)).slice(0, 4), ["0 a", "0 b", "1 a", "1 b"]);
  assert.equal((await from(start + 203))[0].body, large);
  step("session", { start });
}

async function producer() {
  const start = await tail();
  const producer = new s2.Producer(new s2.BatchTransform({ lingerDurationMillis: 5, maxBatchRecords: 300 }), await stream.appendSession());
  const tickets = [];
  for (let i = 0; i < 1_500; i++) {
    tickets.push(await producer.submit(text(`produced ${i}`)));
  }
  const numbers = await Promise.all(tickets.map(async (ticket) => (await ticket.ack()).seqNum()));
  await producer.close();
  assert.deepEqual(numbers, Array.from({ length: 1_500 }, (_, i) => start + i));
  assert.equal((await bodies(start + 700))[0], "produced 700");
  step("producer");
}

async function conditions() {
  const at = await tail();
  const match = (matchSeqNum, ...records) => AppendInput.create(records, { matchSeqNum });
  assertCovers(await stream.append(match(at, text("matches"))), at, 1);
  for (const record of [text("late"), AppendRecord.bytes({ body: Uint8Array.of(1) })]) {
    const error = await failure(() => stream.append(match(at, record)));
    assert.ok(error instanceof s2.SeqNumMismatchError, error.stack);
    assert.deepEqual([error.status, error.expectedSeqNum], [412, at + 1]);
  }
  const session = await stream.appendSession();
  const good = await session.submit(match(at + 1, text("second")));
  const bad = await session.submit(match(at, text("never")));
  const after = await session.submit(texts("never either"));
  assertCovers(await good.ack(), at + 1, 1);
  const refused = await failure(() => bad.ack());
  assert.ok(refused instanceof s2.SeqNumMismatchError, refused.stack);
  assert.equal(refused.expectedSeqNum, at + 2);
  await failure(() => after.ack());
  await failure(() => session.close());
  assert.deepEqual(await bodies(at), ["matches", "second"]);
  step("match-seq-num");

  const fence = (token, fencingToken) => AppendInput.create([AppendRecord.fence(token)], { fencingToken });
  const as = (fencingToken, body) => AppendInput.create([text(body)], { fencingToken });
  await stream.append(as("", "no token yet"));
  await stream.append(fence("mine"));
  for (const fencingToken of ["", "yours"]) {
    const error = await failure(() => stream.append(as(fencingToken, "never")));
    assert.ok(error instanceof s2.FencingTokenMismatchError, error.stack);
    assert.deepEqual([error.status, error.expectedFencingToken], [412, "mine"]);
  }
  await stream.append(as("mine", "fenced"));
  await stream.append(texts("unfenced"));
  const fenced = await stream.appendSession();
  await (await fenced.submit(as("mine", "fenced session"))).ack();
  const error = await failure(async () => (await fenced.submit(as("yours", "never"))).ack());
  assert.ok(error instanceof s2.FencingTokenMismatchError, error.stack);
  assert.equal(error.expectedFencingToken, "mine");
  await failure(() => fenced.close());
  await stream.append(fence("", "mine"));
  await stream.append(as("", "free again"));
  assert.deepEqual(await bodies(at + 2), ["no token yet", "mine", "fenced", "unfenced", "fenced session", "", "free again"]);
  step("fencing");
}

async function trims() {
  const at = await tail();
  await stream.append(texts("a", "b", "c"));
  const trim = (seqNum) => AppendInput.create([AppendRecord.trim(seqNum)]);
  assertCovers(await stream.append(trim(at + 1)), at + 3, 1);
  assert.deepEqual((await from(0)).map((record) => record.seqNum), [at + 1, at + 2, at + 3]);
  assert.deepEqual((await stream.read({ start: { from: { seqNum: 0 } }, ignoreCommandRecords: true })).records.map((record) => record.body), ["b", "c"]);
  const [command] = (await from(at + 3, "bytes")).slice(-1);
  assert.deepEqual([[...command.headers[0][0]], Buffer.from(command.headers[0][1]).toString()], [[], "trim"]);
  await stream.append(trim(at));
  assert.equal((await from(0))[0].seqNum, at + 1, "a trim never goes back");
  await stream.append(trim(at + 1_000_000));
  assert.equal(await tail(), at + 6);
  assertCovers(await stream.append(texts("after everything")), at + 6, 1);
  assert.deepEqual((await from(0)).map((record) => record.seqNum), [at + 6], "numbers are not used again");
  step("trim", { tail: at + 7 });
}

/** Frames of s2s alone can be compressed. */
async function compressed() {
  const start = await tail();
  const algorithms = ["gzip", ...(zlib.zstdCompressSync ? ["zstd"] : [])];
  for (const compression of algorithms) {
    const { stream: own } = await openStream(version, session, { compression });
    const appends = await own.appendSession();
    const body = `${compression} `.repeat(2_000);
    await (await appends.submit(texts("short", body))).ack();
    await appends.close();
    const reads = await own.readSession({ start: { from: { tailOffset: 2 } }, stop: { limits: { count: 2 } } });
    const read = [];
    for await (const record of reads) {
      read.push(record.body);
    }
    assert.deepEqual(read, ["short", body]);
  }
  assert.equal(await tail(), start + 2 * algorithms.length);
  step("compressed", { algorithms });
}

async function refusals() {
  const mine = await credentials(session);
  const other = `${session}/other`;
  await raw("/api/v1/sessions", {
    method: "POST",
    body: JSON.stringify({ type: "s2", externalId: other, taskIdentifier: "t", triggerConfig: { basePayload: {} } }),
  });
  const { streamName } = await credentials(other);
  const forged = { ...mine, accessToken: `${mine.accessToken.slice(0, -4)}AAAA` };
  const cases = [[forged, 401, "authn"], [{ ...mine, streamName }, 403, "permission_denied"]];
  for (const [given, status, code] of cases) {
    const { stream: wrong } = await streamOf(version, given, { forceTransport });
    const appends = await wrong.appendSession();
    const calls = [
      () => wrong.append(texts("never")),
      () => wrong.checkTail(),
      () => wrong.read({ start: { from: { seqNum: 0 } } }),
      async () => (await appends.submit(texts("never"))).ack(),
      async () => (await wrong.readSession({ start: { from: { seqNum: 0 } } })).getReader().read(),
    ];
    for (const call of calls) {
      const error = await failure(call);
      assert.deepEqual([error.status, error.code], [status, code], `${call}: ${error.stack}`);
    }
  }
  const { stream: untouched } = await openStream(version, other, { forceTransport });
  assert.equal((await untouched.checkTail()).tail.seqNum, 0);
  step("refused");
}

run(async () => {
  await unary();
  await timestamps();
  await limits();
  await sessionOfBatches();
  await producer();
  await conditions();
  await trims();
  if (forceTransport === "s2s") {
    await compressed();
  }
  await refusals();
});
