// What the programs with the published Socket.IO client share.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

export const url = process.env.SOCKET_IO_URL;

const LIMIT_MS = 20_000;

/** The transports of a way to connect; by default the client begins with polling and upgrades. */
export function ways(way) {
  return way === "default" ? {} : { transports: [way] };
}

/** A socket with a connection of its own. What it emits waits until it is connected. */
export function open(options = {}) {
  return io(url, { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...options });
}

/** The next time the emitter says so, with the arguments it then gives. */
export function next(emitter, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${LIMIT_MS} ms`)), LIMIT_MS);
    emitter.once(event, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

/** A connected socket, and what it was greeted with. */
export async function connected(options = {}) {
  const socket = open(options);
  const failed = new Promise((_, reject) => socket.once("connect_error", reject));
  const greeted = next(socket, "welcome");
  await Promise.race([next(socket, "connect"), failed]);
  const [welcome] = await greeted;
  assert.equal(welcome.socketId, socket.id);
  return { socket, welcome };
}

/** Emits and waits for the acknowledgement. */
export function ask(socket, event, ...args) {
  return socket.timeout(LIMIT_MS).emitWithAck(event, ...args);
}

/** Waits until the test has seen what it wants to see: an exit takes unsent requests along. */
export async function released() {
  process.stdin.resume();
  await next(process.stdin, "end");
}

export function transportOf(socket) {
  return socket.io.engine.transport.name;
}
