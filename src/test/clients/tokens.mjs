// A token made with the key given, and used as a browser would use it.
import assert from "node:assert/strict";
import { AuthenticationError, PermissionDeniedError, auth, sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { raw, refusal, run, step, take } from "./program.mjs";

const mine = process.argv[2];
const other = `${mine}/other`;
const triggerConfig = { basePayload: {} };
const requests = [];
const fetchAsIs = globalThis.fetch;
globalThis.fetch = (url, init) => {
  requests.push(new URL(url).pathname);
  return fetchAsIs(url, init);
};

/** What the browser holds is a token alone. */
const as = (accessToken, call) => auth.withAuth({ accessToken }, call);

run(async () => {
  const started = await sessions.start({ type: "tokens", externalId: mine, taskIdentifier: "t", triggerConfig });
  await sessions.start({ type: "tokens", externalId: other, taskIdentifier: "t", triggerConfig });
  await sessions.open(mine).in.send("first");

  requests.length = 0;
  const reader = await auth.createPublicToken({ scopes: { read: { sessions: mine } }, expirationTime: "1h" });
  const minted = requests.pop();
  const writer = await auth.createPublicToken({ scopes: { read: { sessions: [mine] }, write: { sessions: mine } } });
  const claims = JSON.parse(Buffer.from(reader.split(".")[1], "base64url"));
  assert.deepEqual([claims.pub, claims.scopes], [true, [`read:sessions:${mine}`]]);
  assert.ok(Math.abs(claims.exp - claims.iat - 3600) <= 1);
  step("minted", { by: minted, scopes: claims.scopes });

  await as(reader, async () => {
    assert.equal((await sessions.retrieve(started.id)).externalId, mine);
    const inTail = await apiClientManager.clientOrThrow().subscribeToSessionStream(mine, "in");
    assert.deepEqual(await take(inTail, 1), ["first"]);
    for (const call of [
      () => sessions.open(mine).in.send("not mine to say"),
      () => sessions.update(mine, { tags: [] }),
      () => sessions.close(mine),
      () => sessions.start({ type: "tokens", taskIdentifier: "t", triggerConfig }),
    ]) {
      assert.ok((await refusal(call)) instanceof PermissionDeniedError);
    }
    assert.equal((await refusal(async () => await sessions.list())).status, 403);
  });
  step("read-only");

  await as(writer, async () => {
    await sessions.open(mine).in.send("second");
    assert.ok((await refusal(() => sessions.open(other).in.send("x"))) instanceof PermissionDeniedError);
    assert.ok([403, 404].includes((await refusal(() => sessions.retrieve(other))).status));
    const out = await refusal(() => apiClientManager.clientOrThrow().appendToSessionStream(mine, "out", "x"));
    assert.ok(out instanceof PermissionDeniedError);
  });
  step("own-session-only");

  await as(started.publicAccessToken, async () => {
    await sessions.open(mine).in.send("third");
    assert.ok((await refusal(() => sessions.open(other).in.send("x"))) instanceof PermissionDeniedError);
  });
  step("token-of-the-start");

  const [head, body, signature] = reader.split(".");
  const widened = Buffer.from(JSON.stringify({ ...claims, scopes: ["admin"] })).toString("base64url");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const late = await auth.createPublicToken({ scopes: { read: { sessions: mine } }, expirationTime: new Date(Date.now() + 1000) });
  for (const forged of [`${head}.${widened}.${signature}`, `${none}.${widened}.`, `${none}.${body}.${signature}`, reader.slice(0, -8)]) {
    await as(forged, async () => {
      assert.ok((await refusal(() => sessions.retrieve(mine))) instanceof AuthenticationError);
    });
  }
  let status;
  const deadline = Date.now() + 5_000;
  do {
    status = (await raw(`/api/v1/sessions/${encodeURIComponent(mine)}`, { token: late })).status;
  } while (status === 200 && Date.now() < deadline);
  assert.equal(status, 401, "an expired token");
  step("forged-and-expired");

  const { records } = await apiClientManager.clientOrThrow().readSessionStreamRecords(mine, "in");
  assert.deepEqual(records.map((record) => record.data), ["first", "second", "third"]);
  step("nothing-else-was-written");
});
