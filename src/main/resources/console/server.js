/**
 * What the console asks of the server it comes from. The key stays in the tab's sessionStorage and goes nowhere else than into
 * the Authorization header.
 */

const KEY = "parley-console-key";
const REQUEST_LIMIT = 20_000;
const LONGEST_PAUSE = 30_000;

/** Tells of "signed-out" when the key is not taken any more, and of "lost" and "found" when the server is away and back. */
export const connection = new EventTarget();
let lost = false;

/** What the server has refused, in its words. */
class Refused extends Error {}

/** Nobody has answered. */
class Unreachable extends Error {
  constructor() {
    super("The server can't be reached.");
  }
}

export const isSignedIn = () => sessionStorage.getItem(KEY) !== null;

/** Takes the key if the server does; fails as a request with it. */
export async function signIn(key) {
  // What no header can hold is no key.
  if (!/^[!-~]+$/.test(key)) {
    throw new Refused("The server does not take this key.");
  }
  await ask("/api/v1/sessions?page%5Bsize%5D=1", { key });
  sessionStorage.setItem(KEY, key);
}

export function signOut() {
  sessionStorage.removeItem(KEY);
  connection.dispatchEvent(new Event("signed-out"));
}

function tell(isLost) {
  if (lost !== isLost) {
    lost = isLost;
    connection.dispatchEvent(new Event(isLost ? "lost" : "found"));
  }
}

/** The answer as far as its headers. Fails with Refused or Unreachable, or as the signal says. */
export async function open(path, { method = "GET", headers = {}, body, signal, key = sessionStorage.getItem(KEY) } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      body,
      signal,
      cache: "no-store",
      credentials: "omit",
    });
  } catch {
    signal?.throwIfAborted();
    tell(true);
    throw new Unreachable();
  }
  tell(false);
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

async function refusal(response) {
  const text = await response.text();
  let told = text;
  try {
    const answer = JSON.parse(text);
    const details = answer.details?.map(({ message }) => message).join("; ");
    told = [answer.error, details].filter(Boolean).join(": ");
  } catch {
    // It is told as it is.
  }
  if (response.status === 401) {
    if (isSignedIn()) {
      signOut();
    }
    return new Refused("The server does not take this key.");
  }
  return new Refused(told || `The server has answered ${response.status}.`);
}

/** The JSON of the answer, within the time limit. */
export async function ask(path, { json, signal, headers = {}, ...options } = {}) {
  const limit = AbortSignal.timeout(REQUEST_LIMIT);
  try {
    const response = await open(path, {
      ...options,
      headers: json === undefined ? headers : { "content-type": "application/json", ...headers },
      body: json === undefined ? options.body : JSON.stringify(json),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return await response.json();
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) {
      tell(true);
      throw new Error(`The server has not answered within ${REQUEST_LIMIT / 1000} s.`);
    }
    throw error;
  }
}

export const pathOf = (sessionId) => `/api/v1/sessions/${encodeURIComponent(sessionId)}`;
export const streamOf = (sessionId, io) => `/realtime/v1/sessions/${encodeURIComponent(sessionId)}/${io}`;

/** Ends after so long, or with the signal, which is no failure. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/**
 * Does it again and again while the page is seen, until the signal. What fails is told to onProblem, and null when it went well.
 * The pauses are ten times as long as it takes, though never more than half a minute, so that looking at a busy server does not
 * make it busier.
 */
export async function repeat(signal, milliseconds, work, onProblem) {
  while (!signal.aborted) {
    const begin = performance.now();
    if (!document.hidden) {
      try {
        await work();
        onProblem(null);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        onProblem(error);
      }
    }
    await pause(Math.max(milliseconds, Math.min(LONGEST_PAUSE, 10 * (performance.now() - begin))), signal);
  }
}
