// One room with three clients, each over another way, and a fourth that stays outside.
import assert from "node:assert/strict";
import { run, step } from "./program.mjs";
import { ask, connected, ways } from "./socketio.mjs";

run(async () => {
  const all = await Promise.all(
    ["polling", "websocket", "default", "default"].map((way) => connected(ways(way)))
  );
  const sockets = all.map(({ socket }) => socket);
  const heard = sockets.map((socket) => {
    const texts = [];
    socket.on("said", ({ text }) => texts.push(text));
    return texts;
  });
  await Promise.all(sockets.slice(0, 3).map((socket) => ask(socket, "join", "room")));
  for (let n = 0; n < 50; n++) {
    await ask(sockets[n % 4], "say", { room: "room", text: n });
  }
  await Promise.all(sockets.map((socket) => ask(socket, "echo")));
  const expected = Array.from({ length: 50 }, (_, n) => n);
  assert.deepEqual(heard, [expected, expected, expected, []]);

  await ask(sockets[1], "leave", "room");
  await ask(sockets[3], "say", { room: "room", text: "after" });
  await ask(sockets[3], "say", { room: "nobody is here", text: "lost" });
  await Promise.all(sockets.map((socket) => ask(socket, "echo")));
  assert.deepEqual(heard.map((texts) => texts.at(-1)), ["after", 49, "after", undefined]);
  step("done");
});
