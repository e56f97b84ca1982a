// Many tabs start the same conversation at once.
import assert from "node:assert/strict";
import { sessions } from "@trigger.dev/sdk";
import { run, step } from "./program.mjs";

const externalId = process.argv[2];
const tabs = 32;

run(async () => {
  const started = await Promise.all(
    Array.from({ length: tabs }, (_, tab) =>
      sessions.start({
        type: "once", externalId, taskIdentifier: "t", triggerConfig: { basePayload: { tab } }, tags: [`tab:${tab}`],
      })
    )
  );
  assert.equal(new Set(started.map((session) => session.id)).size, 1);
  assert.equal(new Set(started.map((session) => session.runId)).size, 1);
  const made = started.filter((session) => !session.isCached).length;
  assert.equal(made, 1);
  step("started", { tabs, made, id: started[0].id });
});
