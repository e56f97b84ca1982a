// What the programs of this directory share: one JSON line per step on standard output, exit code 1
// with a text on standard error when something is not as it must be.
import assert from "node:assert/strict";
import { ApiError } from "@trigger.dev/sdk";

export const baseUrl = process.env.TRIGGER_API_URL;
export const secretKey = process.env.TRIGGER_SECRET_KEY;

export function step(name, fields = {}) {
  process.stdout.write(JSON.stringify({ step: name, ...fields }) + "\n");
}

/** Runs a program to its end. Connections that are kept open would else keep the process. */
export function run(program) {
  program().then(
    () => process.exit(0),
    (error) => {
      process.stderr.write(`${error?.stack ?? error}\n`);
      process.exit(1);
    }
  );
}

/** The ApiError that the call ends with. Any other end is a failure. */
export async function refusal(call) {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof ApiError, `not an answer of the server: ${error?.stack ?? error}`);
    return error;
  }
  assert.fail("the call should have been refused");
}

/** The error that the call ends with, whoever made it. */
export async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  assert.fail("the call should have failed");
}

/** The first n of what an async iterable brings. */
export async function take(iterable, n) {
  const taken = [];
  for await (const item of iterable) {
    taken.push(item);
    if (taken.length === n) {
      break;
    }
  }
  return taken;
}

/** A request as another client would send it, without the SDK. */
export function raw(path, { token = secretKey, ...init } = {}) {
  return fetch(`${baseUrl}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...init.headers },
  });
}
