/** Records of a channel over SSE, read by fetch, since an EventSource can't send the key. */
import { open, pause } from "./server.js";

/** How long the server waits for a record before it ends a stream properly, in seconds: for who follows, and who reads a part. */
const FOLLOW_SECONDS = 300;
const PART_SECONDS = 5;
/** The server gives a sign of life every ten seconds. */
const SILENCE_LIMIT = 25_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** The stream has broken off and can be gone on with. */
class BrokenOff extends Error {}

/**
 * The batches of one connection: { records, tail }, where tail is known when it says so. Ends when the server ends it.
 *
 * @param from the first wanted number
 * @param seconds how long to wait for another record
 */
async function* batches(path, from, seconds, signal) {
  const watch = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => watch.abort(), SILENCE_LIMIT);
  };
  alive();
  try {
    const response = await open(path, {
      headers: {
        accept: "text/event-stream",
        "timeout-seconds": seconds,
        ...(from > 0 ? { "last-event-id": from - 1 } : {}),
      },
      signal: AbortSignal.any([signal, watch.signal]),
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      alive();
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) {
        const batch = parse(event);
        if (batch === null) {
          return;
        }
        yield batch;
      }
    }
    throw new BrokenOff("The connection was lost.");
  } catch (error) {
    signal.throwIfAborted();
    throw watch.signal.aborted || error instanceof TypeError ? new BrokenOff("The connection was lost.") : error;
  } finally {
    clearTimeout(timer);
    watch.abort();
  }
}

/** What an event says; null for the proper end. */
function parse(event) {
  const fields = Object.fromEntries(
    event.split("\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    }),
  );
  if (fields.data === "[DONE]") {
    return null;
  }
  if (fields.event === "error") {
    throw new BrokenOff(fields.data);
  }
  const { records = [], tail } = JSON.parse(fields.data);
  return { records: records.map(recordOf), tail: tail?.seq_num ?? null };
}

/** A record as the console shows it. */
function recordOf({ seq_num: seq, timestamp, headers = [], body = "" }) {
  const [name, value] = headers[0] ?? [];
  if (name !== undefined) {
    return { seq, timestamp, headers, body, kind: value || "control", data: headers.map((pair) => pair.join(": ")).join("\n") };
  }
  try {
    const { data, id } = JSON.parse(body);
    return { seq, timestamp, headers, body, id, data: data === undefined ? body : data };
  } catch {
    return { seq, timestamp, headers, body, data: body };
  }
}

/**
 * Follows a channel until the signal, over lost connections and restarts of the server.
 *
 * @param onRecords called with records in order, each once
 * @param onState called with "live", or with why it is not and that it is tried again
 */
export async function follow(path, from, signal, onRecords, onState) {
  let next = from;
  let wait = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      onState("live");
      for await (const { records } of batches(path, next, FOLLOW_SECONDS, signal)) {
        wait = FIRST_PAUSE;
        const fresh = records.filter(({ seq }) => seq >= next);
        if (fresh.length > 0) {
          next = fresh.at(-1).seq + 1;
          onRecords(fresh);
        }
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      onState(`${error.message.replace(/\.?$/, ".")} Trying again in ${Math.ceil(wait / 1000)} s.`);
      await pause(wait, signal);
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
  }
}

/**
 * The records from one number to before another, in parts as they come. Goes on over lost connections; fails when nothing has
 * come between two of them.
 */
export async function* range(path, from, to, signal) {
  let next = from;
  while (next < to) {
    const begin = next;
    try {
      for await (const { records } of batches(path, next, PART_SECONDS, signal)) {
        const wanted = records.filter(({ seq }) => seq >= next && seq < to);
        if (wanted.length > 0) {
          next = wanted.at(-1).seq + 1;
          yield wanted;
        }
        if (next >= to || records.some(({ seq }) => seq >= to)) {
          return;
        }
      }
      return;
    } catch (error) {
      if (!(error instanceof BrokenOff) || next === begin) {
        throw error;
      }
    }
  }
}
