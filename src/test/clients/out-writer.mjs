// Writes "0", "1", "2", … to a session's out channel until standard input ends, then "end". Arguments: the
// session, and the way: "append" awaits each, "pipe" is one long stream of tokens, "writers" are two at once
// ("a 0", "b 0", …), and "again" appends again what failed, as an application without faith would.
import { setTimeout as pause } from "node:timers/promises";
import { sessions } from "@trigger.dev/sdk";
import { run, step } from "./program.mjs";

const [session, way] = process.argv.slice(2);
const { out } = sessions.open(session);
const tokenMillis = 10; // As a model makes them.
const once = { requestOptions: { retry: { maxAttempts: 1 } } };

let stopped = false;
process.stdin.on("end", () => (stopped = true)).resume();

/** What the SDK has taken is a step already; acknowledged it is when the whole stream is. */
async function* tokens(prefix) {
  for (let i = 0; !stopped; i++) {
    yield `${prefix}${i}`;
    step("written", { data: `${prefix}${i}` });
    await pause(tokenMillis);
  }
}

async function pipeTokens(prefix) {
  const written = await out.pipe(tokens(prefix)).waitUntilComplete();
  step("complete", { prefix, ...written });
}

async function writeTokens(prefix) {
  const execute = async ({ write }) => {
    for await (const token of tokens(prefix)) {
      write(token);
    }
  };
  step("complete", { prefix, ...(await out.writer({ execute }).waitUntilComplete()) });
}

async function append(data, options) {
  await out.append(data, options);
  step("written", { data });
}

async function appendAgain(data) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await append(data, once);
    } catch (error) {
      if (attempt === 200) {
        throw error;
      }
      step("failed", { data, error: `${error}` });
      await pause(200);
    }
  }
}

async function appendEach(appendOne) {
  for (let i = 0; !stopped; i++) {
    await appendOne(`${i}`);
  }
}

const ways = {
  append: () => appendEach(append),
  again: () => appendEach(appendAgain),
  pipe: () => pipeTokens(""),
  writers: () => Promise.all([writeTokens("a "), writeTokens("b ")]),
};

run(async () => {
  await ways[way]();
  await out.append("end");
});
