// Events in both directions over one way to connect: polling, websocket or default.
import assert from "node:assert/strict";
import { run, step } from "./program.mjs";
import { ask, connected, next, released, transportOf, ways } from "./socketio.mjs";

const way = process.argv[2];
const texts = ["", "hello", "👩‍👩‍👧‍👦 𝄞 \u0000 \u001e \"\\ \u2028 ß", "x".repeat(400_000)];

run(async () => {
  const { socket, welcome } = await connected({
    ...ways(way),
    auth: { entityId: "e-1", nested: { list: [1, null] } },
    query: { room: "a&b=c d" },
  });
  assert.deepEqual(welcome.auth, { entityId: "e-1", nested: { list: [1, null] } });
  assert.equal(welcome.query, "a&b=c d");
  if (way === "default") {
    if (transportOf(socket) === "polling") {
      await next(socket.io.engine, "upgrade");
    }
    assert.equal(transportOf(socket), "websocket");
  } else {
    assert.equal(transportOf(socket), way);
  }
  step("connected", { transport: transportOf(socket) });

  for (const text of texts) {
    assert.equal(await ask(socket, "echo", text), text);
  }
  assert.deepEqual(await ask(socket, "echo", { a: [1.5, true, null, { b: "ü" }] }), {
    a: [1.5, true, null, { b: "ü" }],
  });

  const back = next(socket, "2");
  socket.emit("2", { channelId: "c" }, "more");
  assert.deepEqual(await back, [{ channelId: "c" }, "more"]);

  // Bytes arrive; as the server has none to send, they come back as text.
  assert.equal(await ask(socket, "echo", Buffer.from([1, 2, 3, 4])), "AQIDBA==");

  const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => ask(socket, "echo", n)));
  assert.deepEqual(answers, Array.from({ length: 300 }, (_, n) => n));

  const numbers = [];
  socket.on("burst", ({ n }) => numbers.push(n));
  socket.emit("burst", { count: 1_000, size: 100 });
  await ask(socket, "echo");
  assert.deepEqual(numbers, Array.from({ length: 1_000 }, (_, n) => n));

  const ended = next(socket, "disconnect");
  socket.emit("drop");
  assert.equal((await ended)[0], "io server disconnect");
  assert.equal(socket.active, false);
  step("dropped");

  const again = next(socket, "connect");
  socket.connect();
  await again;
  assert.equal(await ask(socket, "echo", "again"), "again");
  const { id } = socket;
  socket.disconnect();
  step("done", { id });
  await released();
});
