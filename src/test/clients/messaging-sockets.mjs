// Sockets of messaging sessions over one way to connect: polling, websocket or default.
import assert from "node:assert/strict";
import { io } from "socket.io-client";
import { run, step } from "./program.mjs";
import { ask, next, ways } from "./socketio.mjs";

const way = process.argv[2];
const url = process.env.SOCKET_IO_URL;
const { MESSAGING_KEY: key, CLOCK_KEY: clockKey, AGENT: agentId } = process.env;
const server = "00000000-0000-0000-0000-000000000000";
const userId = "7f1cbd0e-3b55-4c8a-9d11-5a8c4a35a0e1";

async function call(method, path, body, headers = { "X-API-KEY": key }) {
  const response = await fetch(url + path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

const advance = (minutes) =>
  call("POST", "/test/clock/advance", { ms: minutes * 60_000 }, { Authorization: `Bearer ${clockKey}` });

const create = () =>
  call("POST", "/api/messaging/sessions", {
    agentId,
    userId,
    timeoutConfig: { timeoutMinutes: 10, warningThresholdMinutes: 5 },
  });

const path = ({ sessionId }, rest) => `/api/messaging/sessions/${sessionId}/${rest}`;

/** A socket of its own connection; all events are noted. */
function open(auth, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, auth, ...ways(way), ...options });
  socket.heard = [];
  socket.onAny((name, payload) => socket.heard.push([name, payload]));
  return socket;
}

async function connected(auth, options) {
  const socket = open(auth, options);
  const greeted = next(socket, "connection_established");
  const authenticated = next(socket, "authenticated");
  await next(socket, "connect");
  assert.equal((await authenticated)[0].entityId, auth?.entityId ?? null);
  assert.equal((await greeted)[0].socketId, socket.id);
  socket.heard.length = 0;
  return socket;
}

async function joined(socket, event, payload, session) {
  const both = [next(socket, "channel_joined"), next(socket, "room_joined")];
  socket.emit(event, payload);
  const [[channel], [room]] = await Promise.all(both);
  assert.deepEqual(channel, room);
  assert.equal(channel.channelId, session.channelId);
  assert.equal(channel.roomId, session.channelId);
}

/** What the socket has heard of these names since it was last asked. */
function heard(socket, ...names) {
  return socket.heard.splice(0).filter(([name]) => names.includes(name));
}

run(async () => {
  for (const auth of [undefined, {}, { apiKey: "wrong" }, { entityId: userId, apiKey: "wrong" }]) {
    const [error] = await next(open(auth), "connect_error");
    assert.equal(error.message, "Invalid or missing API Key");
  }
  const [error] = await next(open({ apiKey: key, entityId: "me" }), "connect_error");
  assert.equal(error.message, "Valid entityId required");
  (await connected(undefined, { extraHeaders: { "x-api-key": key } })).disconnect();
  (await connected(undefined, { query: { apiKey: key } })).disconnect();
  step("refused");

  const session = await create();
  const { sessionId, channelId } = session;
  const first = await connected({ apiKey: key, entityId: userId });
  const second = await connected({ apiKey: key });
  await joined(first, "1", { channelId, agentId, entityId: userId }, session);
  await joined(second, "join", { roomId: sessionId, type: "session" }, session);
  step("joined");

  for (const renewalCount of [1, 2, 3]) {
    const events = [first, second].map((socket) => next(socket, "sessionRenewed"));
    const { expiresAt } = await call("POST", path(session, renewalCount % 2 ? "renew" : "heartbeat"));
    for (const [event] of await Promise.all(events)) {
      assert.deepEqual(event, { sessionId, expiresAt, renewalCount });
    }
  }
  step("renewed");

  // Sent by one tab, heard by both; the answer streams to both and ends with the message of its id.
  const stream = (socket) =>
    new Promise((resolve) => {
      const chunks = [];
      socket.on("messageStreamChunk", (chunk) => chunks.push(chunk));
      socket.on("messageBroadcast", (message) => message.senderId === agentId && resolve({ chunks, message }));
    });
  const told = [first, second].map((socket) => next(socket, "messageBroadcast"));
  const streams = [first, second].map(stream);
  const acknowledged = next(first, "messageAck");
  const renewed = next(second, "sessionRenewed");
  first.emit("2", { channelId, senderId: userId, senderName: "Ann", message: "one two", messageServerId: server, messageId: "m1" });
  const [{ messageId, ...ack }] = await acknowledged;
  assert.deepEqual(ack, {
    clientMessageId: "m1",
    status: "received_by_server_and_processing",
    channelId,
    roomId: channelId,
  });
  for (const [{ createdAt, ...message }] of await Promise.all(told)) {
    assert.equal(typeof createdAt, "number");
    assert.deepEqual(message, {
      id: messageId,
      senderId: userId,
      senderName: "Ann",
      text: "one two",
      channelId,
      roomId: channelId,
      messageServerId: server,
      serverId: server,
      source: "user",
      clientMessageId: "m1",
    });
  }
  assert.equal((await renewed)[0].renewalCount, 4);
  for (const { chunks, message } of await Promise.all(streams)) {
    assert.equal(chunks.map(({ chunk }) => chunk).join(""), message.text);
    assert.deepEqual(chunks.map(({ index }) => index), chunks.map((_, n) => n));
    assert.ok(chunks.every((chunk) => chunk.messageId === message.id && chunk.channelId === channelId));
    assert.equal(message.channelId, channelId);
  }
  const { messages } = await call("GET", path(session, "messages"));
  assert.deepEqual(messages.map(({ authorId }) => authorId), [agentId, userId]);
  step("sent");

  const posted = [first, second].map((socket) => next(socket, "messageBroadcast"));
  const { userMessage } = await call("POST", path(session, "messages"), {
    content: "by HTTP",
    // The answer keeps the session busy, so the clock is moved behind it.
    transport: "http",
  });
  for (const [message] of await Promise.all(posted)) {
    assert.equal(message.id, userMessage.id);
    assert.equal(message.createdAt, userMessage.created_at);
  }
  step("posted");

  const warnings = [first, second].map((socket) => next(socket, "sessionExpirationWarning"));
  await advance(6);
  const info = await call("GET", path(session, ""));
  for (const [warning] of await Promise.all(warnings)) {
    assert.deepEqual(warning, { sessionId, minutesRemaining: 5, expiresAt: info.expiresAt });
  }
  const third = await connected({ apiKey: key });
  const missed = next(third, "sessionExpirationWarning");
  await joined(third, "message", { type: 1, payload: { roomId: channelId } }, session);
  assert.deepEqual((await missed)[0], { sessionId, minutesRemaining: 4, expiresAt: info.expiresAt });
  assert.equal((await ask(third, "1", { channelId })).channelId, channelId);
  assert.deepEqual(await ask(third, "1", {}), { error: "channelId is required for joining." });
  step("warned");

  const refused = next(second, "messageError");
  second.emit("leave", { roomId: sessionId });
  second.emit("join", { roomId: "nobody" });
  assert.deepEqual((await refused)[0], { error: "Session with ID 'nobody' not found" });
  heard(second);
  const expired = [first, third].map((socket) => next(socket, "sessionExpired"));
  await advance(10);
  for (const [event] of await Promise.all(expired)) {
    assert.deepEqual(event, { sessionId, expiredAt: info.expiresAt });
  }
  const again = next(second, "messageError");
  second.emit("1", { channelId });
  assert.match((await again)[0].error, /expired at/);
  const unsent = next(first, "messageError");
  first.emit("2", { channelId, senderId: userId, message: "too late", messageServerId: server });
  assert.match((await unsent)[0].error, /expired at/);
  assert.deepEqual(heard(second, "sessionExpired", "sessionExpirationWarning"), []);
  assert.equal(heard(first, "sessionExpired").length, 1);
  step("expired");

  [first, second, third].forEach((socket) => socket.disconnect());
  step("done");
});
