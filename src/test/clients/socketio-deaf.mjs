// One client of a room stops reading; the other must not notice.
import assert from "node:assert/strict";
import { run, step } from "./program.mjs";
import { ask, connected } from "./socketio.mjs";

const filler = "x".repeat(50_000);

run(async () => {
  const { socket: deaf } = await connected({ transports: ["websocket"], reconnection: false });
  const { socket: other } = await connected({ transports: ["websocket"] });
  await ask(deaf, "join", "room");
  await ask(other, "join", "room");
  let heard = 0;
  other.on("said", () => heard++);
  const { id } = deaf;
  const tcp = deaf.io.engine.transport.ws._socket;
  tcp.pause();
  const closed = new Promise((resolve) => tcp.once("close", resolve));
  let said = 0;
  // 50 MB, more than kernel and server together may keep.
  while (said < 1_000) {
    await ask(other, "say", { room: "room", text: filler });
    said++;
  }
  assert.equal(heard, said);
  step("said", { id, said });
  tcp.resume();
  await closed;
  assert.equal(await ask(other, "echo", "still here"), "still here");
  step("done");
});
