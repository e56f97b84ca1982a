// Stays connected whatever the server does, until its standard input ends.
import assert from "node:assert/strict";
import { run, step } from "./program.mjs";
import { ask, connected, next, ways } from "./socketio.mjs";

const way = process.argv[2];

run(async () => {
  const { socket } = await connected(ways(way));
  const ids = new Set([socket.id]);

  // The server ends a connection that sends what is no packet.
  const broken = next(socket, "disconnect");
  const back = next(socket, "connect");
  socket.io.engine.write("no packet");
  assert.match((await broken)[0], /^transport (close|error)$/);
  await back;
  ids.add(socket.id);
  assert.equal(await ask(socket, "echo", "back"), "back");
  step("ready");

  // The server is stopped and started again.
  const stopped = next(socket, "disconnect");
  const started = next(socket, "connect");
  assert.match((await stopped)[0], /^transport (close|error)$/);
  step("stopped");
  await started;
  ids.add(socket.id);
  assert.equal(await ask(socket, "echo", "back again"), "back again");
  assert.equal(ids.size, 3);
  step("done");
});
