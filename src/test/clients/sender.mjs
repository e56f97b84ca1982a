// Sends "0", "1", "2", … one after another until standard input ends, then "end". The SDK repeats what
// gets no answer, for longer than a restart takes.
import { sessions } from "@trigger.dev/sdk";
import { run, step } from "./program.mjs";

const channel = sessions.open(process.argv[2]).in;
const retry = { maxAttempts: 200, minTimeoutInMs: 100, maxTimeoutInMs: 500, factor: 1.5, randomize: true };

let stopped = false;
process.stdin.on("end", () => (stopped = true)).resume();

run(async () => {
  let next = 0;
  for (; !stopped; next++) {
    await channel.send(`${next}`, { retry });
    step("acknowledged", { data: `${next}` });
  }
  await channel.send("end", { retry });
  step("acknowledged", { data: "end" });
});
