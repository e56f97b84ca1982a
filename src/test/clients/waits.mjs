// Waitpoints as an application and a task use them: tokens, and in.wait() in an emulated run.
import assert from "node:assert/strict";
import { AuthenticationError, NotFoundError, PermissionDeniedError, auth, sessions, wait } from "@trigger.dev/sdk";
import { WaitpointTimeoutError, apiClientManager, runtime, sessionStreams, taskContext } from "@trigger.dev/core/v3";
import { StandardSessionStreamManager } from "@trigger.dev/core/v3/workers";
import { baseUrl, failure, raw, refusal, run, step } from "./program.mjs";

const externalId = process.argv[2];

/** The waitpoint as soon as it has ended, which a worker hears from its supervisor. */
async function ended(id) {
  for (;;) {
    const response = await raw(`/api/v1/waitpoints/tokens/${id}?wait=10`);
    assert.equal(response.status, 200);
    const waitpoint = await response.json();
    if (waitpoint.status !== "WAITING") {
      return waitpoint;
    }
  }
}

async function tokens() {
  const token = await wait.createToken({ timeout: "1h", tags: ["a", "ünï"] });
  assert.match(token.id, /^waitpoint_/);
  assert.equal(token.isCached, false);
  const waiting = await wait.retrieveToken(token);
  assert.deepEqual([waiting.status, waiting.tags, waiting.output], ["WAITING", ["a", "ünï"], undefined]);
  assert.equal(Math.round((waiting.timeoutAt - waiting.createdAt) / 60_000), 60);
  const value = { status: "approved", nested: [1, null, "é👋"] };
  assert.equal((await wait.completeToken(token, value)).success, true);
  assert.equal((await wait.completeToken(token, "too late")).success, true);
  const completed = await wait.retrieveToken(token.id);
  assert.equal(completed.status, "COMPLETED");
  assert.deepEqual(completed.output, value);
  assert.equal(completed.error, undefined);
  assert.ok(completed.completedAt >= completed.createdAt);
  for (const other of ["text", 12.5, [], false]) {
    const next = await wait.createToken();
    await wait.completeToken(next, other);
    assert.deepEqual((await wait.retrieveToken(next)).output, other);
  }
  step("completed-with-the-key");
}

async function publicTokens() {
  const token = await wait.createToken({ timeout: new Date(Date.now() + 3_600_000) });
  const other = await wait.createToken();
  await auth.withAuth({ accessToken: token.publicAccessToken }, async () => {
    assert.ok((await refusal(() => wait.completeToken(other, 1))) instanceof PermissionDeniedError);
    assert.ok((await refusal(() => wait.createToken())) instanceof AuthenticationError);
    assert.equal((await wait.completeToken(token, { by: "a browser" })).success, true);
  });
  assert.deepEqual((await wait.retrieveToken(token)).output, { by: "a browser" });
  assert.equal((await wait.retrieveToken(other)).status, "WAITING");
  step("completed-with-the-public-token");
}

async function idempotency() {
  const options = { idempotencyKey: `${externalId}/key`, idempotencyKeyTTL: "1h" };
  const first = await wait.createToken(options);
  const again = await wait.createToken(options);
  assert.deepEqual([first.isCached, again.isCached, again.id], [false, true, first.id]);
  await wait.completeToken(again, "once");
  const found = await wait.retrieveToken(first);
  assert.deepEqual([found.output, found.idempotencyKey], ["once", options.idempotencyKey]);
  assert.ok(found.idempotencyKeyExpiresAt > new Date());
  assert.ok((await refusal(() => wait.retrieveToken("waitpoint_nobody"))) instanceof NotFoundError);
  step("idempotent");
}

async function timeouts() {
  const token = await wait.createToken({ timeout: "1s" });
  await ended(token.id);
  const late = await wait.retrieveToken(token);
  assert.equal(late.status, "TIMED_OUT");
  assert.ok(late.error instanceof WaitpointTimeoutError && late.error.message.length > 0);
  assert.equal(late.output, undefined);
  step("timed-out");
}

/** What a worker sets up around a run; only the supervisor is not there. */
function emulateRun(runId, onWait) {
  const parts = { environment: {}, organization: {}, project: {}, task: {}, queue: {}, attempt: { number: 1 } };
  taskContext.setGlobalTaskContext({ ctx: { ...parts, run: { id: runId } }, worker: {} });
  sessionStreams.setGlobalManager(new StandardSessionStreamManager(apiClientManager.clientOrThrow(), baseUrl));
  runtime.setGlobalRuntimeManager({
    disable() {},
    async waitForWaitpoint({ waitpointFriendlyId }) {
      onWait(waitpointFriendlyId);
      const { status, output, outputType } = await ended(waitpointFriendlyId);
      return { ok: status === "COMPLETED", output, outputType };
    },
  });
}

async function inWait() {
  const started = await sessions.start({
    type: "waits", externalId, taskIdentifier: "t", triggerConfig: { basePayload: {} },
  });
  const session = sessions.open(externalId);
  const outside = await failure(() => session.in.wait());
  assert.match(outside.message, /can only be used from inside a task/);

  let onWait = () => {};
  const waitpoints = [];
  emulateRun(started.runId, (id) => {
    waitpoints.push(id);
    onWait(id);
  });
  onWait = () => void session.in.send({ text: "first" });
  assert.deepEqual(await session.in.wait({ timeout: "30s" }), { ok: true, output: { text: "first" } });
  // The next one is there before anybody waits for it.
  onWait = () => {};
  await session.in.send({ text: "second" });
  assert.deepEqual(await session.in.wait({ timeout: "30s" }), { ok: true, output: { text: "second" } });
  onWait = () => void session.in.send({ text: "third" });
  assert.deepEqual(await session.in.wait(), { ok: true, output: { text: "third" } });
  assert.equal(new Set(waitpoints).size, 3);
  const outputs = await Promise.all(waitpoints.map((id) => wait.retrieveToken(id)));
  assert.deepEqual(outputs.map((waitpoint) => waitpoint.output?.text), ["first", "second", "third"]);

  onWait = () => {};
  const nothing = await session.in.wait({ timeout: "1s" });
  assert.equal(nothing.ok, false);
  assert.ok(nothing.error instanceof WaitpointTimeoutError);

  onWait = () => void sessions.close(externalId, { reason: "done" });
  const closed = await session.in.wait({ timeout: "30s" });
  assert.equal(closed.ok, true, "a close from outside wakes the run");
  step("waited", { waitpoints: waitpoints.length });
}

run(async () => {
  await tokens();
  await publicTokens();
  await idempotency();
  await timeouts();
  await inWait();
});
