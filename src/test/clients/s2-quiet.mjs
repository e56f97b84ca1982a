// An append session and a read session over HTTP/2 in which nothing happens for longer than the server keeps an idle
// connection. One attempt each, so a connection that was cut is a failure. Arguments: version, session,
// how long to be quiet, in milliseconds.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { run, step } from "./program.mjs";
import { openStream } from "./s2-stream.mjs";

const [version, session, quietMillis] = process.argv.slice(2);
const once = { retry: { maxAttempts: 1 } };

run(async () => {
  const { stream, AppendInput, AppendRecord } = await openStream(version, session, once);
  const input = (body) => AppendInput.create([AppendRecord.string({ body })]);
  const appends = await stream.appendSession();
  await (await appends.submit(input("before"))).ack();
  const reader = (await stream.readSession({ start: { from: { seqNum: 0 } } })).getReader();
  assert.equal((await reader.read()).value.body, "before");
  const next = reader.read();
  step("quiet");
  await pause(Number(quietMillis));
  await (await appends.submit(input("after"))).ack();
  assert.equal((await next).value?.body, "after");
  await appends.close();
  step("alive");
});
