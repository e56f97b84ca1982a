// Follows a channel until it says "end", one line for each record. Arguments: session, in or out, "sdk"
// or "raw", and the number of the record after which to begin (optional).
import { sessions } from "@trigger.dev/sdk";
import { apiClientManager } from "@trigger.dev/core/v3";
import { raw, run, step } from "./program.mjs";

const [session, io, way, after] = process.argv.slice(2);

function record(seq, data) {
  step("record", { seq: Number(seq), data });
  return data === "end";
}

async function withSdk() {
  const onPart = (part) => record(part.id, part.chunk);
  const options = { lastEventId: after, timeoutInSeconds: 600, onPart };
  const stream =
    io === "out"
      ? await sessions.open(session).out.read(options)
      : await apiClientManager.clientOrThrow().subscribeToSessionStream(session, io, options);
  for await (const chunk of stream) {
    if (chunk === "end") {
      return;
    }
  }
  throw new Error("the stream ended before its end");
}

/** As a program without the SDK would: remember the last number, and ask again from there. */
async function withFetch() {
  let last = after;
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    try {
      const headers = { accept: "text/event-stream", ...(last === undefined ? {} : { "last-event-id": last }) };
      const response = await raw(`/realtime/v1/sessions/${encodeURIComponent(session)}/${io}`, { headers });
      if (response.status < 500) {
        for await (const event of events(response)) {
          for (const { seq_num, body } of event.records ?? []) {
            last = `${seq_num}`;
            if (record(seq_num, JSON.parse(body).data)) {
              return;
            }
          }
        }
      }
      if (response.status >= 400 && response.status < 500) {
        throw new Error(`refused with ${response.status}: ${await response.text()}`);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) {
        throw error; // fetch tells of a broken connection with a TypeError
      }
      step("disconnected", { last });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error("no end within two minutes");
}

async function* events(response) {
  let text = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const complete = text.split("\n\n");
    text = complete.pop();
    for (const event of complete) {
      const data = event.split("\n").find((line) => line.startsWith("data: "))?.slice(6);
      if (event.startsWith("event: ")) {
        yield JSON.parse(data);
      }
    }
  }
}

run(way === "sdk" ? withSdk : withFetch);
