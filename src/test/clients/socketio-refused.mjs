// What a client is told that may not connect.
import assert from "node:assert/strict";
import { run, step } from "./program.mjs";
import { ask, connected, next, open, url, ways } from "./socketio.mjs";
import { io } from "socket.io-client";

run(async () => {
  for (const way of ["polling", "websocket", "default"]) {
    const wrong = open({ ...ways(way), auth: { key: "wrong" } });
    const [error] = await next(wrong, "connect_error");
    assert.equal(error.message, "Invalid or missing API Key");
    assert.deepEqual(error.data, { seen: 5 });
    assert.equal(wrong.connected, false);

    wrong.auth = { key: "right" };
    const connect = next(wrong, "connect");
    wrong.connect();
    await connect;
    assert.equal(await ask(wrong, "echo", "in"), "in");
    wrong.disconnect();

    const header = open({ ...ways(way), extraHeaders: { "x-api-key": "wrong" } });
    assert.equal((await next(header, "connect_error"))[0].message, "Invalid or missing API Key");
    const allowed = await connected({ ...ways(way), extraHeaders: { "X-API-KEY": "right" } });
    allowed.socket.disconnect();

    const elsewhere = io(`${url}/admin`, { forceNew: true, ...ways(way) });
    assert.equal((await next(elsewhere, "connect_error"))[0].message, "Invalid namespace");
    elsewhere.disconnect();
    step("refused", { way });
  }
});
