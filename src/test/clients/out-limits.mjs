// The edges of the out channel: the largest records, named side channels, and the end of the session.
import assert from "node:assert/strict";
import { sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { failure, refusal, run, step, take } from "./program.mjs";
import { openStream } from "./s2-stream.mjs";

const externalId = process.argv[2];
const largestEnvelope = 1024 * 1024 - 1024; // The SDK's own bound (trigger.md 4.6).
const room = largestEnvelope - JSON.stringify({ data: "", id: "1234567" }).length;

run(async () => {
  await sessions.start({ type: "out", externalId, taskIdentifier: "t", triggerConfig: { basePayload: {} } });
  const session = sessions.open(externalId);
  const client = apiClientManager.clientOrThrow();
  const records = async (channel, io = "out") => (await client.readSessionStreamRecords(externalId, io, { channel })).records;

  const big = session.channel("big").out;
  const ascii = "x".repeat(room);
  const wide = "é".repeat(Math.floor(room / 2));
  await big.append(ascii);
  await big.append(wide);
  assert.equal((await failure(() => big.append(ascii + "x"))).name, "ChatChunkTooLargeError");
  async function* sixMore() {
    for (let i = 0; i < 6; i++) {
      yield `${i}${ascii.slice(1)}`;
    }
  }
  assert.equal((await big.pipe(sixMore()).waitUntilComplete()).lastEventId, "7");
  const all = [ascii, wide];
  for await (const value of sixMore()) {
    all.push(value);
  }
  const stored = (await records("big")).map((record) => record.data);
  assert.ok(stored.length === all.length && stored.every((value, i) => value === all[i]), "a large record was changed");
  const followed = await take(await big.read({ lastEventId: 0, timeoutInSeconds: 20 }), 7);
  assert.ok(followed.every((value, i) => value === all[i + 1]), "a large record was read differently");
  step("large", { records: stored.length, bytes: largestEnvelope });

  for (const name of ["thoughts", "a.b_c-D.9"]) {
    const channel = session.channel(name);
    await channel.out.append({ from: name });
    await channel.in.send(`to ${name}`);
    const turn = await channel.out.writeControl("turn-complete");
    await channel.out.append("kept");
    await channel.out.trimTo(Number(turn.lastEventId));
    assert.equal(turn.lastEventId, "1");
    assert.deepEqual((await records(name)).map((record) => record.seqNum), [1, 2]);
    assert.deepEqual((await records(name, "in")).map((record) => record.data), [`to ${name}`]);
    assert.deepEqual(await take(await channel.out.read({ timeoutInSeconds: 20 }), 1), ["kept"]);
  }
  assert.deepEqual(await records(), [], "a side channel is not the reserved one");
  step("side-channels");

  const { out } = session;
  await out.append("before the close");
  const s2 = await openStream("0.25", externalId);
  const appends = await s2.stream.appendSession();
  const input = (body) => s2.AppendInput.create([s2.AppendRecord.string({ body })]);
  await (await appends.submit(input("open before the close"))).ack();
  await sessions.close(externalId, { reason: "done" });

  const begin = Date.now();
  const late = await failure(() => out.append("with the credentials from before"));
  assert.deepEqual([late.name, late.status, late.code], ["S2Error", 403, "permission_denied"]);
  for (const call of [() => out.append("anew"), () => out.writeControl("turn-complete"), () => out.trimTo(1)]) {
    const error = await refusal(call);
    assert.equal(error.status, 400);
    assert.match(error.message, /Cannot initialize a channel on a closed session/);
  }
  const closing = [
    async () => (await appends.submit(input("in the session that was open"))).ack(),
    () => s2.stream.append(input("alone")),
    () => s2.stream.append(s2.AppendInput.create([s2.AppendRecord.trim(1)])),
  ];
  for (const call of closing) {
    const error = await failure(call);
    assert.deepEqual([error.status, error.code], [403, "permission_denied"]);
  }
  const millis = Date.now() - begin;
  assert.deepEqual((await records()).map((record) => [record.seqNum, record.data]), [[0, "before the close"], [1, "open before the close"]]);
  step("refused", { millis });
});
