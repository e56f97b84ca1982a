// As many clients at once as the argument says, a third of them over each way.
import assert from "node:assert/strict";
import { run, step } from "./program.mjs";
import { ask, connected, next, released, ways } from "./socketio.mjs";

const count = Number(process.argv[2]);

run(async () => {
  const all = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      connected(ways(["polling", "websocket", "default"][n % 3]))
    )
  );
  const sockets = all.map(({ socket }) => socket);
  assert.equal(new Set(sockets.map(({ id }) => id)).size, count);
  await Promise.all(sockets.map((socket) => ask(socket, "join", "crowd")));
  const heard = Promise.all(sockets.map((socket) => next(socket, "said")));
  await ask(sockets[0], "say", { room: "crowd", text: "hello all" });
  for (const [{ text }] of await heard) {
    assert.equal(text, "hello all");
  }
  const answers = await Promise.all(sockets.map((socket, n) => ask(socket, "echo", n)));
  assert.deepEqual(answers, sockets.map((_, n) => n));
  const { length } = sockets;
  sockets.forEach((socket) => socket.disconnect());
  step("done", { count: length });
  await released();
});
